import type { OrderRequest, Period } from './request.ts';
import { Refusal, refuse } from './refusal.ts';

export const ORDER_STATUSES = ['pending', 'paid', 'failed'] as const;
export type OrderStatus = (typeof ORDER_STATUSES)[number];

/** Money that moved for an order; a refund names the sale it undoes. */
export type Transaction = Readonly<{
  id: number;
  type: 'sell' | 'refund';
  amount: number;
  /** What the vendor kept of a sale. */
  fee: number;
  createdAt: string;
  /** Of a sale: how far its refund got. */
  refund?: 'initiated' | 'completed';
  refundedAt?: string;
}>;

/** Why a recurring order ended. */
export type CancelReason = 'user' | 'shop' | 'payment_failed';

/** The life of a recurring order after its first payment. */
export type Membership = Readonly<{
  status: 'active' | 'cancelled';
  /** The next charge, or, cancelled, when the paid time ends. */
  nextChargeAt: string;
  /** Failed tries of the charge that is due. */
  chargeRetries: number;
  cancelReason?: CancelReason;
}>;

/**
 * One order of the shop. `pending` stays payable after a refused payment; a paid one is paid for
 * ever, what goes back of it stands in its transactions.
 */
export type Order = OrderRequest &
  Readonly<{
    id: string;
    status: OrderStatus;
    createdAt: string;
    transactions: readonly Transaction[];
    membership?: Membership;
    /** The buyer promised to pay then. */
    payAt?: string | undefined;
    /** The bank took the money back by itself. */
    disputed?: true;
  }>;

/** The vendor tries a renewal this often before it gives the order up. */
export const CHARGE_RETRIES_MAX = 3;
const DAY_MS = 86_400_000;
export const RETRY_MS = DAY_MS;
const MONTHS: Readonly<Record<Exclude<Period, 'onetime' | 'weekly'>, number>> = {
  monthly: 1,
  quarterly: 3,
  halfyearly: 6,
  yearly: 12,
};

export const isRecurrent = ({ period }: OrderRequest): boolean => period !== 'onetime';

/** The moment one period after `iso`; a missing day of the month becomes its last one. */
export function afterPeriod(iso: string, period: Period): string {
  const at = new Date(iso);
  if (period === 'onetime') return iso;
  if (period === 'weekly') return new Date(at.getTime() + 7 * DAY_MS).toISOString();
  const day = at.getUTCDate();
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + MONTHS[period] + 1, 0);
  if (day < at.getUTCDate()) at.setUTCDate(day);
  return at.toISOString();
}

export function paid(order: Order, sale: Transaction): Order {
  if (order.status !== 'pending') refuse(`order is ${order.status}`);
  const membership: Membership | undefined = isRecurrent(order)
    ? {
        status: 'active',
        nextChargeAt: afterPeriod(sale.createdAt, order.period),
        chargeRetries: 0,
      }
    : undefined;
  return {
    ...order,
    status: 'paid',
    payAt: undefined,
    transactions: [...order.transactions, sale],
    ...(membership !== undefined && { membership }),
  };
}

/** Nobody paid in time. */
export function failed(order: Order): Order {
  if (order.status !== 'pending') refuse(`order is ${order.status}`);
  return { ...order, status: 'failed', payAt: undefined };
}

/** The buyer pays at `payAt`. */
export function promised(order: Order, payAt: string): Order {
  if (order.status !== 'pending') refuse(`order is ${order.status}`);
  return { ...order, payAt };
}

/** The vendor charged one more period. */
export function renewed(order: Order, sale: Transaction): Order {
  const membership = activeMembership(order);
  return {
    ...order,
    transactions: [...order.transactions, sale],
    membership: {
      ...membership,
      nextChargeAt: afterPeriod(membership.nextChargeAt, order.period),
      chargeRetries: 0,
    },
  };
}

/** A charge the bank refused; tried again later until `CHARGE_RETRIES_MAX`. */
export function notRenewed(order: Order, at: Date): Order {
  const membership = activeMembership(order);
  const nextChargeAt = new Date(at.getTime() + RETRY_MS).toISOString();
  const chargeRetries = membership.chargeRetries + 1;
  return { ...order, membership: { ...membership, nextChargeAt, chargeRetries } };
}

export function cancelled(order: Order, cancelReason: CancelReason): Order {
  return {
    ...order,
    membership: { ...activeMembership(order), status: 'cancelled', cancelReason },
  };
}

function activeMembership({ membership }: Order): Membership {
  if (membership?.status !== 'active') throw new Refusal(400, 'order has no active subscription');
  return membership;
}

/** The sale a refund is for; whole ones only, and each once. */
export function refundableSale(order: Order, transactionId?: number): Transaction {
  const sales = order.transactions.filter(({ type }) => type === 'sell');
  const sale =
    transactionId === undefined
      ? sales.findLast(({ refund }) => refund === undefined)
      : sales.find(({ id }) => id === transactionId);
  if (sale === undefined) throw new Refusal(404, 'no such transaction');
  if (sale.refund !== undefined) refuse('transaction is already refunded');
  return sale;
}

/** Moves a sale's refund on. */
export function withSale(order: Order, sale: Transaction): Order {
  const transactions = order.transactions.map((each) => (each.id === sale.id ? sale : each));
  return { ...order, transactions };
}
