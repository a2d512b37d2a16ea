/** What an act of staff is: what it would change, and the changing, once per key. */
import type { ActPreview, Consequence, Endpoint } from '@opora/contracts';
import { formatMajor, formatMoney, type Language, type Money } from '@opora/kernel';
import type { z } from 'zod';
import type { Acted, StaffAct } from '../../audit/index.ts';
import type { ActOutcome } from '../../identity/index.ts';

export type ActEndpoints = Readonly<{ name: string; preview: Endpoint; perform: Endpoint }>;

type Words = Consequence['text'];

/** The parts of a preview that an act knows; whether a second factor is asked says the table. */
export type Foreseen = Readonly<
  Pick<ActPreview, 'title' | 'verb' | 'consequences'> & { isDangerous?: boolean }
>;

export type Done = Acted & Readonly<{ note?: Words | undefined }>;

export type Wish<E extends ActEndpoints> = z.output<NonNullable<E['preview']['body']>>;

export type Act<E extends ActEndpoints = ActEndpoints> = Readonly<{
  endpoints: E;
  /** Computed from how things stand; throws what `perform` would throw for a wish that is wrong. */
  preview(wish: Wish<E>): Promise<Foreseen>;
  /** Done once per key, with its audit entry in the transaction of the effect. */
  perform(act: StaffAct, wish: Wish<E>): Promise<Done>;
}>;

/** Binds the wish of the endpoints to the handlers, then forgets it: the registry holds all kinds. */
export function act<E extends ActEndpoints>(given: Act<E>): Act {
  // the edge parses the body by the schema of these very endpoints
  return given;
}

/** How identity tells of an act of its own. */
export function acted({ auditId, isFirst }: ActOutcome): Acted {
  return { id: auditId, isFirst };
}

export function consequence(kind: Consequence['kind'], ru: string, en: string): Consequence {
  return { kind, text: { ru, en } };
}

export function words(ru: string, en: string): Words {
  return { ru, en };
}

/** `24 December 2026`, in UTC, as staff reads dates. */
export function day(at: Date, language: Language): string {
  return new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'long',
    timeStyle: 'short',
    timeZone: 'UTC',
  }).format(at);
}

/** The exact sum in both languages. */
export function sum(amount: Money): Words {
  return { ru: formatMoney(amount, 'ru'), en: formatMoney(amount, 'en') };
}

/** The sum as the audit log and staff's exact figures have it. */
export function exact(amount: Money): string {
  return `${formatMajor(amount)} ${amount.currency}`;
}

export const CUSTOMER_IS_TOLD = consequence(
  'message',
  'Человеку придёт сообщение от бота',
  'The bot tells the person',
);
