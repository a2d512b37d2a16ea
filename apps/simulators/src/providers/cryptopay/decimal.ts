/** Crypto Pay writes sums as decimal text with up to this many digits after the point. */
const DIGITS = 18;
const ONE = 10n ** BigInt(DIGITS);
const PLAIN = /^\d{1,20}(?:\.\d{1,18})?$/;

/** Whole units of 10^-18: exact, whatever the coin. */
export type Decimal = bigint;

/** `undefined` when the text is not a plain decimal of at most 18 digits after the point. */
export function readDecimal(text: string): Decimal | undefined {
  if (!PLAIN.test(text)) return undefined;
  const [whole = '', fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(DIGITS, '0'));
}

/** As the vendor writes it: no more digits than needed, `499`, `5.31`. */
export function writeDecimal(value: Decimal): string {
  const digits = value.toString().padStart(DIGITS + 1, '0');
  const whole = digits.slice(0, -DIGITS);
  const fraction = digits.slice(-DIGITS).replace(/0+$/, '');
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Rounded up to `digits`: the vendor never asks for less than the bill. */
export function divideUp(a: Decimal, b: Decimal, digits: number): Decimal {
  const step = 10n ** BigInt(DIGITS - digits);
  const exact = (a * ONE) / b;
  const rest = exact % step;
  return rest === 0n && (a * ONE) % b === 0n ? exact : exact - rest + step;
}
