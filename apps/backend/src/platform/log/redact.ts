/**
 * What no line may hold, whoever wrote it there: the secrets of the configuration by their values,
 * credentials and personal data by their form, and well-known fields by their names. It works on
 * the finished line, so texts of errors, their causes and nested objects are covered alike.
 *
 * Limits: a form can only be known when it has one. Names of people have none: they are not logged.
 * Every repetition in a pattern is bounded, so the work is proportional to the line, and the line
 * is bounded by its maker.
 */

/** Shorter values would blot out ordinary words. */
const SECRET_LENGTH_MIN = 8;
/** Segments of an address from this length on may be a credential: a link, a session, a payment. */
const SEGMENT_LENGTH_MIN = 12;
const CARD_DIGITS = { least: 13, most: 19 };

type Rule = Readonly<{
  /** Without this in the line there is nothing to do: most lines pay for nothing else. */
  hint?: string;
  pattern: RegExp;
  shown: string | ((found: string) => string);
}>;

/** Fields whose values are never shown, by the end of their names, in headers, JSON and objects. */
const CLOSED_FIELDS = [
  ...['authorization', 'cookie', 'password', 'passwd', 'secret', 'token', 'otp'],
  ...['api[_-]?key', 'init_?data', '(?:subscription|access|checkout|confirmation)_?url'],
  ...['(?:first|last|full|user)_?name', 'phone'],
].join('|');

