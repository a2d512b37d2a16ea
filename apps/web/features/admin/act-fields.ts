/**
 * What an act asks for besides its reason, and how the answers of the form become its wish. Plain
 * data and functions: used by the dialog in the browser, so nothing heavy is imported.
 */
import { isCurrency, parseMajor } from '@opora/kernel';

export type ActField = Readonly<{
  name: string;
  label: string;
  value: string;
}> &
  (
    | Readonly<{ kind: 'text' | 'long' | 'email' | 'date' | 'moment' }>
    | Readonly<{ kind: 'whole'; most: number }>
    | Readonly<{ kind: 'money'; currency: string }>
    | Readonly<{ kind: 'choice'; options: readonly (readonly [string, string])[] }>
  );

type Value = string | number | Readonly<Record<string, unknown>> | readonly unknown[];
export type Wish = Readonly<Record<string, Value>>;

const GIBIBYTE = 1024n ** 3n;

/** One answer as the API takes it; undefined when it cannot be one. */
export function valueOf(field: ActField, text: string): Value | undefined {
  if (field.kind === 'whole') return /^\d{1,6}$/.test(text) ? Number(text) : undefined;
  if (field.kind === 'moment') return momentOf(text);
  if (field.kind === 'money') return moneyOf(text, field.currency);
  return text.trim() === '' ? undefined : text.trim();
}

/** The wish of an act out of its form; undefined names the first field that has no usable answer. */
export function wishOf(
  fields: readonly ActField[],
  answers: Readonly<Record<string, string>>,
): { wish: Wish } | { faulty: string } {
  const wish: Record<string, Value> = {};
  for (const field of fields) {
    const value = valueOf(field, answers[field.name] ?? '');
    if (value === undefined) return { faulty: field.name };
    wish[field.name] = value;
  }
  return { wish };
}

/** The wish of a new version of a plan: its flat fields, gathered as the API names them. */
export function planChangeOf(flat: Wish): Wish {
  const { titleRu = '', titleEn = '', trafficGb = 0, termDays = 0, devices = 0, ...rest } = flat;
  const { planId = '', ...prices } = rest;
  return {
    planId,
    change: {
      title: { ru: titleRu, en: titleEn },
      termDays,
      devices,
      trafficBytes: (BigInt(Number(trafficGb)) * GIBIBYTE).toString(),
      prices: Object.values(prices),
    },
  };
}

/** As the field asks for it: in UTC. */
function momentOf(text: string): string | undefined {
  const at = new Date(`${text}Z`);
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}

function moneyOf(text: string, currency: string): Value | undefined {
  if (!isCurrency(currency)) return undefined;
  try {
    const { minor } = parseMajor(text.trim().replace(',', '.'), currency);
    return { minor: minor.toString(), currency };
  } catch {
    return undefined;
  }
}
