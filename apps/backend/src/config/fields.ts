/**
 * What settings are made of: a schema with a sentence and an example, noted under the section that
 * was begun last, and the few kinds of values that many of them have.
 */
import { isIP } from 'node:net';
import { Secret } from '@opora/kernel';
import { z } from 'zod';

/** How a field shows in the example file and the reference; `secret` values are never printed. */
export type FieldNote = Readonly<{
  section: string;
  about: string;
  example: string;
  secret: boolean;
}>;

export const fieldNotes = z.registry<FieldNote>();

let section = '';

/** The fields that follow are shown under this heading. */
export function begin(heading: string): void {
  section = heading;
}

export function note<T extends z.ZodType>(schema: T, about: string, example: string): T {
  fieldNotes.add(schema, { section, about, example, secret: false });
  return schema;
}

/** The same for a value that is never shown. */
export function secretNote<T extends z.ZodType>(schema: T, about: string, example: string): T {
  fieldNotes.add(schema, { section, about, example, secret: true });
  return schema;
}

export const text = (): z.ZodString => z.string().min(1);
export const secretText = (about: string, example: string): z.ZodOptional<z.ZodString> =>
  secretNote(text().optional(), about, example);
export const flag = z.enum(['on', 'off']);
export const count = (least: number, most: number): z.ZodCoercedNumber =>
  z.coerce.number().int().min(least).max(most);
export const address = (): z.ZodURL => z.url({ protocol: /^https?$/ });
export const list = z.string().transform((value) =>
  value
    .split(',')
    .map((part) => part.trim())
    .filter(Boolean),
);

/** `192.0.2.1` or `192.0.2.0/24`, v4 or v6. */
function isNetwork(text: string): boolean {
  const [address = '', bits, ...more] = text.split('/');
  const version = isIP(address);
  if (version === 0 || more.length > 0) return false;
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128))
  );
}
export const networks = list.refine(
  (all) => all.every(isNetwork),
  'not networks like 192.0.2.0/24',
);

function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && new URL(text).origin === text;
}
/** `https://example.com`, or `*` alone. */
export const origins = list.refine(
  (all) => all.every(isOrigin) || all.join() === '*',
  'not origins like https://example.com, nor * alone',
);

/** `5001=3`: a listening socket for a port, and its descriptor. */
export const openSockets = list.refine(
  (all) => all.every((pair) => /^\d{1,5}=\d{1,4}$/.test(pair)),
  'not pairs like 5001=3',
);

/** Its value, for the slices: wrapped, so that nothing prints it. */
export function secret(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value);
}
