/**
 * Notices: forms by POST or GET, as the cabinet is set. MD5 with a shared word and no time is weak,
 * and neither currency nor state is inside: a notice is a hint that names an order of ours
 * (`confirmed` is never true), and the order is read back with our credentials.
 */
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, RawWebhook } from '../../provider.ts';
import { isEqualText } from '../../../../platform/equal-text/index.ts';
import { orderNumber } from './map.ts';
import { signNotice } from './signatures.ts';

/** Largest form that is read; true ones are a few hundred bytes. */
export const NOTICE_MAX_BYTES = 64 * 1024;
/** True ones have about a dozen. */
const FIELDS_MAX = 128;

const noticeSchema = z.object({
  MERCHANT_ID: z.string().regex(/^\d{1,16}$/),
  AMOUNT: z.string().regex(/^\d{1,14}(?:\.\d{1,8})?$/),
  MERCHANT_ORDER_ID: orderNumber,
  intid: z.string().regex(/^[A-Za-z0-9-]{1,64}$/),
  SIGN: z.string().regex(/^[0-9a-f]{32}$/i),
});

export type NoticeJudge = Readonly<{
  shopId: string;
  word2: Secret;
  isSenderAllowed: (address: string) => boolean;
}>;

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export async function verifyNotice(raw: RawWebhook, judge: NoticeJudge): Promise<Notice> {
  if (!judge.isSenderAllowed(raw.remoteAddress)) {
    throw new WebhookRejected('sender_not_allowed', 'address is in no allowed network');
  }
  const size = raw.method === 'GET' ? raw.query.length : raw.body.length;
  if (size > NOTICE_MAX_BYTES) throw new WebhookRejected('oversized', `${String(size)} bytes`);
  const notice = noticeSchema.safeParse(await readFields(raw));
  if (!notice.success) throw new WebhookRejected('malformed', 'fields are missing or odd');
  const { MERCHANT_ID, AMOUNT, MERCHANT_ORDER_ID, intid, SIGN } = notice.data;
  const expected = signNotice(
    { shopId: MERCHANT_ID, sum: AMOUNT, orderId: MERCHANT_ORDER_ID },
    judge.word2,
  );
  if (!isEqualText(SIGN.toLowerCase(), expected)) {
    throw new WebhookRejected('signature', 'SIGN does not match');
  }
  if (MERCHANT_ID !== judge.shopId) throw new WebhookRejected('signature', 'another shop');
  return {
    confirmed: false,
    event: 'payment',
    reference: MERCHANT_ORDER_ID,
    dedupeKey: `${intid}:payment`,
    claims: undefined,
  };
}

/** The form's fields, each exactly once: two readers could take either of a repeated one. */
async function readFields(raw: RawWebhook): Promise<Record<string, string>> {
  const pairs = raw.method === 'GET' ? readQuery(raw) : await readForm(raw);
  if (pairs.length > FIELDS_MAX) throw new WebhookRejected('malformed', 'too many fields');
  const fields = new Map<string, string>();
  for (const [name, value] of pairs) {
    if (fields.has(name)) throw new WebhookRejected('malformed', 'a repeated field');
    if (typeof value !== 'string') throw new WebhookRejected('malformed', 'a file');
    fields.set(name, value);
  }
  return Object.fromEntries(fields);
}

type Pairs = readonly (readonly [string, unknown])[];

function readQuery({ query, body }: RawWebhook): Pairs {
  if (body.length > 0) throw new WebhookRejected('malformed', 'a GET with a body');
  return [...new URLSearchParams(query)];
}

async function readForm({ headers, body }: RawWebhook): Promise<Pairs> {
  const type = headers['content-type'] ?? 'application/x-www-form-urlencoded';
  try {
    if (/^application\/x-www-form-urlencoded\b/i.test(type)) {
      return [...new URLSearchParams(new TextDecoder('utf-8', { fatal: true }).decode(body))];
    }
    if (/^multipart\/form-data\b/i.test(type)) return [...(await readMultipart(type, body))];
  } catch {
    throw new WebhookRejected('malformed', 'not a form');
  }
  throw new WebhookRejected('malformed', 'not a form');
}

function readMultipart(type: string, body: Buffer): Promise<FormData> {
  const answer = new Response(body, { headers: { 'content-type': type } });
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- it reads everything into memory, and everything is bounded above
  return answer.formData();
}

/** Exactly `YES`: anything else is "not received". */
export function acknowledgeNotice(
  outcome: 'accepted' | 'rejected',
  reason?: WebhookRefusal,
): HttpAnswer {
  if (outcome === 'accepted') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'YES' };
  }
  const status = reason === 'oversized' ? 413 : reason === 'malformed' ? 400 : 403;
  return { status, headers: {}, body: '' };
}
