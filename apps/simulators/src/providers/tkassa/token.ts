import { createHash } from 'node:crypto';
import { type Message, textOf } from '../exact-json.ts';

/**
 * The vendor's `Token`: the values of the root, and the password under `Password`, in the plain
 * order of their names, joined and hashed by SHA-256. `Token` itself and everything nested are left
 * out, and so is null. It is no HMAC and holds no time.
 */
export function tokenOf(message: Message, password: string): string {
  const values = new Map([['Password', password]]);
  for (const [name, value] of Object.entries(message)) {
    const text = textOf(value);
    if (name !== 'Token' && text !== undefined) values.set(name, text);
  }
  const sorted = [...values.keys()].sort().map((name) => values.get(name) ?? '');
  return createHash('sha256').update(sorted.join('')).digest('hex');
}
