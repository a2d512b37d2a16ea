/** SendGrid's Event Webhook: events as its reference shows them, signed as its security page says. */
import { createPrivateKey, sign } from 'node:crypto';
import type { World } from '../world.ts';
import type { Box, Fate, StoredMail } from './box.ts';

export const TARGET = 'mail';
const WEBHOOK_PATH = '/webhooks/mail/sendgrid';
/** Its repeats go on for a day; their steps are not documented. The signature is not made anew. */
const REPEATS_MS = [10_000, 60_000, 300_000, 3_600_000];
const ID_DIGITS = 13;

type Event = Readonly<Record<string, string | number>>;

/** What is particular to each event. */
const DETAILS: Readonly<Record<Fate, Event>> = {
  delivered: { event: 'delivered', response: '250 2.0.0 OK', tls: 1 },
  bounce: {
    event: 'bounce',
    type: 'bounce',
    status: '5.1.1',
    reason: '550 5.1.1 The email account that you tried to reach does not exist.',
    bounce_classification: 'Invalid Address',
  },
  blocked: {
    event: 'bounce',
    type: 'blocked',
    status: '4.7.1',
    reason: '451 4.7.1 Greylisted, too many tries.',
    bounce_classification: 'Reputation',
  },
  dropped: { event: 'dropped', status: '5.0.0' },
  spamreport: { event: 'spamreport' },
  unsubscribe: { event: 'unsubscribe' },
};

/** Why later mail to the address is dropped, in SendGrid's words. */
const DROPPED_AFTER: Partial<Record<Fate, string>> = {
  bounce: 'Bounced Address',
  spamreport: 'Spam Reporting Address',
  unsubscribe: 'Unsubscribed Address',
};

/** Lets something happen to a mail, and reports it together with `processed` the first time. */
export function befall(
  world: World,
  box: Box,
  what: Readonly<{ mail: StoredMail; fate: Fate }>,
): StoredMail {
  const { mail, fate } = what;
  const at = world.clock.now();
  const reason = fate === 'dropped' ? box.droppedReason(mail.to) : undefined;
  const base = (): Event => ({
    email: mail.to,
    timestamp: Math.floor(at.getTime() / 1_000),
    'smtp-id': mail.messageId,
    sg_event_id: eventId(world),
    sg_message_id: `opora.${mail.id}.recvd-0-0.0`,
    ...mail.uniqueArgs,
  });
  const first = mail.fates.length === 0 && fate !== 'dropped';
  report(world, [
    ...(first ? [{ ...base(), event: 'processed' }] : []),
    { ...base(), ...DETAILS[fate], ...(reason === undefined ? {} : { reason }) },
  ]);
  const after = DROPPED_AFTER[fate];
  if (after !== undefined) box.dropFromNowOn(mail.to, after);
  const changed = { ...mail, fates: [...mail.fates, { fate, at: at.toISOString() }] };
  box.save(changed);
  return changed;
}

function report(world: World, events: readonly Event[]): void {
  const { sendgridKey } = world.config.mail;
  if (sendgridKey === '') return;
  const body = `[${events.map((event) => JSON.stringify(event)).join(',\r\n')}]\r\n`;
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000));
  world.deliveries.send({
    target: TARGET,
    accepts: '2xx',
    url: `${world.config.gatewayUrl}${WEBHOOK_PATH}`,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'SendGrid Event API',
      'X-Twilio-Email-Event-Webhook-Signature': signEvents(timestamp + body, sendgridKey),
      'X-Twilio-Email-Event-Webhook-Timestamp': timestamp,
    },
    body,
    repeatsMs: REPEATS_MS,
  });
}

/** Base64 of the DER form of ECDSA over SHA-256; `key` is base64 of PKCS 8. */
export function signEvents(signed: string, key: string): string {
  const privateKey = createPrivateKey({
    key: Buffer.from(key, 'base64'),
    format: 'der',
    type: 'pkcs8',
  });
  return sign('sha256', Buffer.from(signed), privateKey).toString('base64');
}

function eventId(world: World): string {
  const digits = Math.floor(world.chance() * 36 ** 10).toString(36);
  return `${String(world.store.sequence('mail.events'))}-${digits}`.padEnd(ID_DIGITS, '0');
}
