/** The overview of providers against a world whose figures are known. */
import type { ProviderOverviewWire } from '@opora/contracts';
import { money } from '@opora/kernel';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';

const MINUTE_MS = 60_000;

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});
afterEach(() => world.close());

async function read(days = 1): Promise<ProviderOverviewWire> {
  const answer = await world.get(`/api/v1/admin/providers?days=${days}`);
  expect(answer.statusCode).toBe(200);
  return answer.json().items[0];
}

/** Somebody pays; the provider is asked about it, or says so itself. */
async function pay(how: 'asked' | 'told'): Promise<void> {
  const { reference } = await world.startPayment();
  await world.clock.advance(20_000);
  world.provider.change(reference, { state: 'settled' });
  if (how === 'told') {
    await world.notify(reference);
    await world.payments.judgeNotices();
    return;
  }
  await world.everythingDue();
  await world.payments.askDue();
}

describe('the overview of providers', () => {
  it('counts what was created, paid, told, repeated and refused in the span', async () => {
    await pay('told');
    const { reference } = await world.startPayment();
    await world.notify(reference, 'payment.pending');
    await world.notify(reference, 'payment.pending');
    await world.notify('');
    expect(await read()).toMatchObject({
      provider: 'yookassa',
      created: 2,
      settled: 1,
      settleMs: { median: 20_000, p95: 20_000 },
      noticesAccepted: 2,
      duplicates: 1,
      refused: [{ reason: expect.any(String), count: 1 }],
      oldestPendingAt: expect.any(String),
      settledUnannounced: 0,
      isSilent: false,
      reconciliation: null,
      openDifferences: 0,
      switchedOff: null,
    });
  });

  it('counts only what the span holds, and knows the last comparison', async () => {
    await pay('told');
    await world.clock.advance(25 * 60 * MINUTE_MS);
    const at = world.clock.now();
    await sql`insert into reconciliation_run
      (id, provider, day, state, found, started_at, finished_at, lease_until)
      values ('run_1', 'yookassa', '2026-11-20', 'differs', 3, ${at}, ${at}, ${at})
      `.execute(world.db.read);
    const reconciliation = { day: '2026-11-20', state: 'differs', found: 3 };
    expect(await read()).toMatchObject({ created: 0, settleMs: null, reconciliation });
    expect(await read(7)).toMatchObject({ created: 1, settled: 1, noticesAccepted: 1 });
  });

  it('says that notices stopped after two payments known by asking alone', async () => {
    await pay('told');
    await world.clock.advance(MINUTE_MS);
    await pay('asked');
    await world.clock.advance(10 * MINUTE_MS);
    expect(await read()).toMatchObject({ settledUnannounced: 1, isSilent: false });
    await pay('asked');
    await world.clock.advance(9 * MINUTE_MS);
    expect(await read()).toMatchObject({ settledUnannounced: 1, isSilent: false });
    await world.clock.advance(MINUTE_MS);
    expect(await read()).toMatchObject({ settledUnannounced: 2, isSilent: true });
    await pay('told');
    expect(await read()).toMatchObject({ settledUnannounced: 0, isSilent: false });
  });

  it('refuses a span longer than a month', async () => {
    expect((await world.get('/api/v1/admin/providers?days=31')).statusCode).toBe(400);
  });
});

function press(act: string, wish: object, key = systemIds.secret(16)) {
  const body = { ...wish, reason: 'the bank is at work' };
  return world.post(`/api/v1/admin/acts/${act}`, body, { 'idempotency-key': key });
}

async function list(what: 'runs' | 'differences') {
  const answer = await world.get(`/api/v1/admin/reconciliation/${what}`);
  expect(answer.statusCode, answer.body).toBe(200);
  return answer.json().items;
}

it('says since when a provider is switched off, by whom and why', async () => {
  await press('providers.switch_off', { provider: 'yookassa' });
  expect((await read()).switchedOff).toEqual({
    since: world.clock.now().toISOString(),
    by: 'Operator',
    reason: 'the bank is at work',
  });
  await press('providers.switch_on', { provider: 'yookassa' });
  expect((await read()).switchedOff).toBeNull();
});

describe('a comparison that staff asks for', () => {
  const today = (): string => world.clock.now().toISOString().slice(0, 10);
  const wish = () => ({ provider: 'yookassa', day: today() });

  it('is seen at once, done by the worker, once for a press, and settles what it can', async () => {
    const { reference } = await world.startPayment(await world.placeOrder(await world.meet()));
    world.provider.change(reference, { state: 'settled' });
    const key = systemIds.secret(16);
    const answers = await Promise.all(
      [1, 2, 3].map(() => press('payments.reconcile', wish(), key)),
    );
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200]);
    expect(await list('runs')).toMatchObject([{ state: 'running', day: today() }]);
    await world.runJobs();
    expect(await list('runs')).toMatchObject([{ state: 'agreed', found: 1, repaired: 1 }]);
    expect(await list('differences')).toEqual([]);
    expect(await read()).toMatchObject({ settled: 1, reconciliation: { state: 'agreed' } });
  });

  it('shows what is left with what it means and what to do', async () => {
    const { reference } = await world.startPayment();
    world.provider.change(reference, { state: 'settled', amount: money(100n, 'RUB') });
    await press('payments.reconcile', wish());
    await world.runJobs();
    expect(await list('differences')).toMatchObject([
      {
        kind: 'wrong_amount',
        reference,
        theirs: { state: 'settled', amount: { minor: '100', currency: 'RUB' } },
        ours: { state: 'pending', amount: { minor: '19900', currency: 'RUB' } },
        means: { en: expect.stringContaining('Another amount there') },
        mayBeAsked: false,
      },
    ]);
    expect(await read()).toMatchObject({ openDifferences: 1 });
  });

  it('is refused while the day is compared, before it begins, and to those without the right', async () => {
    await press('payments.reconcile', wish());
    const again = await press('payments.reconcile', wish());
    expect(again.json()).toMatchObject({ code: 'payments.reconciliation_under_way' });
    const foreseen = await world.post('/api/v1/admin/acts/payments.reconcile/preview', wish());
    expect(foreseen.statusCode).toBe(409);
    const later = await press('payments.reconcile', { ...wish(), day: '2099-01-01' });
    expect(later.json()).toMatchObject({ code: 'payments.day_not_begun' });
    const answer = await world.post(
      '/api/v1/admin/acts/payments.reconcile',
      { ...wish(), reason: 'just so' },
      { 'x-test-role': 'support', 'idempotency-key': systemIds.secret(16) },
    );
    expect(answer.statusCode).toBe(403);
    const { items } = await world.audit.list({ act: 'payments.reconcile' }, { limit: 10 });
    expect(items).toHaveLength(1);
  });

  it('reads abandoned when its process died, and another may begin', async () => {
    await press('payments.reconcile', wish());
    await sql`update reconciliation_run set lease_until = now() - interval '1 second'`.execute(
      world.db.read,
    );
    expect(await list('runs')).toMatchObject([{ state: 'abandoned' }]);
    expect((await press('payments.reconcile', wish())).statusCode).toBe(200);
    await world.runJobs();
    const states = (await list('runs')).map(({ state }: { state: string }) => state);
    expect(states.toSorted()).toEqual(['abandoned', 'agreed']);
  });
});
