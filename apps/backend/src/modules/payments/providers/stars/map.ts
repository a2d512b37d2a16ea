/** Transactions of Telegram's book as payments. */
import { money, Secret, type Money } from '@opora/kernel';
import { z } from 'zod';
import type { PaymentOrder, ProviderPayment } from '../../provider.ts';
import { fit } from '../json-api.ts';

/** Longest texts of an invoice, in characters. */
const TITLE_MAX = 32;
const DESCRIPTION_MAX = 255;
/** The only period Telegram sells a subscription for. */
export const PERIOD_DAYS = 30;
const DAY_SECONDS = 86_400;
/** Between the parts of a token; no id has it. */
const AND = ' ';

/** `telegram_payment_charge_id`: the key of the money. */
export const chargeId = z.string().regex(/^[\x21-\x7e]{1,128}$/);
/** Our payment's id, which is the payload of its invoice: all Telegram knows before it is paid. */
export const payload = z.string().regex(/^pay_\w{1,60}$/);
export const stars = z
  .int()
  .positive()
  .transform((count): Money => money(BigInt(count), 'XTR'));
export const unixTime = z.int().nonnegative().max(8_640_000_000_000);

/** The other side of a transaction; only a `user` pays us. */
const partnerSchema = z.object({
  type: z.string().max(64),
  transaction_type: z.string().max(64).optional(),
  user: z.object({ id: z.int() }).optional(),
  invoice_payload: z.string().max(128).optional(),
  /** Of a subscription that Telegram charges by itself, seconds. */
  subscription_period: z.int().positive().optional(),
});

export const transactionSchema = z.object({
  /** Of a refund: that of the payment it gives back. */
  id: chargeId,
  amount: z.int().nonnegative(),
  nanostar_amount: z.int().optional(),
  date: unixTime,
  /** Who paid us; absent when the stars went out. */
  source: partnerSchema.optional(),
  /** Who was paid by us; absent when the stars came in. */
  receiver: partnerSchema.optional(),
});
export type Transaction = z.infer<typeof transactionSchema>;

/** A payment of a person, and what gave it back. */
export type Charge = Readonly<{ sale: Transaction; back: Transaction | undefined }>;

export function isSale({ source }: Transaction): boolean {
  return source?.type === 'user';
}

export function isBack({ receiver }: Transaction): boolean {
  return receiver?.type === 'user';
}

export function readCharge({ sale, back }: Charge): ProviderPayment {
  const type = sale.source?.transaction_type ?? '';
  // A sale of something else, or a part of a star, is no invoice of ours.
  const isInvoice = type === 'invoice_payment' && (sale.nanostar_amount ?? 0) === 0;
  return {
    reference: sale.id,
    state: isInvoice ? 'settled' : 'unrecognised',
    amount: money(BigInt(sale.amount), 'XTR'),
    refunded: money(BigInt(back?.amount ?? 0), 'XTR'),
    paymentId: sale.source?.invoice_payload,
    reason: isInvoice ? undefined : `transaction ${type}`,
    createdAt: new Date(sale.date * 1_000),
    isTest: false,
    // One invoice paid twice has two charges: the payload names the same payment.
    ...(isInvoice ? { countsAlone: true, ...subscriptionIn(sale) } : {}),
  };
}

/**
 * Whether Telegram charges again by itself. Its charges look alike, the first and the later ones; the
 * first is known as the payment's own, and what it is cancelled by is its id.
 */
function subscriptionIn({ id, source }: Transaction): Partial<ProviderPayment> {
  if (source?.subscription_period === undefined) return {};
  const { user } = source;
  if (user === undefined) return { renews: true };
  const token = new Secret(`${String(user.id)}${AND}${id}`);
  return { renews: true, savedMethod: { token, title: 'Telegram Stars', expiresAt: undefined } };
}

/** Whose subscription it is, and its first charge. */
export function subscriptionOf(method: Secret) {
  const [user = '', charge = ''] = method.reveal().split(AND);
  return { user_id: Number(user), telegram_payment_charge_id: charge };
}

export function invoiceBody(order: PaymentOrder) {
  const title = fit(order.description, TITLE_MAX);
  return {
    title,
    description: fit(order.description, DESCRIPTION_MAX),
    payload: order.paymentId,
    provider_token: '',
    currency: 'XTR',
    prices: [{ label: title, amount: Number(order.amount.minor) }],
    ...(order.saveMethod === true ? { subscription_period: PERIOD_DAYS * DAY_SECONDS } : {}),
  };
}
