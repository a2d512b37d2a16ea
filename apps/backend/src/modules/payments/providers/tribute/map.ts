/** Shop orders and their transactions as payments: narrow, tolerant schemas and the table of states. */
import { isCurrency, money, Secret, type Currency, type Money } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type {
  PaymentOrder,
  ProviderPayment,
  ProviderPaymentState,
  RefundOutcome,
} from '../../provider.ts';
import { fit, minorUnits, readAs, webLink } from '../json-api.ts';

export const CURRENCIES: readonly Currency[] = ['RUB', 'USD', 'EUR'];

/** The period of what renews itself. */
const MONTHLY = 'monthly';
/** Longest texts the vendor takes, in UTF-16 units. */
const TITLE_MAX = 100;
const DESCRIPTION_MAX = 300;
/** Orders of a few days, or transactions of one order, in one answer. */
const LIST_MAX = 20_000;

/** The vendor's id of an order goes into paths: nothing but a UUID is one. */
export const orderUuid = z.string().regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);

/** `2025-11-13 15:04:05` is UTC; the other form is that of the notices. */
const dateSchema = z
  .string()
  .max(40)
  .transform((text) => (/^[\d-]{10} [\d:]{8}$/.test(text) ? `${text.replace(' ', 'T')}Z` : text))
  .pipe(z.iso.datetime({ offset: true }))
  .transform((text) => new Date(text));

const currencySchema = z.string().transform((text, context) => {
  const currency = text.toUpperCase();
  if (isCurrency(currency) && CURRENCIES.includes(currency)) return currency;
  context.addIssue({ code: 'custom', message: 'not a currency of this vendor' });
  return z.NEVER;
});

const orderSchema = z.object({
  uuid: orderUuid,
  amount: minorUnits,
  currency: currencySchema,
  status: z.string().max(64),
  customerId: z.string().max(256).nullish(),
  createdAt: dateSchema,
  isRecurrent: z.boolean().nullish(),
  cardLast4: z
    .string()
    .regex(/^\d{4}$/)
    .nullish()
    .catch(undefined),
});

const memberSchema = z.object({ memberStatus: z.string().max(64).nullish() });

const startedSchema = z.object({
  uuid: orderUuid,
  paymentUrl: webLink.nullish(),
  webappPaymentUrl: webLink.nullish(),
  // What the answer lacks is undefined; what it has must be what was asked for.
  amount: minorUnits.optional(),
  currency: currencySchema.optional(),
  customerId: z.string().max(256).nullish(),
});

const transactionsSchema = z.object({
  transactions: z
    .array(
      z.object({
        id: z.union([z.int().positive(), z.bigint().positive()]).transform(String),
        type: z.string().max(64),
        isRefunded: z.boolean().nullish(),
        total: minorUnits.nullish(),
      }),
    )
    .max(LIST_MAX),
});

const refundSchema = z.object({
  success: z.boolean(),
  status: z.string().max(64).nullish(),
  message: z.string().max(1_000).nullish(),
});

/** Throws `ProviderProtocolError` when the answer is no order. `refunded` is read elsewhere. */
export function readOrder(answer: unknown): ProviderPayment {
  const order = readAs(orderSchema, answer, 'order of tribute');
  const state = stateOf(order.status);
  return {
    reference: order.uuid,
    state,
    amount: money(order.amount, order.currency),
    refunded: money(0n, order.currency),
    paymentId: order.customerId ?? undefined,
    reason: state === 'settled' || state === 'pending' ? undefined : `status ${order.status}`,
    createdAt: order.createdAt,
    // There is no test mode: what is paid is paid.
    isTest: false,
    // Two orders of one payment, when an answer was lost: the second is money of its own. One that
    // renews is left to staff, for it would be charged again.
    ...(order.isRecurrent === true ? recurring(order) : { countsAlone: true }),
  };
}

/** Tribute charges it again by itself: each further sale pays the next term. */
function recurring({ uuid, cardLast4 }: z.infer<typeof orderSchema>): Partial<ProviderPayment> {
  const title = `Tribute${cardLast4 == null ? '' : ` •• ${cardLast4}`}`;
  return { renews: true, savedMethod: { token: new Secret(uuid), title, expiresAt: undefined } };
}

/** Whether a recurring order has ended; throws `ProviderProtocolError` for what is no order. */
export function isEnded(answer: unknown): boolean {
  const { memberStatus } = readAs(memberSchema, answer, 'recurring order of tribute');
  return memberStatus === 'cancelled';
}

