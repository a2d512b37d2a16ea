/**
 * SendGrid's Event Webhook: a JSON array of events, signed with ECDSA (P-256, SHA-256) over the
 * timestamp's text and the raw bytes. Verified before anything is parsed. Freshness is judged
 * strictly by the signed timestamp, whoever repeats the report.
 */
import { createPublicKey, verify, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { parseJson } from '../../../platform/json/index.ts';
import { MailReportRejected } from '../errors.ts';
import type { MailEvent, MailReports, RawMailReport, Suppression } from '../mail-event.ts';

/** SendGrid names no limit; clocks disagree by less. */
const FRESH_MS = 300_000;
/** A batch ends at 768 kB; the shortest event is about 200 bytes. */
const EVENTS_MAX = 5_000;
const REASON_MAX = 500;
const SIGNATURE_HEADER = 'x-twilio-email-event-webhook-signature';
const TIMESTAMP_HEADER = 'x-twilio-email-event-webhook-timestamp';

const eventSchema = z.object({
  sg_event_id: z.string().min(1).max(200),
  event: z.string().max(64),
  email: z.string().max(320),
  /** Seconds. */
  timestamp: z.number().int().positive().max(9_999_999_999),
  /** The name we gave in `unique_args`. */
  opora_message: z.string().max(64).optional(),
  'smtp-id': z.string().max(1_000).optional(),
  reason: z.string().optional(),
  /** Of a bounce: `bounce`, or `blocked` when the server may take mail another day. */
  type: z.string().optional(),
});

/** `key` is base64 of the public key's DER form, as the settings page shows it. */
export function createSendgridReports(key: string): MailReports {
  const publicKey = createPublicKey({
    key: Buffer.from(key, 'base64'),
    format: 'der',
    type: 'spki',
  });
  return {
    verify(raw) {
      assertSigned(raw, publicKey);
      const events = z
        .array(z.unknown())
        .max(EVENTS_MAX)
        .safeParse(parseJson(raw.body.toString('utf8')));
      if (!events.success) throw rejected('not a list of events');
      // An event of a shape we do not know must not hold back its neighbours.
      return events.data.flatMap((one) => {
        const known = eventSchema.safeParse(one).data;
        const meaning = known && meaningOf(known);
        return known === undefined || meaning === undefined
          ? []
          : [{ ...facts(known), ...meaning }];
      });
    },
  };
}

function assertSigned(raw: RawMailReport, key: KeyObject): void {
  const signature = raw.headers[SIGNATURE_HEADER] ?? '';
  const timestamp = raw.headers[TIMESTAMP_HEADER] ?? '';
  if (!/^\d{1,12}$/.test(timestamp)) throw rejected('no timestamp');
  if (!/^[A-Za-z0-9+/]{8,200}={0,2}$/.test(signature)) throw rejected('no signature');
  const signed = Buffer.concat([Buffer.from(timestamp), raw.body]);
  if (!verify('sha256', signed, key, Buffer.from(signature, 'base64'))) throw rejected('signature');
  if (Math.abs(raw.at.getTime() - Number(timestamp) * 1_000) > FRESH_MS) throw rejected('stale');
}

type SendgridEvent = z.infer<typeof eventSchema>;

function facts(event: SendgridEvent): Pick<MailEvent, 'id' | 'messageId' | 'address' | 'at'> {
  // Bounces that come days later may have lost `unique_args`; the Message-ID is ours as well.
  const messageId = event.opora_message ?? /^<?(msg_[a-z0-9]+)@/.exec(event['smtp-id'] ?? '')?.[1];
  const at = new Date(event.timestamp * 1_000);
  return { id: event.sg_event_id, messageId, address: event.email, at };
}

/** Undefined for what changes nothing here: processed, deferred, open, click, new kinds. */
function meaningOf(
  event: SendgridEvent,
): Pick<MailEvent, 'kind' | 'suppression' | 'reason'> | undefined {
  const reason = event.reason?.slice(0, REASON_MAX);
  switch (event.event) {
    case 'delivered':
      return { kind: 'delivered', suppression: undefined, reason };
    case 'bounce':
      return {
        kind: 'bounced',
        suppression: event.type === 'blocked' ? undefined : 'bounced',
        reason,
      };
    case 'dropped':
      return { kind: 'bounced', suppression: DROPPED.get(reason ?? ''), reason };
    case 'spamreport':
      return { kind: 'complained', suppression: 'complained', reason };
    case 'unsubscribe':
    case 'group_unsubscribe':
      return { kind: 'unsubscribed', suppression: 'unsubscribed', reason };
    default:
      return undefined;
  }
}

/** Why SendGrid did not even try, where that says something about the address. */
const DROPPED: ReadonlyMap<string, Suppression> = new Map([
  ['Bounced Address', 'bounced'],
  ['Invalid', 'bounced'],
  ['Spam Reporting Address', 'complained'],
  ['Unsubscribed Address', 'unsubscribed'],
]);

function rejected(reason: string): MailReportRejected {
  return new MailReportRejected(`sendgrid events refused: ${reason}`, { facts: { reason } });
}
