import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { rehearse, type Rehearsal } from './rehearsal.ts';

const opened: Rehearsal[] = [];
async function open(folder?: string, at?: string): Promise<Rehearsal> {
  const vendor = await rehearse({ ...(folder && { folder }), ...(at && { at }) });
  opened.push(vendor);
  return vendor;
}
async function close(vendor: Rehearsal): Promise<void> {
  opened.splice(opened.indexOf(vendor), 1);
  await vendor.stop();
}
afterEach(async () => {
  for (const vendor of [...opened]) await close(vendor);
});

async function create(vendor: Rehearsal, more: object = {}, headers = {}): Promise<string> {
  const order = {
    amount: { value: '499.00', currency: 'RUB' },
    capture: true,
    confirmation: { type: 'redirect', return_url: 'https://shop.example/back' },
    metadata: { order_id: 'ord_1' },
    ...more,
  };
  return String((await vendor.api('POST', '/payments', order, headers)).body['id']);
}
async function pay(vendor: Rehearsal, id: string): Promise<void> {
  await vendor.visit('POST', `/yookassa/control/payments/${id}/pay`);
}

describe('notifications', () => {
  it('carry the event and the object, and no signature', async () => {
    const vendor = await open();
    const id = await create(vendor);
    await pay(vendor, id);
    const sent = await vendor.notified();
    expect(sent).toEqual({
      type: 'notification',
      event: 'payment.succeeded',
      object: (await vendor.api('GET', `/payments/${id}`)).body,
    });
    const names = Object.keys(vendor.gateway.received[0]?.headers ?? {});
    expect(names.filter((name) => /sign|auth|token/.test(name))).toEqual([]);
  });

  it('tell of a hold, of a cancel and of a refund, whose object is the refund', async () => {
    const vendor = await open();
    const held = await create(vendor, { capture: false });
    await pay(vendor, held);
    expect(await vendor.notified()).toMatchObject({ event: 'payment.waiting_for_capture' });
    await vendor.api('POST', `/payments/${held}/cancel`);
    expect(await vendor.notified()).toMatchObject({ event: 'payment.canceled' });
    const id = await create(vendor);
    await pay(vendor, id);
    await vendor.notified();
    const refund = { payment_id: id, amount: { value: '99.00', currency: 'RUB' } };
    const made = await vendor.api('POST', '/refunds', refund);
    expect(await vendor.notified()).toMatchObject({
      event: 'refund.succeeded',
      object: { id: made.body['id'], payment_id: id },
    });
  });

  it('are repeated until the answer is good, then never again', async () => {
    const vendor = await open();
    vendor.gateway.answers.push(503, 500);
    await vendor.visit('PUT', '/yookassa/control/settings', { repeatsMs: [1_000, 2_000, 3_000] });
    await pay(vendor, await create(vendor));
    for (let attempt = 0; attempt < 3; attempt += 1) await vendor.notified();
    await vendor.advance(60_000);
    const list = await vendor.visit('GET', '/yookassa/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([
      { state: 'done', tries: 3, answers: ['503', '500', '200'] },
    ]);
    expect(new Set(vendor.gateway.received.map((each) => each.body)).size).toBe(1);
  });

  it('end after about a day of refusals by the standard schedule', async () => {
    const vendor = await open();
    const { body } = await vendor.visit('GET', '/yookassa/control/settings');
    const waits = body['repeatsMs'] as number[]; // settings always hold a list
    const whole = waits.reduce((sum, wait) => sum + wait, 0);
    expect(whole).toBeGreaterThan(22 * 3_600_000);
    expect(whole).toBeLessThanOrEqual(24 * 3_600_000);
  });

  it('can be forged by a drill and are then sent once', async () => {
    const vendor = await open();
    vendor.gateway.answers.push(400);
    const forged = { type: 'notification', event: 'payment.succeeded', object: { id: 'x' } };
    await vendor.visit('POST', '/yookassa/control/notifications', { body: forged });
    expect(await vendor.notified()).toEqual(forged);
    const list = await vendor.visit('GET', '/yookassa/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([{ state: 'given-up', tries: 1 }]);
  });
});

describe('a vendor that is switched off and on', () => {
  it('remembers payments, keys, settings and what it still has to send', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'yookassa-'));
    const before = await open(folder);
    before.gateway.answers.push(503);
    await before.visit('PUT', '/yookassa/control/settings', { feeBps: 0, repeatsMs: [60_000] });
    const key = { 'idempotence-key': 'kept' };
    const id = await create(before, {}, key);
    await create(before, { metadata: { order_id: 'ord_2' } });
    await pay(before, id);
    await before.notified();
    const payment = (await before.api('GET', `/payments/${id}`)).body;
    const books = (await before.visit('GET', '/yookassa/control/books')).body;
    await close(before);

    const after = await open(folder, '2026-11-20T12:30:00.000Z');
    expect((await after.api('GET', `/payments/${id}`)).body).toEqual({
      ...payment,
      income_amount: { value: '499.00', currency: 'RUB' },
    });
    expect((await after.visit('GET', '/yookassa/control/books')).body).toEqual(books);
    const list = await after.visit('GET', '/yookassa/control/deliveries');
    expect(list.body['deliveries']).toMatchObject([{ tries: 2 }]);
    expect(await create(after, {}, key)).toBe(id);
    expect(await create(after)).not.toBe(id);
    await close(after);
    await rm(folder, { recursive: true });
  });
});