const RULES: readonly Rule[] = [
  {
    pattern: new RegExp(
      `((?:${CLOSED_FIELDS})"\\s?:\\s?)(?:"(?:[^"\\\\]|\\\\.)*"|\\[[^\\]]*\\]|\\d+)`,
      'gi',
    ),
    shown: '$1"[redacted]"',
  },
  {
    // JSON inside a text: its quotes are escaped.
    hint: '\\"',
    pattern: new RegExp(
      `((?:${CLOSED_FIELDS})\\\\{1,7}"\\s?:\\s?)(\\\\{1,7}")[^"]*?\\\\{1,7}"`,
      'gi',
    ),
    shown: '$1$2[redacted]$2',
  },
  // Bot tokens sit in URL paths, right behind the word "bot".
  { hint: ':', pattern: /(?<!\d)\d{6,12}:[A-Za-z0-9_-]{12,}/g, shown: '[bot-token]' },
  {
    pattern: /\b(Bearer|Basic)\s{1,4}[A-Za-z0-9._~+/-]{6,}=*/gi,
    shown: '$1 [redacted]',
  },
  // Keys say what they are by their beginnings: of YooKassa, of signed webhooks, of our own API.
  {
    hint: '_',
    pattern: /\b((?:[sr]k_)?(?:live|test)|whsec|opk)_[\w+/=-]{20,}/g,
    shown: '$1_[redacted]',
  },
  { hint: 'eyJ', pattern: /eyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g, shown: '[jwt]' },
  {
    hint: ': ',
    pattern:
      /\b((?:set-)?cookie|(?:proxy-)?authorization|x-[\w-]{0,40}(?:token|secret|key)): [^"\\]+/gi,
    shown: '$1: [redacted]',
  },
  {
    hint: '=',
    pattern:
      /((?:token|password|passwd|secret|api_?key|signature|hash|otp|code(?==\d))=)[^\s&"\\;,]{4,}/gi,
    shown: '$1[redacted]',
  },
  {
    hint: '://',
    pattern: /\b([a-z][a-z0-9+.-]{0,20}:\/\/[^\s:@/"\\]{0,100}):[^\s@/"\\]{1,300}@/gi,
    shown: '$1:[redacted]@',
  },
  { hint: '://', pattern: /https?:\/\/[^\s"'<>\\]+/gi, shown: cutAddress },
  {
    hint: '://',
    pattern: /\b(vless|vmess|trojan|ss|ssr|hysteria2?|tuic|wireguard):\/\/[^\s"\\]+/gi,
    shown: '$1://[redacted]',
  },
  { hint: '/sub/', pattern: /\/sub\/[\w~-]{6,}/g, shown: '/sub/[redacted]' },
  {
    hint: '@',
    pattern:
      /[\w.%+\u0080-\uffff-]{1,64}@[\w\u0080-\uffff-]{1,63}(?:\.[\w\u0080-\uffff-]{1,63}){0,5}\.[a-z\u0080-\uffff]{2,24}/gi,
    shown: maskEmail,
  },
  {
    pattern:
      /\+\d[\d() -]{8,18}\d|(?<![\w.-])[78][ -]?\(?9\d\d\)?[ -]?\d{3}[ -]?\d\d[ -]?\d\d(?![\w.-])/g,
    shown: (found) => zeroMiddle(found, 2, 2),
  },
  { pattern: /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w.-])/g, shown: maskCard },
];

/**
 * Makes the function that cleans a line. `secrets` are the values of this process's configuration;
 * without them only what has a form is found.
 */
export function createRedactor(secrets: readonly string[] = []): (line: string) => string {
  const known = secrets.flatMap(formsOf);
  const values = known.length === 0 ? undefined : new RegExp(known.map(escape).join('|'), 'g');
  return (line) => {
    let clean = values === undefined ? line : line.replace(values, '[redacted]');
    for (const { hint, pattern, shown } of RULES) {
      if (hint !== undefined && !clean.includes(hint)) continue;
      // Two calls for the compiler: it has no overload of `replace` for both kinds at once.
      clean =
        typeof shown === 'string' ? clean.replace(pattern, shown) : clean.replace(pattern, shown);
    }
    return clean;
  };
}

/** Replaces what looks like a credential or personal data inside a text. */
export const redact = createRedactor();

/** A value as it stands, as JSON writes it and as an address writes it. */
function formsOf(secret: string): string[] {
  if (secret.length < SECRET_LENGTH_MIN) return [];
  return [...new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])];
}

function escape(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}

/** Origin and readable path stay; queries, fragments and opaque segments may be credentials. */
function cutAddress(address: string): string {
  const end = address.search(/[?#]/);
  const open = end === -1 ? address : address.slice(0, end);
  const path = open.indexOf('/', open.indexOf('://') + 3);
  if (path === -1) return open;
  const segments = open.slice(path).split('/');
  const shown = segments.map((segment) => (isOpaque(segment) ? '[cut]' : segment)).join('/');
  return `${open.slice(0, path)}${shown}${end === -1 ? '' : '?[cut]'}`;
}

/** Long, and with digits or changing case: made by a machine. */
function isOpaque(segment: string): boolean {
  if (segment.length < SEGMENT_LENGTH_MIN) return false;
  return /\d/.test(segment) || /[a-z].*[A-Z]|[A-Z].+[a-z].*[A-Z]/.test(segment);
}

/** `olga@example.com` becomes `o***@e***.com`. */
function maskEmail(address: string): string {
  const at = address.lastIndexOf('@');
  const end = address.slice(address.lastIndexOf('.'));
  return `${address.slice(0, 1)}***@${address.slice(at + 1, at + 2)}***${end}`;
}

function maskCard(found: string): string {
  const digits = found.replaceAll(/\D/g, '');
  const isCard = digits.length >= CARD_DIGITS.least && digits.length <= CARD_DIGITS.most;
  return isCard && passesLuhn(digits) ? zeroMiddle(found, 1, 4) : found;
}

/** Digits become zeros, so that a number inside JSON stays one. */
function zeroMiddle(text: string, first: number, last: number): string {
  const count = text.replaceAll(/\D/g, '').length;
  let at = 0;
  return text.replaceAll(/\d/g, (digit) => {
    at += 1;
    return at <= first || at > count - last ? digit : '0';
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]) * (at % 2 === 0 ? 1 : 2);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return sum % 10 === 0;
}
