/**
 * Sums on the wire: whole smallest units of a currency, whatever its number of digits. They pass
 * the decimal text, so the vendor's digits and the kernel's scale cannot be mixed up.
 */
import {
  assert,
  formatMajor,
  isCurrency,
  MoneyFormatError,
  parseMajor,
  type Money,
} from '@opora/kernel';

/** Currencies without a smaller unit, by the vendor's documents. */
const WHOLE: ReadonlySet<string> = new Set(
  'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' '),
);
const THOUSANDTHS: ReadonlySet<string> = new Set('BHD JOD KWD OMR TND'.split(' '));

export function toUnits(amount: Money): number {
  const units = Number(unitsOf(formatMajor(amount), amount.currency));
  assert(Number.isSafeInteger(units), 'a sum above what the vendor takes');
  return units;
}

/** Undefined when it is no sum in a currency we know. `currency` comes in lower case. */
export function fromUnits(units: number, currency: string): Money | undefined {
  const code = currency.toUpperCase();
  if (!isCurrency(code) || code.toLowerCase() !== currency) return undefined;
  try {
    return parseMajor(majorOf(units, code), code);
  } catch (error) {
    if (error instanceof MoneyFormatError) return undefined;
    throw error;
  }
}

/** `('4.99', 'USD')` is `499`, `('500', 'JPY')` is `500`. */
export function unitsOf(major: string, code: string): string {
  const digits = digitsOf(code);
  const [whole = '', fraction = ''] = major.split('.');
  assert(/^0*$/.test(fraction.slice(digits)), `${major} ${code} has no whole number of units`);
  return BigInt(whole + fraction.slice(0, digits).padEnd(digits, '0')).toString();
}

/** `(499, 'USD')` is `4.99`, `(500, 'JPY')` is `500`. */
export function majorOf(units: number, code: string): string {
  const digits = digitsOf(code);
  const text = units.toString().padStart(digits + 1, '0');
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function digitsOf(code: string): number {
  if (WHOLE.has(code)) return 0;
  return THOUSANDTHS.has(code) ? 3 : 2;
}
