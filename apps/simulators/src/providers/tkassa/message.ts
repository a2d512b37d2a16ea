import { createHash } from 'node:crypto';
import { type Fields, isFields } from '../fields.ts';

/**
 * A number exactly as it was written. Ids of this vendor have up to 20 digits, more than a
 * JavaScript number holds, and the token is made of the text of the message.
 */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON object of this vendor; numbers of its root are `Digits`. */
export type Message = Fields;

/** Node gives the reviver the text a value was read from; the types do not know it yet. */
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const parseExactly = JSON.parse as (text: string, reviver: Reviver) => unknown; // Node's own since 22

/** `undefined` when the body is not a JSON object. */
export function readMessage(body: Buffer): Message | undefined {
  try {
    const read = parseExactly(body.toString('utf8'), (_key, value, { source }) =>
      typeof value === 'number' ? new Digits(source ?? String(value)) : value,
    );
    return isFields(read) ? read : undefined;
  } catch {
    return undefined;
  }
}

/** One line of JSON, numbers as they are; what is undefined is left out. */
export function writeMessage(message: Message): string {
  const fields = Object.entries(message)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => {
      const text = value instanceof Digits ? value.text : JSON.stringify(value);
      return `${JSON.stringify(name)}:${text}`;
    });
  return `{${fields.join(',')}}`;
}

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

/** A scalar as text; `undefined` for null, for what is nested and for what is absent. */
export function textOf(value: unknown): string | undefined {
  if (value instanceof Digits) return value.text;
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}
