/** Values of a template as people read them. */
import { assertNever, formatMoney, isCurrency, money, type Language } from '@opora/kernel';

/** A value before it is words; the same shapes messages are stored with. */
export type WordValue =
  | Readonly<{ text: string }>
  | Readonly<{ number: number }>
  | Readonly<{ money: Readonly<{ minor: string; currency: string }> }>
  /** ISO 8601 with Z. */
  | Readonly<{ date: string }>
  | Readonly<{ days: number }>
  /** Bytes as decimal text; `0` reads "unlimited". */
  | Readonly<{ bytes: string }>
  /** A key of the same locale: a translated part inside a message. */
  | Readonly<{ words: string }>;

type Formats = Readonly<{
  locale: string;
  /** A person's own zone is not known, so the zone is always named. */
  zone: string;
  zoneName: string;
  days: Readonly<Record<string, string>>;
  lessThanDay: string;
  unlimited: string;
}>;

const FORMATS: Readonly<Record<Language, Formats>> = {
  ru: {
    locale: 'ru',
    zone: 'Europe/Moscow',
    zoneName: 'МСК',
    days: { one: 'день', few: 'дня', many: 'дней', other: 'дня' },
    lessThanDay: 'меньше суток',
    unlimited: 'без ограничений',
  },
  en: {
    locale: 'en-GB',
    zone: 'UTC',
    zoneName: 'UTC',
    days: { one: 'day', other: 'days' },
    lessThanDay: 'less than a day',
    unlimited: 'unlimited',
  },
};

const NO_BREAK_SPACE = '\u00a0';
const TEXT_MAX = 1_024;
const GIBIBYTE = 1_073_741_824n;
const MEBIBYTE = 1_048_576n;

/** Made once: a formatter costs a hundred times what it takes to use it. */
const INTL = { ru: intlOf('ru'), en: intlOf('en') };

function intlOf(language: Language) {
  const { locale, zone } = FORMATS[language];
  return {
    number: new Intl.NumberFormat(language),
    plural: new Intl.PluralRules(language),
    megabytes: volumeIn(language, 'megabyte'),
    gigabytes: volumeIn(language, 'gigabyte'),
    moment: new Intl.DateTimeFormat(locale, {
      timeZone: zone,
      day: 'numeric',
      month: 'long',
      year: 'numeric',
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
    }),
  };
}

function volumeIn(language: Language, unit: string): Intl.NumberFormat {
  return new Intl.NumberFormat(language, { style: 'unit', unit, maximumFractionDigits: 1 });
}

/** `wordsOf` looks a key up in the same locale. The result is plain text, not yet escaped. */
export function formatValue(
  value: WordValue,
  language: Language,
  wordsOf: (key: string) => string,
): string {
  if ('text' in value) return cleanText(value.text);
  if ('number' in value) return INTL[language].number.format(value.number);
  if ('money' in value) return formatSum(value.money, language);
  if ('date' in value) return formatMoment(value.date, language);
  if ('days' in value) return formatDays(value.days, language);
  if ('bytes' in value) return formatBytes(BigInt(value.bytes), language);
  if ('words' in value) return wordsOf(value.words);
  return assertNever(value);
}

/** Control characters and direction overrides break other people's screens; length is bounded. */
function cleanText(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cf}]/gu, (sign) => (sign === '\n' ? sign : ''));
  return clean.length <= TEXT_MAX ? clean : Array.from(clean).slice(0, TEXT_MAX).join('');
}

function formatSum(sum: { minor: string; currency: string }, language: Language): string {
  if (!isCurrency(sum.currency)) throw new RangeError(`not a currency: ${sum.currency}`);
  return formatMoney(money(BigInt(sum.minor), sum.currency), language);
}

/** `24 декабря 2026, 14:00 МСК`. */
function formatMoment(iso: string, language: Language): string {
  const { zoneName } = FORMATS[language];
  const parts = INTL[language].moment.formatToParts(new Date(iso));
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((each) => each.type === type)?.value ?? '';
  const day = [part('day'), part('month'), part('year')].join(NO_BREAK_SPACE);
  return `${day}, ${part('hour')}:${part('minute')}${NO_BREAK_SPACE}${zoneName}`;
}

/** Whole days left; the last hours are said as such, never as "0 days". */
function formatDays(days: number, language: Language): string {
  const formats = FORMATS[language];
  if (days < 1) return formats.lessThanDay;
  const word = formats.days[INTL[language].plural.select(days)] ?? '';
  return `${INTL[language].number.format(days)}${NO_BREAK_SPACE}${word}`;
}

function formatBytes(bytes: bigint, language: Language): string {
  if (bytes === 0n) return FORMATS[language].unlimited;
  return formatVolume(bytes, language);
}

/** Gigabytes with one decimal at most; below one, whole megabytes. */
export function formatVolume(bytes: bigint, language: Language): string {
  const isSmall = bytes < GIBIBYTE;
  const tenths = (bytes * 10n) / (isSmall ? MEBIBYTE : GIBIBYTE);
  const decimal = isSmall
    ? String(tenths / 10n)
    : `${String(tenths / 10n)}.${String(tenths % 10n)}`;
  const { megabytes, gigabytes } = INTL[language];
  const text = (isSmall ? megabytes : gigabytes).format(decimal as Intl.StringNumericLiteral); // Intl takes exact decimal text; the type asks for the literal
  return text.replace(' ', NO_BREAK_SPACE);
}
