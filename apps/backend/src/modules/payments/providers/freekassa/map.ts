/** The vendor's orders as our payments: narrow, tolerant schemas and the table of states. */
import { isCurrency, money, MoneyFormatError, parseMajor, type Money } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, ProviderPaymentState } from '../../provider.ts';

/** Order numbers of ours: letters and digits only, for a colon would make signatures ambiguous. */
export const orderNumber = z.string().regex(/^[\p{L}\p{N}_-]{1,64}$/u);

/** The vendor's own number of an order; ours begin with letters. */
export function isVendorNumber(reference: string): boolean {
  return /^\d{1,15}$/.test(reference);
}

const vendorNumber = z
  .union([z.int(), z.bigint(), z.string()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,20}$/));

const orderSchema = z
  .object({
    merchant_order_id: z.union([z.string(), z.int(), z.bigint()]).transform(String).nullish(),
    fk_order_id: vendorNumber,
    amount: z.union([z.string(), z.number(), z.bigint()]).transform(String),
    currency: z.string(),
    status: z.union([z.string().max(32), z.int()]).transform(String),
  })
  .transform((order, context) => {
    try {
      const { amount, currency } = order;
      const sum = isCurrency(currency) && parseMajor(amount, currency);
      if (sum && sum.minor >= 0n) return { ...order, amount: sum };
    } catch (error) {
      if (!(error instanceof MoneyFormatError)) throw error;
    }
    context.addIssue({ code: 'custom', message: 'not a sum in a known currency' });
    return z.NEVER;
  });

const pageSchema = z.object({
  pages: z.coerce.number().int().min(0).optional(),
  orders: z.array(z.unknown()).max(1_000),
});

/** An order at the vendor. One number of ours may have several: each opening of the form makes one. */
export type Order = z.output<typeof orderSchema>;

/** One page: its orders unread, so that one odd order does not hide the others. */
export function readPage(answer: unknown): { items: unknown[]; pages: number } {
  const page = parse(pageSchema, answer, 'list');
  return { items: page.orders, pages: page.pages ?? 1 };
}

/** Throws `ProviderProtocolError` when the item is no order. */
export function readOrder(item: unknown): Order {
  return parse(orderSchema, item, 'order');
}

/** Those that count come first. */
const STATES: ReadonlyMap<string, ProviderPaymentState> = new Map([
  ['1', 'settled'],
  ['6', 'settled'],
  ['0', 'pending'],
  ['8', 'cancelled'],
  ['9', 'cancelled'],
]);
const REFUNDED = '6';
const PAID = '1';
const WEIGHTS = [[PAID, REFUNDED], ['unrecognised'], ['0'], ['8'], ['9']];

/**
 * The orders of one link as payments. The first is the payment itself: money, then what we do not
 * know, then what is open. Every further one with money is a second payment by the same link, and is
 * named by the vendor's own number. The oldest order comes first, so that what a refund changes at
 * one of them never makes it another's.
 */
export function ordersOfLink(orders: readonly Order[]): Readonly<{
  leading: Order | undefined;
  again: readonly Order[];
}> {
  const weight = ({ status }: Order): number =>
    WEIGHTS.findIndex((group) => group.includes(STATES.has(status) ? status : 'unrecognised'));
  const sorted = orders.toSorted(
    (one, other) =>
      weight(one) - weight(other) || (BigInt(one.fk_order_id) < BigInt(other.fk_order_id) ? -1 : 1),
  );
  return { leading: sorted[0], again: sorted.slice(1).filter(hasMoney) };
}

function hasMoney(order: Order): boolean {
  return isPaid(order) || isRefunded(order);
}

export function isPaid({ status }: Order): boolean {
  return status === PAID;
}

export function isRefunded({ status }: Order): boolean {
  return status === REFUNDED;
}

export function toPayment(order: Order, reference: string): ProviderPayment {
  const state = STATES.get(order.status) ?? 'unrecognised';
  return {
    reference,
    state,
    amount: order.amount,
    refunded: isRefunded(order) ? order.amount : nothing(order.amount),
    paymentId: order.merchant_order_id ?? undefined,
    reason: state === 'settled' || state === 'pending' ? undefined : `status ${order.status}`,
    // The vendor's date has no zone.
    createdAt: undefined,
    isTest: false,
  };
}

/** Money that came by a link which was paid before: known by the vendor's number of its order. */
export function toSecond(order: Order): ProviderPayment {
  return { ...toPayment(order, order.fk_order_id), countsAlone: true };
}

/** A link that nobody has opened yet: the vendor knows nothing of it. */
export function unopened(paymentId: string, amount: Money): ProviderPayment {
  const refunded = nothing(amount);
  const common = { reference: paymentId, paymentId, amount, refunded };
  return { ...common, state: 'pending', reason: undefined, createdAt: undefined, isTest: false };
}

function nothing({ currency }: Money): Money {
  return money(0n, currency);
}

function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be personal data.
  throw new ProviderProtocolError(`freekassa: answer is no ${what} (${where.slice(0, 200)})`);
}
