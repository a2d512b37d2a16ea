/**
 * Notices: HMAC-SHA256 of the raw body, the key is the text of the API key. One key signs everything
 * of an account: orders of our shop, and what creators sell in Tribute itself (subscriptions of
 * channels, donations, products). Those start elsewhere and belong to no payment of ours: they are
 * taken, kept, and shown to staff as not for us.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ProviderProtocolError, WebhookRejected } from '../../errors.ts';
import type { Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { openSigned, type Signing } from '../signed-json.ts';
import { orderUuid, readOrder } from './map.ts';

/** How what starts in Tribute itself is named: no order of a shop has such a name. */
export const ELSEWHERE = 'elsewhere:';

const envelopeSchema = z.object({
  name: z.string().regex(/^[a-z_]{1,64}$/),
  /** The same in every repeat, unlike `sent_at`. */
  created_at: z.string().regex(/^[\dTZ:.+-]{10,40}$/),
  payload: z.looseObject({}),
});
const label = z.string().regex(/^[\w-]{1,64}$/);
const number = z.int().nonnegative().transform(String);
const shopSchema = z.looseObject({
  uuid: orderUuid,
  status: label.nullish(),
  transactionId: z.union([number, label]).nullish(),
});

/**
 * What tells one sale made elsewhere from another. No single one will do: `donation_request_id` is
 * the donation's link, the same for every donor.
 */
const SALE_MARKS = [
  'chargeUuid',
  'subscription_id',
  'period_id',
  'donation_request_id',
  'product_id',
  'purchase_id',
  'order_id',
  'transaction_id',
  'telegram_user_id',
  'user_id',
  'amount',
] as const;

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(raw: RawWebhook, signing: Signing): Notice {
  const envelope = envelopeSchema.safeParse(openSigned(raw, signing));
  if (!envelope.success) throw new WebhookRejected('malformed', 'no envelope of this vendor');
  const { name, created_at: createdAt, payload } = envelope.data;
  if (!name.startsWith('shop_order')) return soldElsewhere(name, createdAt, payload);
  const order = shopSchema.safeParse(payload);
  if (!order.success) throw new WebhookRejected('malformed', 'an event of no order');
  const { uuid, status, transactionId } = order.data;
  return {
    confirmed: true,
    event: name,
    reference: uuid,
    dedupeKey: [uuid, name, status ?? '', transactionId ?? '', createdAt].join(':'),
    // `shop_order` alone is about the order itself; of the others the order is read back.
    claims: name === 'shop_order' ? claimsOf({ ...payload, createdAt }) : undefined,
  };
}

function soldElsewhere(
  name: string,
  createdAt: string,
  payload: Readonly<Record<string, unknown>>,
): Notice {
  const marks = SALE_MARKS.map((mark) => `${mark}=${readMark(payload[mark])}`);
  const digest = createHash('sha256')
    .update([name, createdAt, ...marks].join('\n'))
    .digest('hex');
  const reference = `${ELSEWHERE}${digest.slice(0, 32)}`;
  return { confirmed: true, event: name, reference, dedupeKey: reference, claims: undefined };
}

function readMark(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'string') return JSON.stringify(value);
  throw new WebhookRejected('malformed', 'a mark of a sale that is neither number nor text');
}

function claimsOf(payload: unknown): ProviderPayment | undefined {
  try {
    return readOrder(payload);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return undefined;
    throw error;
  }
}
