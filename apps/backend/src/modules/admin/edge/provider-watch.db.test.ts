/** The watch over providers: staff told once when notices stop, metrics that say what the page says. */
import type { ProviderOverviewWire, StaffRole } from '@opora/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAdminWorld, OPERATORS, type AdminWorld } from '../../../../test/admin-world.ts';
import { sql } from '../../../platform/db/index.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { createProviderMetrics } from '../../payments/edge/provider-metrics.ts';

const MINUTE_MS = 60_000;

let world: AdminWorld;
beforeEach(async () => {
  world = await createAdminWorld();
});
afterEach(() => world.close());

/** Somebody pays; the provider is asked about it, or says so itself. */
async function pay(how: 'asked' | 'told'): Promise<void> {
  const order = await world.placeOrder(await world.meet());
  const { reference } = await world.startPayment(order);
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

async function silence(): Promise<void> {
  await pay('told');
  await world.clock.advance(MINUTE_MS);
  await pay('asked');
  await pay('asked');
  await world.clock.advance(10 * MINUTE_MS);
}

/** A member of staff with mail, with or without Telegram; returns their Telegram id. */
async function hire(role: StaffRole, email: string, hasTelegram: boolean): Promise<string> {
  const personId = await world.meet(role);
  const at = world.clock.now();
  await sql`insert into staff_member (person_id, role, state, created_at, created_by)
    values (${personId}, ${role}, 'active', ${at}, ${personId})`.execute(world.db.read);
  await sql`insert into person_email (address, person_id, display, confirmed_at)
    values (${email}, ${personId}, ${email}, ${at})`.execute(world.db.read);
  const { rows } = await sql<{ subject: string }>`
    select subject from person_identity where person_id = ${personId}`.execute(world.db.read);
  if (!hasTelegram) {
    await sql`delete from person_identity where person_id = ${personId}`.execute(world.db.read);
  }
  return rows[0]?.subject ?? '';
}

/** Two workers at once, then everything they left to do; what staff was told by it. */
async function watch() {
  await Promise.all([world.payments.watchProviders(), world.payments.watchProviders()]);
  world.reached.length = 0;
  await world.runJobs();
  return world.reached
    .filter(({ template }) => template.startsWith('alert.'))
    .map(({ by, address, template }) => `${template} ${by} ${address}`)
    .toSorted();
}

describe('notices that stop coming while payments are made', () => {
  it('are told once to each who can act, by Telegram and mail, and so is their return', async () => {
    const olga = await hire('finance', 'olga@example.com', true);
    await hire('owner', 'anna@example.com', false);
    await hire('support', 'max@example.com', true);
    expect(await watch()).toEqual([]);
    await silence();
    const told = (template: string): string[] => [
      `${template} email anna@example.com`,
      `${template} email olga@example.com`,
      `${template} telegram ${olga}`,
    ];
    expect(await watch()).toEqual(told('alert.silent'));
    expect(world.reached.find(({ template }) => template === 'alert.silent')?.values).toEqual({
      name: { words: 'method.yookassa' },
      payments: { text: '2' },
      link: { text: 'https://shop.test/admin/providers' },
    });
    const today = await world.get('/api/v1/admin/today');
    expect(today.json()).toMatchObject({ silentProviders: ['yookassa'] });
    expect(await watch()).toEqual([]);
    // Nobody pays for days, which proves nothing.
    await world.clock.advance(3 * 24 * 60 * MINUTE_MS);
    expect(await watch()).toEqual([]);
    await pay('told');
    expect(await watch()).toEqual(told('alert.heard'));
    expect(await watch()).toEqual([]);
  });

  it('are a new fact each time', async () => {
    await hire('owner', 'anna@example.com', false);
    for (const expected of ['alert.silent', 'alert.heard', 'alert.silent']) {
      if (expected === 'alert.silent') await silence();
      else await pay('told');
      const chat = `${expected} telegram ${OPERATORS.toString()}`;
      expect(await watch()).toEqual([`${expected} email anna@example.com`, chat]);
    }
  });

  it('reach the chat of the operators when nobody has linked Telegram', async () => {
    await silence();
    expect(await watch()).toEqual([`alert.silent telegram ${OPERATORS.toString()}`]);
    const told = world.reached.find(({ template }) => template === 'alert.silent');
    expect(told).toMatchObject({ reader: { language: 'en' } });
  });
});

it('a subscription that only staff can end at its vendor is told to them', async () => {
  await hire('finance', 'olga@example.com', false);
  const payload = { methodId: 'mth_1', personId: 'per_1', paymentId: 'pay_1', provider: 'tribute' };
  const job = { task: 'staff.methodLeft', payload, priority: 5 };
  await world.db.transaction((tx) => world.jobs.add(tx, [job, job]));
  const chat = `alert.stillCharged telegram ${OPERATORS.toString()}`;
  expect(await watch()).toEqual(['alert.stillCharged email olga@example.com', chat]);
  const { values } = world.reached.find(({ template }) => template === 'alert.stillCharged') ?? {};
  expect(values).toEqual({
    name: { words: 'method.tribute' },
    payment: { text: 'pay_1' },
    link: { text: 'https://shop.test/admin/people/per_1' },
  });
});

describe('the metrics of providers', () => {
  const metrics = createMetrics();
  const show = createProviderMetrics(metrics);

  async function compare(): Promise<void> {
    show(await world.payments.watchProviders(), await world.payments.admin.switchedOff());
    const page = await world.get('/api/v1/admin/providers?days=1');
    const { asOf, items } = page.json<{ asOf: string; items: ProviderOverviewWire[] }>();
    const [shown] = items;
    if (shown === undefined) throw new Error('no provider');
    const { settleMs, reconciliation } = shown;
    const at = (iso: string | null | undefined): number =>
      iso === null || iso === undefined ? Number.NaN : Date.parse(iso) / 1000;
    const expected: Record<string, number> = {
      'created{}': shown.created,
      'settled{}': shown.settled,
      'settle_seconds{quantile="0.5"}': (settleMs?.median ?? Number.NaN) / 1000,
      'settle_seconds{quantile="0.95"}': (settleMs?.p95 ?? Number.NaN) / 1000,
      'notices_accepted{}': shown.noticesAccepted,
      'notices_duplicate{}': shown.duplicates,
      'oldest_pending_seconds{}':
        shown.oldestPendingAt === null ? 0 : at(asOf) - at(shown.oldestPendingAt),
      'last_notice_timestamp_seconds{}': at(shown.lastNoticeAt),
      'settled_unannounced{}': shown.settledUnannounced,
      'silent{}': Number(shown.isSilent),
      'differences_open{}': shown.openDifferences,
      'reconciliation_timestamp_seconds{}': at(reconciliation?.startedAt),
      'reconciliation_found{}': reconciliation?.found ?? Number.NaN,
      'switched_off{}': Number(shown.switchedOff !== null),
    };
    for (const { reason, count } of shown.refused) {
      expected[`notices_refused{reason="${reason}"}`] = count;
    }
    const said = numbers();
    for (const [name, value] of Object.entries(expected)) expect(said.get(name), name).toBe(value);
    const states = [...said].filter(
      ([name, value]) => name.startsWith('reconciliation_state') && value === 1,
    );
    expect(states.map(([name]) => name)).toEqual(
      reconciliation === null ? [] : [`reconciliation_state{state="${reconciliation.state}"}`],
    );
    expect(said.get('figures_timestamp_seconds')).toBe(at(asOf));
    const refused = [...said].filter(([name]) => name.startsWith('notices_refused'));
    const sum = refused.reduce((all, [, value]) => all + value, 0);
    expect(sum).toBe(shown.refused.reduce((all, { count }) => all + count, 0));
  }

  /** By name without our prefix and the provider's label. */
  function numbers(): Map<string, number> {
    const lines = metrics
      .text()
      .split('\n')
      .filter((line) => line.startsWith('payment_provider_'));
    return new Map(
      lines.map((line) => {
        const at = line.lastIndexOf(' ');
        const name = line.slice('payment_provider_'.length, at);
        return [name.replace(/provider="yookassa",?/, ''), Number(line.slice(at + 1))];
      }),
    );
  }

  it('say what the page says: of nothing, of trouble, and of a day later', async () => {
    await compare();
    await silence();
    await world.startPayment();
    await world.notify('');
    const day = world.clock.now().toISOString().slice(0, 10);
    await world.payments.reconcile({ provider: 'yookassa', day });
    await compare();
    expect(numbers().get('silent{}')).toBe(1);
    await world.clock.advance(25 * 60 * MINUTE_MS);
    await compare();
    expect(numbers().get('created{}')).toBe(0);
  });
});
