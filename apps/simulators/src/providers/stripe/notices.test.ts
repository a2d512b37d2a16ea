import { createHmac } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rehearse, type StripeRehearsal } from './rehearsal.ts';

const running: StripeRehearsal[] = [];
async function begin(options: { folder?: string; at?: string } = {}): Promise<StripeRehearsal> {
  const vendor = await rehearse(options);
  running.push(vendor);
  return vendor;
}
afterEach(async () => {
  for (const vendor of running.splice(0)) await vendor.stop();
});

type Received = StripeRehearsal['gateway']['received'][number];

/** Does the header hold the endpoint's own signature of these bytes? */
function isSigned({ body, headers }: Received): boolean {
  const parts = String(headers['stripe-signature']).split(',');
  const time = parts.find((part) => part.startsWith('t='))?.slice(2) ?? '';
  const hex = createHmac('sha256', 'whsec_simulated').update(`${time}.${body}`).digest('hex');
  return parts.includes(`v1=${hex}`);
}
const timeOf = ({ headers }: Received): number =>
  Number(/^t=(\d+)/.exec(String(headers['stripe-signature']))?.[1]);

async function expireOne(vendor: StripeRehearsal): Promise<string> {
  const id = String((await vendor.session()).body['id']);
  await vendor.act('expire', id);
  return id;
}

describe('events', () => {
  it('are repeated, the same bytes signed anew each time, until the answer is good', async () => {
    const vendor = await begin();
    vendor.gateway.answers.push(503, 302);
    await vendor.visit('PUT', '/stripe/control/settings', { repeatsMs: [60_000, 60_000, 60_000] });
    await expireOne(vendor);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await vendor.notices();
      await vendor.advance(60_000);
    }
    const { received } = vendor.gateway;
    expect(received).toHaveLength(3);
    expect(received.every(isSigned)).toBe(true);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(timeOf)).size).toBe(3);
    const list = await vendor.visit('GET', '/stripe/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([
      { state: 'done', answers: ['503', '302', '200'] },
    ]);
  });

  it('are given up just before three days by the standard schedule', async () => {
    const vendor = await begin();
    const { body } = await vendor.visit('GET', '/stripe/control/settings');
    const whole = (body['repeatsMs'] as number[]).reduce((sum, wait) => sum + wait, 0); // a list of waits
    expect(whole).toBeGreaterThan(60 * 3_600_000);
    expect(whole).toBeLessThanOrEqual(72 * 3_600_000);
  });

  it('can be listed, the undelivered ones alone too', async () => {
    const vendor = await begin();
    await expireOne(vendor);
    await vendor.notices();
    vendor.gateway.answers.push(500);
    const missed = await expireOne(vendor);
    await vendor.notices();
    const failed = await vendor.api('GET', '/events?delivery_success=false');
    expect(failed.body['data']).toMatchObject([
      { type: 'checkout.session.expired', data: { object: { id: missed } } },
    ]);
    const all = await vendor.api('GET', '/events?type=checkout.session.expired');
    expect(all.body['data']).toHaveLength(2);
    const none = await vendor.api('GET', '/events?types[]=charge.refunded');
    expect(none.body['data']).toEqual([]);
  });

  it('can be forged, but not with the secret of the endpoint', async () => {
    const vendor = await begin();
    vendor.gateway.answers.push(400);
    const forged = { id: 'evt_x', object: 'event', type: 'checkout.session.completed' };
    await vendor.visit('POST', '/stripe/control/notifications', { body: forged });
    expect(await vendor.notices()).toEqual([forged]);
    expect(vendor.gateway.received.some(isSigned)).toBe(false);
    const list = await vendor.visit('GET', '/stripe/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([{ state: 'given-up', tries: 1 }]);
  });
});

describe('a vendor that is switched off and on', () => {
  it('remembers sessions, keys and what it still has to send', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'stripe-'));
    const before = await begin({ folder });
    before.gateway.answers.push(503);
    const key = { 'idempotency-key': 'kept' };
    const form = { amount: '499', currency: 'usd' };
    const intent = await before.api('POST', '/payment_intents', form, key);
    await before.notices();
    const shown = await before.api('GET', `/payment_intents/${String(intent.body['id'])}`);
    await running.pop()?.stop();

    const after = await begin({ folder, at: '2026-11-20T12:30:00.000Z' });
    const same = await after.api('GET', `/payment_intents/${String(intent.body['id'])}`);
    expect(same.body).toEqual(shown.body);
    expect((await after.api('POST', '/payment_intents', form, key)).text).toBe(intent.text);
    await after.notices();
    const list = await after.visit('GET', '/stripe/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([{ tries: 2 }]);
    await running.pop()?.stop();
    await rm(folder, { recursive: true });
  });
});
