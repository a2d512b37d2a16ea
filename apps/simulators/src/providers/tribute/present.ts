import { isRecurrent, type Order } from './order.ts';

export const SHOP_ID = 1;
/** Times of the vendor have more digits than milliseconds; these tails make them so. */
const MICROSECONDS = '46';
const NANOSECONDS = '279448';

/** `2026-11-20T20:46:39.33246Z` and `...39.332279448Z`: fractions of five and of nine digits. */
export const createdTime = (at: Date): string => at.toISOString().replace('Z', `${MICROSECONDS}Z`);
export const sentTime = (at: Date): string => at.toISOString().replace('Z', `${NANOSECONDS}Z`);

/** The Shop API's own form: `2026-11-20 20:46:39`, UTC. */
const shopTime = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** An order as the API and the shop's events show it: camelCase, absent facts left out by JSON. */
export function presentOrder(order: Order, checkoutUrl: string): Record<string, unknown> {
  const sale = order.transactions.find(({ type }) => type === 'sell');
  const paid = order.status === 'paid';
  return {
    uuid: order.id,
    shopId: SHOP_ID,
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
    paymentUrl: checkoutUrl,
    webappPaymentUrl: checkoutUrl,
    memberStatus: order.membership?.status,
    cardLast4: paid ? '4242' : undefined,
    cardBrand: paid ? 'VISA' : undefined,
    createdAt: shopTime(order.createdAt),
  };
}

/** `amount` is what the shop earns, `total` what the buyer paid; times are seconds here. */
export const presentTransactions = (order: Order): Record<string, unknown> => ({
  transactions: order.transactions.map(({ id, type, amount, fee, createdAt, refund }) => ({
    id,
    type,
    amount: amount - fee,
    currency: order.currency,
    createdAt: Math.floor(Date.parse(createdAt) / 1_000),
    serviceFee: fee,
    total: amount,
    isRefunded: refund === 'completed',
    isRefundable: type === 'sell' && refund === undefined,
  })),
});
