/** For tests of this adapter: notices signed with a key of the test, and their judgement. */
import { createPrivateKey, createPublicKey, sign, type KeyObject } from 'node:crypto';
import { WebhookRejected } from '../../../errors.ts';
import type { Notice, RawWebhook } from '../../../provider.ts';
import events from '../fixtures/events.json' with { type: 'json' };
import signer from '../fixtures/signer.json' with { type: 'json' };
import { signedMessage, verifyNotice } from '../webhook.ts';
import { WEBHOOK } from './stage.ts';

/** Of the tests' own certificate, which bears the vendor's name. */
export const pair = {
  privateKey: createPrivateKey(signer.key),
  publicKey: createPublicKey(signer.certificate),
};
export const ID = '69cd13f0-d67a-11e5-baa3-778b53f4ae55';
export const TIME = '2026-11-20T20:46:41Z';

export type Signing = Readonly<{ webhookId?: string; id?: string; time?: string; hash?: string }>;

/** The signature the vendor would send for these bytes. */
export function signature(
  body: Buffer,
  { webhookId = WEBHOOK, id = ID, time = TIME, hash }: Signing = {},
) {
  const message = signedMessage({ id, time, webhookId, body });
  return sign(hash ?? 'sha256', Buffer.from(message), pair.privateKey).toString('base64');
}

export function raw(text: Buffer | string, change: Partial<RawWebhook> = {}): RawWebhook {
  const body = Buffer.from(text);
  return {
    method: 'POST',
    query: '',
    headers: {
      'paypal-transmission-id': ID,
      'paypal-transmission-time': TIME,
      'paypal-transmission-sig': signature(body),
      'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1',
      'paypal-auth-algo': 'SHA256withRSA',
    },
    body,
    remoteAddress: '203.0.113.7',
    receivedAt: new Date('2026-11-20T20:46:45Z'),
    ...change,
  };
}

export const withHeaders = (
  text: string,
  headers: Record<string, string | undefined>,
): RawWebhook => {
  const whole = raw(text);
  const all = Object.entries({ ...whole.headers, ...headers });
  const kept = all.filter((pair): pair is [string, string] => pair[1] !== undefined);
  return { ...whole, headers: Object.fromEntries(kept) };
};

/** The notice, or the reason of its refusal; anything else is a failure of the test. */
export async function judge(
  given: RawWebhook,
  key: KeyObject = pair.publicKey,
): Promise<Notice | string> {
  try {
    return await verifyNotice(given, {
      webhookId: WEBHOOK,
      isTest: true,
      isSenderAllowed: (address) => address !== '192.0.2.1',
      keyFrom: () => Promise.resolve(key),
    });
  } catch (error) {
    if (error instanceof WebhookRejected) return error.reason;
    throw error;
  }
}

type Event = Readonly<{ event_type: string; resource: object }>;
export const text = (event: Event, change: object = {}, resource: object = {}): string =>
  JSON.stringify({ ...event, resource: { ...event.resource, ...resource }, ...change });
export const completed = text(events.completed);
