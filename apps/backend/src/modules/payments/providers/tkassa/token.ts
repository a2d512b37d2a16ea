/**
 * The vendor's `Token`: SHA-256 over the values of the root fields in the order of their names, our
 * password among them. Whatever is an object stays out, by its kind and not by its name: new ones
 * (`Data`, `Shops`) appear without notice. The password itself is never sent.
 */
import { createHash } from 'node:crypto';
import type { Secret } from '@opora/kernel';

/** Fields of a message as they go out or came in; a number may stand as the digits it came with. */
export type Fields = Readonly<Record<string, unknown>>;

/** 64 hex digits in lower case. */
export function tokenOf(fields: Fields, password: Secret): string {
  const texts = Object.entries(fields)
    .filter(([name]) => name !== 'Token')
    .flatMap(([name, value]): [string, string][] => {
      const isPlain = ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
      return isPlain ? [[name, String(value)]] : [];
    });
  texts.push(['Password', password.reveal()]);
  // Plain order of characters: a locale's order would sort `ErrorCode` and `ExpDate` elsewhere.
  texts.sort(([one], [other]) => (one < other ? -1 : 1));
  const values = texts.map(([, text]) => text).join('');
  return createHash('sha256').update(values).digest('hex');
}
