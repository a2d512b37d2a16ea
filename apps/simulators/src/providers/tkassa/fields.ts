import { type Fields, isFields } from '../fields.ts';
import { Digits, textOf } from '../exact-json.ts';
import { refuse } from './refusal.ts';

const KOPECKS_TEXT = /^[1-9]\d{0,9}$/;

/** An optional text of at most `max` signs; a number counts as its digits. */
export function readText(fields: Fields, name: string, max: number): string | undefined {
  const text = textOf(fields[name]);
  if (text === undefined || text === '') return undefined;
  return text.length <= max ? text : refuse(`${name}: ${String(max)} characters at most`);
}

/** A text that must be there. */
export const needText = (fields: Fields, name: string, max: number): string =>
  readText(fields, name, max) ?? refuse(`${name} is missing`);

/** Whole kopecks, as a number or as its text. */
export function readKopecks(fields: Fields, name: string): number | undefined {
  const text = textOf(fields[name]);
  if (text === undefined) return undefined;
  return KOPECKS_TEXT.test(text) ? Number(text) : refuse(`${name}: positive whole kopecks`);
}

export const needKopecks = (fields: Fields, name: string): number =>
  readKopecks(fields, name) ?? refuse(`${name} is missing`);

/** A number that may have a fraction: quantities. */
export function readNumber(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  const text = value instanceof Digits ? value.text : textOf(value);
  if (text === undefined) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : refuse(`${name}: a positive number`);
}

/** A word of a closed list, when it is given. */
export function readWord<T extends string>(
  fields: Fields,
  name: string,
  words: readonly T[],
): T | undefined {
  const text = textOf(fields[name]);
  if (text === undefined) return undefined;
  return words.find((word) => word === text) ?? refuse(`${name}: ${words.join(', ')}`);
}

/** An absolute address a buyer may be sent to, or notices to. */
export function readAddress(fields: Fields, name: string, kinds: RegExp): string | undefined {
  const text = readText(fields, name, ADDRESS_MAX);
  if (text === undefined) return undefined;
  return kinds.test(URL.parse(text)?.protocol ?? '') ? text : refuse(`${name}: not an address`);
}
const ADDRESS_MAX = 2048;

export function readObject(fields: Fields, name: string): Fields | undefined {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  return isFields(value) && !(value instanceof Digits) ? value : refuse(`${name}: an object`);
}
