/**
 * Notices. The vendor signs nothing: a body may name any payment, so it is a hint and no more. Only
 * ids and labels are taken from it, `confirmed` is never true, and the payment is read back.
 */
import { z } from 'zod';
import { WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, RawWebhook } from '../../provider.ts';
import { readJson } from '../signed-json.ts';
import { vendorId } from './map.ts';

/** Largest notice that is read; true ones are about 1 kB. */
export const NOTICE_MAX_BYTES = 256 * 1024;

const envelopeSchema = z.object({ type: z.literal('notification'), event: z.string() });
const noticeSchema = z.object({
  event: z.string().regex(/^[a-z_]{1,32}(?:\.[a-z_]{1,32}){1,3}$/),
  object: z.object({
    id: vendorId,
    status: z
      .string()
      .regex(/^[a-z_]{1,64}$/)
      .optional(),
    payment_id: vendorId.optional(),
  }),
});

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(
  raw: RawWebhook,
  isSenderAllowed: (address: string) => boolean,
): Notice {
  if (!isSenderAllowed(raw.remoteAddress)) {
    throw new WebhookRejected('sender_not_allowed', 'address is in no allowed network');
  }
  if (raw.method !== 'POST') throw new WebhookRejected('malformed', 'not a POST');
  if (raw.body.length > NOTICE_MAX_BYTES) {
    throw new WebhookRejected('oversized', `${String(raw.body.length)} bytes`);
  }
  const body = readJson(raw.body);
  if (!envelopeSchema.safeParse(body).success) {
    throw new WebhookRejected('unknown_event', 'not a notification');
  }
  const notice = noticeSchema.safeParse(body);
  if (!notice.success) throw new WebhookRejected('malformed', 'event or ids are not well-formed');
  const { event, object } = notice.data;
  return {
    confirmed: false,
    event,
    reference: paymentOf(event, object),
    dedupeKey: `${object.id}:${event}:${object.status ?? ''}`,
    claims: undefined,
  };
}

/** A refund's own id is not a payment's; events of other families may name their payment too. */
function paymentOf(event: string, object: { id: string; payment_id?: string | undefined }): string {
  if (event.startsWith('payment.')) return object.id;
  if (event.startsWith('refund.') && object.payment_id === undefined) {
    throw new WebhookRejected('malformed', 'a refund without its payment');
  }
  return object.payment_id ?? object.id;
}

/** 200 is "received", whatever the body; anything else is repeated for 24 hours. */
export function acknowledgeNotice(
  outcome: 'accepted' | 'rejected',
  reason?: WebhookRefusal,
): HttpAnswer {
  const status = outcome === 'accepted' ? 200 : statusOf(reason);
  return { status, headers: {}, body: '' };
}

function statusOf(reason: WebhookRefusal | undefined): number {
  if (reason === 'oversized') return 413;
  return reason === 'malformed' || reason === 'unknown_event' ? 400 : 403;
}
