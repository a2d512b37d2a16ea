import type { Language } from '@opora/kernel';

/** Where the reader's clock stands; `isTheirs` is false while their browser has not told us. */
export type Zone = Readonly<{ name: string; isTheirs: boolean }>;

/**
 * `day`: 24 December 2026. `minute`: with the time, and the zone's name when it is not the
 * reader's. `log`: 20 Nov 14:02:11 in UTC, for staff.
 */
export type WhenStyle = 'day' | 'minute' | 'log';

/** The language as Intl knows it, with the order of day and month that we promise. */
const LOCALES: Record<Language, string> = { ru: 'ru', en: 'en-GB' };
const NO_BREAK_SPACE = '\u00a0';

export function formatWhen(
  at: Date,
  style: WhenStyle,
  reader: Readonly<{ language: Language; zone: Zone }>,
): string {
  const { language, zone } = reader;
  if (style === 'log') {
    const day = part(at, language, { timeZone: 'UTC', day: '2-digit', month: 'short' });
    return `${day.replace('.', '')} ${at.toISOString().slice(11, 19)}`;
  }
  const timeZone = zone.name;
  const day = part(at, language, { timeZone, day: 'numeric', month: 'long' });
  const year = part(at, language, { timeZone, year: 'numeric' }).replace(/\D/g, '');
  const date = `${day.replace(' ', NO_BREAK_SPACE)} ${year}`;
  if (style === 'day') return date;
  const time = part(at, language, { timeZone, hour: '2-digit', minute: '2-digit' });
  return zone.isTheirs ? `${date}, ${time}` : `${date}, ${time} (${zone.name})`;
}

function part(at: Date, language: Language, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(LOCALES[language], options).format(at);
}
