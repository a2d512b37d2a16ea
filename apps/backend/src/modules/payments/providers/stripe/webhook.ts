/**
 * Notices: HMAC-SHA256 over time and raw bytes, by a secret of the endpoint. During the rotation of
 * a secret two are valid, here and there: any of our secrets may fit any of the signatures.
 * Schemes other than `v1` are not looked at.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { ProviderProtocolError, WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { readJson } from '../signed-json.ts';
import { link, objectId, readSession } from './map.ts';

/** Largest notice that is read; true ones are a few kB. */
export const NOTICE_MAX_BYTES = 256 * 1024;
/** How far the signed time may be from ours, either way, in seconds: what the vendor's SDK takes. */
const TOLERANCE_SECONDS = 300;
/** Longest signature header: about twenty signatures. */
const HEADER_MAX = 2_048;

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
  checkSignature(raw, by.secrets);
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

/** The signed time is judged last: a stale notice is told apart from a forged one. */
function checkSignature(raw: RawWebhook, secrets: readonly string[]): void {
  const { time, signatures } = readHeader(raw.headers['stripe-signature']);
  const fits = secrets.filter((secret) => {
    const hmac = createHmac('sha256', secret).update(`${time}.`).update(raw.body).digest();
    return signatures.filter((given) => timingSafeEqual(given, hmac)).length > 0;
  });
  if (fits.length === 0) throw new WebhookRejected('signature', 'no signature fits our secrets');
  const ageSeconds = raw.receivedAt.getTime() / 1000 - Number(time);
  if (Math.abs(Math.trunc(ageSeconds)) > TOLERANCE_SECONDS) {
    throw new WebhookRejected('stale', `signed ${String(Math.trunc(ageSeconds))} s before it came`);
  }
}

/** `t=<unix>,v1=<hex>,v1=<hex>,...`; one time only, or it would be unclear which one was signed. */
function readHeader(text: string | undefined): { time: string; signatures: Buffer[] } {
  if (text === undefined) throw new WebhookRejected('signature', 'no Stripe-Signature');
  if (text.length > HEADER_MAX) throw new WebhookRejected('signature', 'endless header');
  const parts = text.split(',').map((part) => part.trim());
  const times = parts.filter((part) => part.startsWith('t='));
  const time = times.length === 1 ? (times[0] ?? '').slice(2) : '';
  if (!/^\d{1,12}$/.test(time)) throw new WebhookRejected('signature', 'no time in the header');
  const signatures = parts.flatMap((part) => {
    const hex = /^v1=([0-9a-f]{64})$/.exec(part)?.[1];
    return hex === undefined ? [] : [Buffer.from(hex, 'hex')];
  });
  return { time, signatures };
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
