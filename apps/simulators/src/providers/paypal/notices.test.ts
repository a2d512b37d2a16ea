import { verify, X509Certificate } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { rehearse, type PaypalRehearsal } from './rehearsal.ts';

const running: PaypalRehearsal[] = [];
async function begin(options: { folder?: string; at?: string } = {}): Promise<PaypalRehearsal> {
  const vendor = await rehearse(options);
  running.push(vendor);
  return vendor;
}
afterEach(async () => {
  for (const vendor of running.splice(0)) await vendor.stop();
});

type Received = PaypalRehearsal['gateway']['received'][number];

/** Does the certificate the notice points at prove these very bytes for our webhook? */
async function isProven(vendor: PaypalRehearsal, { body, headers }: Received): Promise<boolean> {
  const header = (name: string): string => String(headers[`paypal-${name}`]);
  const path = new URL(header('cert-url')).pathname;
  const { publicKey } = new X509Certificate((await vendor.visit('GET', path)).text);
  const message = [
    header('transmission-id'),
    header('transmission-time'),
    '1SIMULATED0000001',
    String(crc32(body)),
  ].join('|');
  const proof = Buffer.from(header('transmission-sig'), 'base64');
  return verify('sha256', Buffer.from(message), publicKey, proof);
}

async function approveOne(vendor: PaypalRehearsal): Promise<string> {
  const id = String((await vendor.order()).body['id']);
  await vendor.act('pay', id);
  return id;
}

describe('notices', () => {
  it('are repeated with the same bytes, each time proven anew, until the answer is good', async () => {
    const vendor = await begin();
    vendor.gateway.answers.push(503, 500);
    await vendor.visit('PUT', '/paypal/control/settings', { repeatsMs: [60_000, 60_000, 60_000] });
    await approveOne(vendor);
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await vendor.notices();
      await vendor.advance(60_000);
    }
    const { received } = vendor.gateway;
    expect(received).toHaveLength(3);
    for (const each of received) expect(await isProven(vendor, each)).toBe(true);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    const ids = received.map(({ headers }) => headers['paypal-transmission-id']);
    expect(new Set(ids).size).toBe(3);
    expect(received[0]?.headers['paypal-auth-algo']).toBe('SHA256withRSA');
  });

  it('are tried 25 times in just under three days by the standard schedule', async () => {
    const vendor = await begin();
    const { body } = await vendor.visit('GET', '/paypal/control/settings');
    const waits = body['repeatsMs'] as number[]; // a list of waits
    expect(waits).toHaveLength(24);
    const whole = waits.reduce((sum, wait) => sum + wait, 0);
    expect(whole).toBeGreaterThan(70 * 3_600_000);
    expect(whole).toBeLessThanOrEqual(72 * 3_600_000);
  });

  it('can be forged, but not with the key of the certificate', async () => {
    const vendor = await begin();
    vendor.gateway.answers.push(400);
    const forged = { id: 'WH-X', event_type: 'PAYMENT.CAPTURE.COMPLETED', resource: {} };
    await vendor.visit('POST', '/paypal/control/notifications', { body: forged });
    expect(await vendor.notices()).toEqual([forged]);
    const [received] = vendor.gateway.received;
    expect(received && (await isProven(vendor, received))).toBe(false);
  });

  it('can be sent again by hand', async () => {
    const vendor = await begin();
    const id = await approveOne(vendor);
    await vendor.notices();
    await vendor.act('resend', id);
    expect(await vendor.notices()).toMatchObject([{ event_type: 'CHECKOUT.ORDER.APPROVED' }]);
  });
});

describe('a vendor that is switched off and on', () => {
  it('remembers orders, request ids, its certificate and what it still has to send', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'paypal-'));
    const before = await begin({ folder });
    before.gateway.answers.push(503);
    const id = await approveOne(before);
    await before.notices();
    const url = String(before.gateway.received[0]?.headers['paypal-cert-url']);
    await running.pop()?.stop();

    const after = await begin({ folder, at: '2026-11-20T12:30:00.000Z' });
    expect((await after.api('GET', `/v2/checkout/orders/${id}`)).body['status']).toBe('APPROVED');
    await after.notices();
    expect((await after.visit('GET', new URL(url).pathname)).status).toBe(200);
    const list = await after.visit('GET', '/paypal/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([{ tries: 2 }]);
    await running.pop()?.stop();
    await rm(folder, { recursive: true });
  });
});
