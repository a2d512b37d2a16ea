/**
 * JSON from outside as values the rest may keep: the database takes neither NUL nor halves of
 * characters, so both become U+FFFD (left out, one id could turn into another). Texts that are not
 * JSON, or nest so deep that whoever writes them down again would fail, are undefined.
 */

/** Levels of lists and objects; what vendors send has less than ten. */
export const NESTING_MAX = 256;

/** Only an escape can bring in what the database does not take. */
const SUSPICIOUS = /\\u(?:0000|[dD][89a-fA-F])/;
/** Sixteen digits in a row: only then can a number be beyond what a double holds exactly. */
const LONG_NUMBER = /\d{16}/;

/** Numbers are doubles. */
export function parseJson(text: string): unknown {
  return parse(text, SUSPICIOUS.test(text) ? storable : undefined);
}

/** Whole numbers beyond 2^53 are exact `bigint`s: byte counts and vendors' ids grow that long. */
export function parseExactJson(text: string): unknown {
  const isPlain = !LONG_NUMBER.test(text) && !SUSPICIOUS.test(text);
  return parse(text, isPlain ? undefined : storableAndExact);
}

type Reviver = (key: string, value: unknown, context?: { source?: string }) => unknown;

function parse(text: string, reviver: Reviver | undefined): unknown {
  if (isNestedTooDeep(text)) return undefined;
  try {
    return JSON.parse(text, reviver);
  } catch {
    return undefined;
  }
}

/** Counts what opens outside of texts; one pass, whatever the depth. */
function isNestedTooDeep(text: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) isText = !isText;
    else if (code === BACKSLASH) at += 1;
    else if (!isText && (code === BRACKET || code === BRACE)) depth += 1;
    else if (!isText && (code === BRACKET_END || code === BRACE_END)) depth -= 1;
    if (depth > NESTING_MAX) return true;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const [BRACKET, BRACKET_END, BRACE, BRACE_END] = [0x5b, 0x5d, 0x7b, 0x7d];

function storable(key: string, value: unknown): unknown {
  // Nothing of ours has such a name: it is left out.
  if (key.includes('\0') || !key.isWellFormed()) return undefined;
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd').toWellFormed() : value;
}

function storableAndExact(key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  const isLong = typeof value === 'number' && !Number.isSafeInteger(value);
  return isLong && source !== undefined && /^-?\d+$/.test(source)
    ? BigInt(source)
    : storable(key, value);
}
