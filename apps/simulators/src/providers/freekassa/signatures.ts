import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { type Message, textOf } from '../exact-json.ts';

const md5 = (parts: readonly string[]): string =>
  createHash('md5').update(parts.join(':')).digest('hex');

/** `s` of the link; `oa` exactly as the link has it. */
export const signForm = (
  { m, oa, currency, o }: Readonly<Record<'m' | 'oa' | 'currency' | 'o', string>>,
  word1: string,
): string => md5([m, oa, word1, currency, o]);

/** `SIGN` of a notice; `amount` exactly as the notice has it. */
export const signNotice = (
  notice: Readonly<{ shopId: string; amount: string; orderId: string }>,
  word2: string,
): string => md5([notice.shopId, notice.amount, word2, notice.orderId]);

/** `signature` of an API call: its values in the order of their names, as the JSON has them. */
export function signCall(call: Message, apiKey: string): string {
  const names = Object.keys(call)
    .filter((name) => name !== 'signature')
    .sort();
  const text = names.map((name) => textOf(call[name]) ?? '').join('|');
  return createHmac('sha256', apiKey).update(text).digest('hex');
}

/** Hex compared without regard to case and in constant time. */
export function isSame(given: string, right: string): boolean {
  const [one, other] = [Buffer.from(given.toLowerCase()), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}
