import { type Fields, isFields } from './fields.ts';

/**
 * A number exactly as it was written. Vendors make ids of up to 20 digits, more than a JavaScript
 * number holds, and sign the text of a message, where 1.0 is not 1.
 */
export class Digits {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** A JSON object whose numbers are `Digits`. */
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

/** A scalar as text; `undefined` for null, for what is nested and for what is absent. */
export function textOf(value: unknown): string | undefined {
  if (value instanceof Digits) return value.text;
  if (typeof value === 'string') return value;
  return typeof value === 'boolean' ? String(value) : undefined;
}
