/** Notices: what a signed event says, and of which payment. The signature is judged before. */
import { z } from 'zod';
import { ProviderProtocolError, WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { readJson } from '../signed-json.ts';
import { link, objectId, readSession } from './map.ts';

/** Largest notice that is read; true ones are a few kB. */
export const NOTICE_MAX_BYTES = 256 * 1024;

const stateWord = z.union([z.string().regex(/^\w{1,64}$/), z.int().nonnegative()]).nullish();
const eventSchema = z.object({
  type: z.string().regex(/^[a-z][a-z0-9_]{0,63}(?:\.[a-z0-9_]{1,64}){1,4}$/),
  livemode: z.boolean().nullish(),
  created: z.int().positive(),
  /** Set when the event is about an account connected to ours: never a payment of ours. */
  account: z.string().nullish(),
  data: z.object({ object: z.record(z.string(), z.unknown()) }),
});
const objectSchema = z.object({
  id: objectId,
  payment_intent: link.nullish(),
  charge: link.nullish(),
  status: stateWord,
  payment_status: stateWord,
  amount_refunded: stateWord,
});
/** Events that speak of a payment; their objects name it. */
const OF_PAYMENTS = /^(?:checkout\.session|payment_intent|charge|refund)\./;
/** What `lookup` can start from. */
const REFERENCE = /^(?:cs|pi|ch|py)_/;

export type Judging = Readonly<{
  secrets: readonly string[];
  isSenderAllowed: (address: string) => boolean;
  /** Throws `WebhookRejected`. */
  checkSignature: (raw: RawWebhook, secrets: readonly string[]) => void;
}>;

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(raw: RawWebhook, by: Judging): Notice {
  if (!by.isSenderAllowed(raw.remoteAddress)) {
    throw new WebhookRejected('sender_not_allowed', 'address is in no allowed network');
  }
  if (raw.method !== 'POST') throw new WebhookRejected('malformed', 'not a POST');
  if (raw.body.length > NOTICE_MAX_BYTES) {
    throw new WebhookRejected('oversized', `${String(raw.body.length)} bytes`);
  }
  by.checkSignature(raw, by.secrets);
  const event = eventSchema.safeParse(readJson(raw.body));
  if (!event.success) throw new WebhookRejected('malformed', 'not an event');
  const { type, account, data } = event.data;
  if (!OF_PAYMENTS.test(type) || account) {
    throw new WebhookRejected('unknown_event', `${type} is about no payment of ours`);
  }
  const object = objectSchema.safeParse(data.object);
  if (!object.success) throw new WebhookRejected('malformed', `${type} without its ids`);
  const { id, payment_intent: intent, charge, ...words } = object.data;
  const reference = type.startsWith('checkout.session.') ? id : (intent ?? charge ?? id);
  if (!REFERENCE.test(reference)) throw new WebhookRejected('malformed', `${type} of no payment`);
  const state = Object.values(words).filter((value) => value !== undefined && value !== null);
  return {
    confirmed: true,
    event: type,
    reference,
    dedupeKey: `${id}:${type}:${state.join('/')}`,
    claims: claimsOf(event.data),
  };
}

/** Of a session only: other objects do not say which payment of ours they are. */
function claimsOf(event: z.infer<typeof eventSchema>): ProviderPayment | undefined {
  if (!event.type.startsWith('checkout.session.')) return undefined;
  const { livemode, created, data } = event;
  try {
    return readSession({ livemode, created, ...data.object }, 'links').payment;
  } catch (error) {
    if (error instanceof ProviderProtocolError) return undefined;
    throw error;
  }
}

/**
 * Any 2xx is "received", anything else is repeated for days and ends with the endpoint switched
 * off. So a signed event that we have no use for is received, and kept among the refused.
 */
export function acknowledgeNotice(
  outcome: 'accepted' | 'rejected',
  reason?: WebhookRefusal,
): HttpAnswer {
  const isReceived = outcome === 'accepted' || reason === 'unknown_event';
  return { status: isReceived ? 200 : statusOf(reason), headers: {}, body: '' };
}

function statusOf(reason: WebhookRefusal | undefined): number {
  if (reason === 'oversized') return 413;
  return reason === 'sender_not_allowed' ? 403 : 400;
}
