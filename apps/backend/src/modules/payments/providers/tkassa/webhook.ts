/**
 * Notices. The token proves that somebody with our password made the message, and no more: the
 * values are joined without separators, so a digit can move from `CardId` into `Amount`, and there
 * is no time, so a repeat verifies for ever. A notice is therefore a hint that names a payment
 * (`confirmed` is never true), and sums and states are read back with our credentials.
 */
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { WebhookRejected, type WebhookRefusal } from '../../errors.ts';
import type { HttpAnswer, Notice, RawWebhook } from '../../provider.ts';
import { isEqualText } from '../../../../platform/equal-text/index.ts';
import { paymentId } from './map.ts';
import { tokenOf, type Fields } from './token.ts';

/** Largest notice that is read; true ones are below 1 kB, fiscal ones a few. */
export const NOTICE_MAX_BYTES = 256 * 1024;
/** True ones have about twenty; sorting and hashing stay cheap. */
const FIELDS_MAX = 256;

const noticeSchema = z.object({
  Status: z.string().regex(/^[A-Z0-9_]{1,32}$/),
  PaymentId: paymentId,
  OrderId: z.string().max(64),
  Amount: z.string().regex(/^\d{1,20}$/),
});

export type NoticeJudge = Readonly<{
  terminalKey: string;
  password: Secret;
  isSenderAllowed: (address: string) => boolean;
}>;

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(raw: RawWebhook, judge: NoticeJudge): Notice {
  if (!judge.isSenderAllowed(raw.remoteAddress)) {
    throw new WebhookRejected('sender_not_allowed', 'address is in no allowed network');
  }
  if (raw.method !== 'POST') throw new WebhookRejected('malformed', 'not a POST');
  if (raw.body.length > NOTICE_MAX_BYTES) {
    throw new WebhookRejected('oversized', `${String(raw.body.length)} bytes`);
  }
  const fields = readFields(raw.body);
  checkToken(fields, judge);
  // Bindings of accounts and their kind are signed too, and speak about no payment.
  if (fields['PaymentId'] === undefined) {
    throw new WebhookRejected('unknown_event', 'no payment is named');
  }
  const notice = noticeSchema.safeParse(fields);
  if (!notice.success) throw new WebhookRejected('malformed', 'ids, sum or status are not');
  const { Status, PaymentId, Amount } = notice.data;
  return {
    confirmed: false,
    event: Status,
    reference: PaymentId,
    dedupeKey: `${PaymentId}:${Status}:${Amount}`,
    claims: undefined,
  };
}

function checkToken(fields: Fields, { terminalKey, password }: NoticeJudge): void {
  const { Token: token, TerminalKey: terminal } = fields;
  if (typeof token !== 'string' || Object.hasOwn(fields, 'Password')) {
    throw new WebhookRejected('signature', 'no token, or a field that would be hashed twice');
  }
  if (!isEqualText(token, tokenOf(fields, password))) {
    throw new WebhookRejected('signature', 'token does not match');
  }
  if (terminal !== terminalKey) throw new WebhookRejected('signature', 'another terminal');
}

/**
 * The root object; every number stays the text it came as, because that is what was hashed and
 * because ids have more digits than a number holds.
 */
function readFields(body: Buffer): Fields {
  let value: unknown;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(body);
    value = JSON.parse(text, (_key, one: unknown, context?: { source?: string }) =>
      typeof one === 'number' ? (context?.source ?? String(one)) : one,
    );
  } catch {
    throw new WebhookRejected('malformed', 'not JSON');
  }
  const fields = z.record(z.string(), z.unknown()).safeParse(value);
  if (!fields.success || Object.keys(fields.data).length > FIELDS_MAX) {
    throw new WebhookRejected('malformed', 'not an object of a few fields');
  }
  return fields.data;
}

/**
 * Exactly `OK`: anything else is repeated for a month. Signed messages about no payment of ours are
 * answered so too, for a repeat would say the same.
 */
export function acknowledgeNotice(
  outcome: 'accepted' | 'rejected',
  reason?: WebhookRefusal,
): HttpAnswer {
  if (outcome === 'accepted' || reason === 'unknown_event') {
    return { status: 200, headers: { 'content-type': 'text/plain' }, body: 'OK' };
  }
  const status = reason === 'oversized' ? 413 : reason === 'malformed' ? 400 : 403;
  return { status, headers: {}, body: '' };
}