/** `prepaid`, like the notice `shop_order_payment_received`, is not money of ours yet. */
function stateOf(status: string): ProviderPaymentState {
  switch (status) {
    case 'pending':
    case 'prepaid':
      return 'pending';
    case 'paid':
      return 'settled';
    case 'failed':
      return 'cancelled';
    default:
      return 'unrecognised';
  }
}

export type Sale = Readonly<{
  id: string;
  isRefunded: boolean;
  /** What the buyer paid, the vendor's fee included; undefined where it is not told. */
  totalMinor: bigint | undefined;
}>;

/** The sales of an order, oldest first: one-time orders have one, unless they were paid twice. */
export function readSales(answer: unknown): readonly Sale[] {
  const { transactions } = readAs(transactionsSchema, answer, 'list of transactions of tribute');
  const sold = transactions.filter(({ type }) => type === 'sell');
  // One that is shown twice is one sale.
  return [...new Map(sold.map((sale) => [sale.id, sale])).values()]
    .map(({ id, isRefunded, total }) => ({
      ...{ id, isRefunded: isRefunded === true, totalMinor: total ?? undefined },
    }))
    .toSorted((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
}

/** The order's first sale is the payment; every further one is money of its own. */
export function withSales(payment: ProviderPayment, sales: readonly Sale[]): ProviderPayment {
  if (payment.state !== 'settled') return payment;
  const [first, ...more] = sales;
  const refunded = first?.isRefunded === true ? payment.amount : payment.refunded;
  const known = { ...payment, refunded };
  return more.length === 0 ? known : { ...known, again: more.map((one) => toSecond(payment, one)) };
}

function toSecond(payment: ProviderPayment, { id, isRefunded, totalMinor }: Sale): ProviderPayment {
  const amount = { ...payment.amount, minor: totalMinor ?? payment.amount.minor };
  const refunded = isRefunded ? amount : { ...amount, minor: 0n };
  const reference = `${payment.reference}.${id}`;
  return { ...payment, reference, amount, refunded, countsAlone: true };
}

/** Items unread, so that one odd item does not hide the others. */
export function readOrders(answer: unknown): unknown[] {
  return readAs(z.array(z.unknown()).max(LIST_MAX), answer, 'list of orders of tribute');
}

/** A created order: its id and its page. The answer may repeat what was asked, and must then agree. */
export function readStarted(
  answer: unknown,
  order: PaymentOrder,
): Readonly<{ reference: string; checkoutUrl: string }> {
  const started = readAs(startedSchema, answer, 'started order of tribute');
  const checkoutUrl = started.paymentUrl ?? started.webappPaymentUrl;
  const isOurs =
    (started.amount ?? order.amount.minor) === order.amount.minor &&
    (started.currency ?? order.amount.currency) === order.amount.currency &&
    (started.customerId ?? order.paymentId) === order.paymentId;
  if (!isOurs || checkoutUrl === undefined || checkoutUrl === null) {
    throw new ProviderProtocolError(
      `tribute: order ${started.uuid} is not the one asked for, or has no link`,
    );
  }
  return { reference: started.uuid, checkoutUrl };
}

/** A status we do not know is `pending`, because the money may have left. */
export function readRefund(answer: unknown, sale: Sale): RefundOutcome {
  const { success, status, message } = readAs(refundSchema, answer, 'refund of tribute');
  const reason = message ?? undefined;
  if (!success) return { state: 'refused', reference: sale.id, reason };
  return { state: status === 'completed' ? 'refunded' : 'pending', reference: sale.id, reason };
}

export function orderBody(order: PaymentOrder): Record<string, unknown> {
  return {
    amount: wholeNumber(order.amount),
    currency: order.amount.currency.toLowerCase(),
    title: fit(order.description, TITLE_MAX),
    description: fit(order.description, DESCRIPTION_MAX),
    successUrl: order.returnUrl,
    failUrl: order.returnUrl,
    customerId: order.paymentId,
    period: order.saveMethod === true ? MONTHLY : 'onetime',
  };
}

/** JSON numbers are exact up to 2^53; a sum beyond it is a bug, not a price. */
function wholeNumber({ minor }: Money): number {
  const number = Number(minor);
  if (Number.isSafeInteger(number)) return number;
  throw new RangeError('a sum beyond what JSON carries exactly');
}
