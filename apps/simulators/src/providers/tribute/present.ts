import { isRecurrent, type Order } from './order.ts';

/** Times of the vendor have more digits than milliseconds; these tails make them so. */
const MICROSECONDS = '46';
const NANOSECONDS = '279448';

/** `2026-11-20T20:46:39.33246Z` and `...39.332279448Z`: fractions of five and of nine digits. */
export const createdTime = (at: Date): string => at.toISOString().replace('Z', `${MICROSECONDS}Z`);
export const sentTime = (at: Date): string => at.toISOString().replace('Z', `${NANOSECONDS}Z`);

/** An order as the API and the shop's events show it: camelCase, absent facts left out by JSON. */
export function presentOrder(order: Order): Record<string, unknown> {
  const sale = order.transactions.find(({ type }) => type === 'sell');
  const paid = order.status === 'paid';
  return {
    uuid: order.id,
    amount: order.amount,
    currency: order.currency,
    title: order.title,
    description: order.description,
    fee: sale?.fee ?? 0,
    status: order.status,
    email: order.email ?? '',
    comment: order.comment,
    isRecurrent: isRecurrent(order),
    period: order.period,
    customerId: order.customerId,
    firstPeriodAmount: order.firstPeriodAmount,
    successUrl: order.successUrl,
    failUrl: order.failUrl,
    memberStatus: order.membership?.status,
    cardLast4: paid ? '4242' : undefined,
    cardBrand: paid ? 'VISA' : undefined,
    createdAt: order.createdAt,
  };
}

export const presentTransactions = (order: Order): unknown[] =>
  order.transactions.map(({ id, type, amount, fee, createdAt, refund, refundedAt }) => ({
    id,
    type,
    amount,
    currency: order.currency,
    fee,
    createdAt,
    refundStatus: refund,
    refundedAt,
  }));
