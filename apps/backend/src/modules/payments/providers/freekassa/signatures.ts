/**
 * The vendor's three signatures: MD5 with a shared word for links and notices, HMAC-SHA256 for its
 * API. The parts of the first two are joined with colons, so none of them may hold one.
 */
import { createHash, createHmac } from 'node:crypto';
import type { Secret } from '@opora/kernel';

/** Every part of a link as it stands there; `sum` is the very text of `oa`. */
export function signLink(
  link: Readonly<{ shopId: string; sum: string; currency: string; orderId: string }>,
  word1: Secret,
): string {
  const { shopId, sum, currency, orderId } = link;
  return md5([shopId, sum, word1.reveal(), currency, orderId]);
}

/** `sum` is the text that came: `499` and `499.00` are the same money and other signatures. */
export function signNotice(
  notice: Readonly<{ shopId: string; sum: string; orderId: string }>,
  word2: Secret,
): string {
  const { shopId, sum, orderId } = notice;
  return md5([shopId, sum, word2.reveal(), orderId]);
}

/** Values in the order of their names; numbers as JSON writes them. */
export function signCall(
  fields: Readonly<Record<string, string | number>>,
  apiKey: Secret,
): string {
  const names = Object.keys(fields).sort();
  const text = names.map((name) => String(fields[name])).join('|');
  return createHmac('sha256', apiKey.reveal()).update(text).digest('hex');
}

function md5(parts: readonly string[]): string {
  return createHash('md5').update(parts.join(':')).digest('hex');
}
