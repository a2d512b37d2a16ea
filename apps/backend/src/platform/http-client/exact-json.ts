/** Sixteen digits in a row: only then can a number be beyond what a double holds exactly. */
const LONG_NUMBER = /\d{16}/;

/**
 * Parses JSON; whole numbers beyond 2^53 come back as exact `bigint`s (byte counts and vendors' ids
 * grow that long). Gives undefined for a text that is not JSON or nests absurdly deep.
 */
export function parseExactJson(text: string): unknown {
  try {
    return LONG_NUMBER.test(text) ? JSON.parse(text, keepExact) : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function keepExact(_key: string, value: unknown, context?: { source?: string }): unknown {
  const source = context?.source;
  return typeof value === 'number' &&
    !Number.isSafeInteger(value) &&
    source !== undefined &&
    /^-?\d+$/.test(source)
    ? BigInt(source)
    : value;
}
