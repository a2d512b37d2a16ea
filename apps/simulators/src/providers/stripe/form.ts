import { refuse } from './refusal.ts';

/** A form as Stripe takes it, flat: `line_items[0][price_data][currency]` is one name. */
export type Form = URLSearchParams;

const METADATA = { keysMax: 50, keyMax: 40, valueMax: 500 };

export function readText(form: Form, name: string, max: number): string | undefined {
  const value = form.get(name);
  if (value === null || value === '') return undefined;
  if (value.length > max) {
    return refuse(name, `Invalid string: must be at most ${String(max)} characters`);
  }
  return value;
}

export function readRequired(form: Form, name: string, max: number): string {
  const value = readText(form, name, max);
  return value ?? refuse(name, `Missing required param: ${name}.`, 'parameter_missing');
}

/** A whole number from zero. */
export function readWhole(form: Form, name: string): number | undefined {
  const value = form.get(name);
  if (value === null || value === '') return undefined;
  if (!/^\d{1,12}$/.test(value))
    return refuse(name, 'Invalid integer', 'parameter_invalid_integer');
  return Number(value);
}

export function readFlag(form: Form, name: string): boolean {
  const value = form.get(name);
  if (value === null || value === '' || value === 'false') return false;
  return value === 'true' || refuse(name, 'Invalid boolean');
}

export function readWord<T extends string>(
  form: Form,
  name: string,
  words: readonly T[],
): T | undefined {
  const value = form.get(name);
  if (value === null || value === '') return undefined;
  return (
    words.find((word) => word === value) ??
    refuse(name, `Invalid ${name}: must be one of ${words.join(', ')}`)
  );
}

/** `metadata[key]=value`, or the same under a parent such as `payment_intent_data`. */
export function readMetadata(form: Form, name: string): Readonly<Record<string, string>> {
  const read: Record<string, string> = {};
  for (const [key, value] of form) {
    if (!key.startsWith(`${name}[`)) continue;
    const inner = key.slice(name.length + 1, -1);
    if (inner.length > METADATA.keyMax) refuse(key, 'Metadata keys are at most 40 characters');
    if (value.length > METADATA.valueMax) refuse(key, 'Metadata values are at most 500 characters');
    read[inner] = value;
  }
  if (Object.keys(read).length > METADATA.keysMax) refuse(name, 'Metadata holds at most 50 keys');
  return read;
}

/** The values of `name[]`, `name[0]`, `name[1]`... */
export function readList(form: Form, name: string): string[] {
  return [...form]
    .filter(([key]) => key.startsWith(`${name}[`) && /^\[\d*\]$/.test(key.slice(name.length)))
    .map(([, value]) => value);
}

/** An address a browser can be sent to. */
export function readAddress(form: Form, name: string): string | undefined {
  const text = readText(form, name, 5_000);
  if (text === undefined) return undefined;
  // The placeholder of the session's id is not an address by itself.
  const address = URL.parse(text.replace('{CHECKOUT_SESSION_ID}', 'id'));
  if (address === null || !/^https?:$/.test(address.protocol)) {
    return refuse(name, 'Not a valid URL', 'url_invalid');
  }
  return text;
}

/** Stripe refuses what it does not know; an index counts as any number. */
export function refuseUnknown(form: Form, known: readonly string[]): void {
  for (const name of form.keys()) {
    const pattern = name.replaceAll(/\[\d+\]/g, '[]');
    const fits = known.some(
      (each) => pattern === each || pattern.startsWith(`${each}[`) || /^expand\b/.test(name),
    );
    if (!fits) refuse(name, `Received unknown parameter: ${name}`, 'parameter_unknown');
  }
}
