/** What adapters do alike about saved methods. */
import { UnsupportedByProvider } from '../errors.ts';
import type { DeclineAdvice, PaymentProvider } from '../provider.ts';

const TITLE_MAX = 40;

/** Of a vendor that saves nothing, or charges by its own schedule. */
export function noCharges(vendor: string): Pick<PaymentProvider, 'charge'> {
  return {
    charge: () => Promise.reject(new UnsupportedByProvider(`${vendor}: it has no saved methods`)),
  };
}

/** A vendor's own words of a decline, and what each means for the next try. */
export type AdviceTable = Readonly<Record<string, DeclineAdvice>>;

/** A word nobody documented is never tried again: another method is asked for. */
export function adviceOf(table: AdviceTable, reason: string | undefined): DeclineAdvice {
  if (reason === undefined || !Object.hasOwn(table, reason)) return 'another_method';
  return table[reason] ?? 'another_method';
}

/** `•• 4477`, or what the vendor calls it. */
export function methodTitle(last4: string | undefined, otherwise: string): string {
  return last4 === undefined ? otherwise.slice(0, TITLE_MAX) : `•• ${last4}`;
}

/** The first moment of the month after the one on the card. */
export function cardExpiry(year: number, month: number): Date {
  return new Date(Date.UTC(year, month, 1));
}
