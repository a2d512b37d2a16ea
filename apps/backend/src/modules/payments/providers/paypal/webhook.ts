/**
 * Notices: RSA-SHA256 over transmission id, time, our webhook's id and the CRC32 of the raw bytes.
 * The id is ours, never the request's: a notice for another webhook does not fit. No tolerance of
 * time is documented; an old notice played again only makes us ask the vendor.
 */
import { verify, type KeyObject } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { z } from 'zod';
import { ProviderProtocolError, WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { readJson } from '../signed-json.ts';
import { readCapture, readOrderLink, vendorId } from './map.ts';

/** Largest notice that is read; true ones are a few kB. */
export const NOTICE_MAX_BYTES = 256 * 1024;
/** The one algorithm: a sender may not choose a weaker one. */
const ALGORITHM = 'SHA256withRSA';
/** Before a capture's id in a reference: orders and captures look alike. */
export const CAPTURE = 'capture:';

const eventSchema = z.object({
  create_time: z.unknown().optional(),
  event_type: z.string().regex(/^[A-Z0-9-]{1,40}(?:\.[A-Z0-9-]{1,40}){1,4}$/),
  resource: z.record(z.string(), z.unknown()),
});
const idSchema = z.object({
  id: vendorId,
  status: z
    .string()
    .regex(/^\w{1,64}$/)
    .nullish(),
});
const disputeSchema = z.object({
  dispute_id: vendorId,
  status: z
    .string()
    .regex(/^\w{1,64}$/)
    .nullish(),
  disputed_transactions: z.array(z.object({ seller_transaction_id: vendorId })).min(1),
});
const linksSchema = z.object({ links: z.array(z.object({ rel: z.string(), href: z.string() })) });
/** At the end of an address: the API may stand below a path of its own. */
const CAPTURE_PATH = /\/v2\/payments\/captures\/([A-Z0-9-]{1,64})$/;

export type Judging = Readonly<{
  webhookId: string;
  isSenderAllowed: (address: string) => boolean;
  keyFrom: (address: string, at: Date) => Promise<KeyObject>;
  isTest: boolean;
}>;

/** Throws `WebhookRejected`, or `ProviderUnavailable` when the certificate could not be fetched. */
export async function verifyNotice(raw: RawWebhook, by: Judging): Promise<Notice> {
  if (!by.isSenderAllowed(raw.remoteAddress)) {
    throw new WebhookRejected('sender_not_allowed', 'address is in no allowed network');
  }
  if (raw.method !== 'POST') throw new WebhookRejected('malformed', 'not a POST');
  if (raw.body.length > NOTICE_MAX_BYTES) {
    throw new WebhookRejected('oversized', `${String(raw.body.length)} bytes`);
  }
  await checkSignature(raw, by);
  const event = eventSchema.safeParse(readJson(raw.body));
  if (!event.success) throw new WebhookRejected('malformed', 'not an event');
  const { event_type: type, create_time, resource } = event.data;
  const { id, status, reference } = subjectOf(type, resource);
  return {
    confirmed: true,
    event: type,
    reference,
    dedupeKey: `${id}:${type}:${status ?? ''}`,
    claims: claimsOf(type, { create_time, ...resource }, { reference, isTest: by.isTest }),
  };
}

/** The message is made of our webhook's id and of the bytes; the headers only add to it. */
async function checkSignature(
  { headers, body, receivedAt }: RawWebhook,
  by: Judging,
): Promise<void> {
  const id = header(headers, 'paypal-transmission-id', /^[\w-]{1,100}$/);
  const time = header(headers, 'paypal-transmission-time', /^[\dTZ:.+-]{1,40}$/);
  const signature = header(headers, 'paypal-transmission-sig', /^[A-Za-z0-9+/]{1,1024}={0,2}$/);
  const address = header(headers, 'paypal-cert-url', /^\S{1,512}$/);
  if (headers['paypal-auth-algo'] !== ALGORITHM) {
    throw new WebhookRejected('signature', `algorithm is not ${ALGORITHM}`);
  }
  const key = await by.keyFrom(address, receivedAt);
  const message = signedMessage({ id, time, webhookId: by.webhookId, body });
  if (!verify('sha256', Buffer.from(message), key, Buffer.from(signature, 'base64'))) {
    throw new WebhookRejected('signature', 'the signature does not fit');
  }
}

export function signedMessage(
  part: Readonly<{ id: string; time: string; webhookId: string; body: Buffer }>,
): string {
  return [part.id, part.time, part.webhookId, String(crc32(part.body))].join('|');
}

/** A header that came twice is joined by a comma and fits no form. */
function header(headers: RawWebhook['headers'], name: string, form: RegExp): string {
  const value = headers[name];
  if (value !== undefined && form.test(value)) return value;
  throw new WebhookRejected('signature', `no well-formed ${name}`);
}

type Subject = Readonly<{ id: string; status: string | null | undefined; reference: string }>;

/** What the event is about, and the payment that belongs to it. */
function subjectOf(type: string, resource: Readonly<Record<string, unknown>>): Subject {
  if (type.startsWith('CUSTOMER.DISPUTE.')) {
    const { dispute_id: id, status, disputed_transactions: all } = read(disputeSchema, resource);
    return { id, status, reference: `${CAPTURE}${all[0]?.seller_transaction_id ?? ''}` };
  }
  if (type.startsWith('CHECKOUT.ORDER.')) {
    const { id, status } = read(idSchema, resource);
    return { id, status, reference: id };
  }
  if (/^PAYMENT\.(?:CAPTURE|REFUND)\./.test(type)) {
    const { id, status } = read(idSchema, resource);
    return { id, status, reference: orderOf(resource) ?? captureOf(type, id, resource) };
  }
  throw new WebhookRejected('unknown_event', `${type} is about no payment of ours`);
}

function orderOf(resource: unknown): string | undefined {
  try {
    return readOrderLink(resource);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return undefined;
    throw error;
  }
}

/** The object of a refund or a reversal is a refund: it names its capture by a link. */
function captureOf(type: string, id: string, resource: unknown): string {
  const { links } = linksSchema.safeParse(resource).data ?? { links: [] };
  const paths = links.flatMap(({ rel, href }) =>
    rel === 'up' ? [CAPTURE_PATH.exec(URL.parse(href)?.pathname ?? '')?.[1] ?? ''] : [],
  );
  const [capture] = paths.filter(Boolean);
  if (capture !== undefined) return `${CAPTURE}${capture}`;
  if (/REFUND|REVERSED/.test(type)) {
    throw new WebhookRejected('malformed', `${type} without its payment`);
  }
  return `${CAPTURE}${id}`;
}

/** Of a capture that names its order; everything else is read back. */
function claimsOf(
  type: string,
  resource: unknown,
  { reference, isTest }: Readonly<{ reference: string; isTest: boolean }>,
): ProviderPayment | undefined {
  const isCapture = /^PAYMENT\.CAPTURE\.(?:COMPLETED|PENDING|DENIED|DECLINED)$/.test(type);
  if (!isCapture || reference.startsWith(CAPTURE)) return undefined;
  try {
    return readCapture(resource, reference, isTest);
  } catch (error) {
    if (error instanceof ProviderProtocolError) return undefined;
    throw error;
  }
}

function read<T>(schema: z.ZodType<T>, resource: unknown): T {
  const result = schema.safeParse(resource);
  if (result.success) return result.data;
  throw new WebhookRejected('malformed', 'ids are not well-formed');
}

/**
 * Any 2xx is "received", anything else is repeated for three days. So a signed event that we have no
 * use for is received, and kept among the refused.
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
