import { isPositive, type Money, parseMajor } from '@opora/kernel';
import { type Fields, isFields } from '../fields.ts';
import { refuse } from './refusal.ts';

/** Money as YooKassa writes it: a decimal text with two digits. A Russian shop: roubles only. */
export type Amount = Readonly<{ value: string; currency: 'RUB' }>;

const AMOUNT_TEXT = /^\d{1,10}\.\d{2}$/;

export const toMoney = (amount: Amount): Money => parseMajor(amount.value, amount.currency);

/** An amount object at `path`; anything but a positive sum in roubles is refused. */
export function readAmount(value: unknown, path: string): Amount {
  if (!isFields(value)) return refuse(path, 'Amount is missing or illegal');
  const { value: text, currency } = value;
  if (currency !== 'RUB') return refuse(`${path}.currency`, 'Unsupported currency');
  if (typeof text !== 'string' || !AMOUNT_TEXT.test(text)) {
    return refuse(`${path}.value`, 'Amount must be a decimal string with two digits');
  }
  const amount: Amount = { value: text, currency };
  if (!isPositive(toMoney(amount))) refuse(`${path}.value`, 'Amount must be positive');
  return amount;
}

/** An optional text of at most `max` signs. */
export function readText(
  fields: Fields,
  name: string,
  how: Readonly<{ max: number; at?: string }>,
): string | undefined {
  const { max, at = name } = how;
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string' || value.length === 0 || value.length > max) {
    return refuse(at, `Must be a string of 1 to ${String(max)} characters`);
  }
  return value;
}

/** An optional true or false. */
export function readFlag(fields: Fields, name: string): boolean {
  const value = fields[name];
  if (value === undefined) return false;
  if (typeof value !== 'boolean') return refuse(name, 'Must be true or false');
  return value;
}

/** A word of a closed list, when it is given. */
export function readWord<T extends string>(
  fields: Fields,
  name: string,
  how: Readonly<{ words: readonly T[]; at: string }>,
): T | undefined {
  if (fields[name] === undefined) return undefined;
  const word = how.words.find((each) => each === fields[name]);
  return word ?? refuse(how.at, 'Unknown value');
}
