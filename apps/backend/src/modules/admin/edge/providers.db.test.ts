/** The overview of providers against a world whose figures are known. */
import type { ProviderOverviewWire } from '@opora/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';

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
      switchedOff: false,
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
