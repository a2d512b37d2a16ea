import { createHmac } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { asOwner, quietLog } from '../../../test/database.ts';
import { createMoneyWorld, type MoneyWorld } from '../../../test/money-world.ts';
import { ScriptedPanel } from '../../../test/scripted-panel.ts';
import { sql } from '../../platform/db/index.ts';
import { createPanelWebhook, createProvisioning, type Provisioning } from './index.ts';
import type { PanelAccount } from './panel.ts';

const SECRET = 'panel-secret-of-this-test';
const MINUTE_MS = 60_000;
let world: MoneyWorld;
let panel: ScriptedPanel;
let provisioning: Provisioning;
let id: string;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
  panel = new ScriptedPanel();
  const webhookSecret = new Secret(SECRET);
  provisioning = createProvisioning({
    ...world,
    log: quietLog(),
    panel,
    isBanned: () => Promise.resolve(false),
    webhook: createPanelWebhook(
      {
        webhookSecret,
        url: undefined,
        token: undefined,
        headers: undefined,
        cookie: undefined,
        squads: [],
      },
      { log: quietLog() },
    ),
    squads: [],
    telegramIdOf: () => Promise.resolve(undefined),
    publish: () => Promise.resolve(),
  });
  const payment = await world.startPayment(await world.placeOrder('per_seen'));
  world.provider.change(payment.reference, { state: 'settled' });
  await world.payments.look(payment.id);
  await world.subscriptions.extend(payment.orderId);
  id = (await subscription()).id;
  await provisioning.deliver(id);
  await world.clock.advance(10 * MINUTE_MS);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

async function subscription() {
  const [one] = await world.subscriptions.ofPerson('per_seen');
  if (one === undefined) throw new Error('no subscription');
  return one;
}

/** One signed event as the panel sends it; `agoMs` is how late it comes. */
async function arrive(event: string, data: object, agoMs = 0): Promise<void> {
  const now = world.clock.now();
  const timestamp = new Date(now.getTime() - agoMs).toISOString();
  const body = Buffer.from(JSON.stringify({ scope: 'user', event, timestamp, data, meta: null }));
  const signature = createHmac('sha256', SECRET).update(body).digest('hex');
  const headers = { 'x-remnawave-signature': signature };
  await provisioning.acceptEvent({ headers, body, at: now });
}

/** What a worker does with the hints that wait. */
async function look(): Promise<number> {
  const jobs = await world.jobsOf('provisioning.observe');
  await sql`select count(*) from graphile_worker.complete_jobs(array(
    select id from graphile_worker.jobs where task_identifier = 'provisioning.observe'))`.execute(
    world.db.read,
  );
  for (const { username } of jobs) await provisioning.observe(String(username));
  return jobs.length;
}

const shown = async () => provisioning.access(await subscription());
const used = (bytes: bigint, part: Partial<PanelAccount> = {}) =>
  panel.change(id, { trafficUsedBytes: bytes, ...part });

describe('an event of the panel', () => {
  it('refreshes what the customer is shown: traffic, status and the link', async () => {
    used(700n, { status: 'LIMITED', subscriptionUrl: 'https://panel.test/new' });
    await arrive('user.limited', { username: id });
    expect(await look()).toBe(1);
    expect(await shown()).toMatchObject({
      trafficUsedBytes: 700n,
      status: 'LIMITED',
      subscriptionUrl: 'https://panel.test/new',
    });
  });

  it('counts once however often it is repeated', async () => {
    for (let time = 0; time < 4; time += 1) await arrive('user.modified', { username: id });
    expect(await look()).toBe(1);
    for (let time = 0; time < 4; time += 1) await arrive('user.modified', { username: id });
    expect(await look()).toBe(0);
  });

  it('that comes late overwrites nothing newer, whatever it says', async () => {
    used(900n);
    await arrive('user.modified', { username: id, status: 'ACTIVE' });
    await look();
    const old = { username: id, status: 'EXPIRED', expireAt: '2020-01-01T00:00:00.000Z' };
    const updatedAt = '2020-01-01T00:00:00.000Z';
    const late = { ...old, updatedAt, userTraffic: { usedTrafficBytes: 1 } };
    await arrive('user.expired', late, 4 * MINUTE_MS);
    await look();
    expect(await shown()).toMatchObject({ trafficUsedBytes: 900n, status: 'ACTIVE' });
    expect(await world.jobsOf('provisioning.deliver')).toHaveLength(1); // the purchase alone
  });

  it('about somebody who is not ours is stored and asks for nothing', async () => {
    await arrive('user.modified', { username: 'a_stranger' });
    await arrive('node.created', { name: 'node-1' });
    expect(await look()).toBe(0);
    const { rows } = await sql`select event from panel_event order by event`.execute(world.db.read);
    expect(rows).toEqual([{ event: 'node.created' }, { event: 'user.modified' }]);
  });

  it('of a deletion by hand brings the access back', async () => {
    panel.accounts.delete(id);
    await arrive('user.deleted', { username: id });
    await look();
    expect(await world.jobsOf('provisioning.deliver')).toMatchObject([
      { again: false },
      { subscriptionId: id, again: true },
    ]);
    await provisioning.deliver(id, { again: true });
    expect(panel.accounts.get(id)?.expiresAt).toEqual((await subscription()).expiresAt);
  });

  it('of a start of the panel makes due what waited for it', async () => {
    const waiting = async () => {
      const { rows } = await sql<{ due: boolean }>`select run_at <= now() as due
        from graphile_worker.jobs where task_identifier = 'provisioning.deliver'`.execute(
        world.db.read,
      );
      return rows.map(({ due }) => due);
    };
    await asOwner(world.ownerUrl, async (client) => {
      await client.query(`update graphile_worker._private_jobs
        set attempts = 3, run_at = now() + interval '15 minutes'`);
    });
    expect(await waiting()).toEqual([false]);
    await arrive('service.panel_started', { panelVersion: '3.3.2' });
    expect(await waiting()).toEqual([true]);
  });

  it('of a deletion after the end changes nothing', async () => {
    await world.clock.advance(31 * 24 * 60 * MINUTE_MS);
    panel.accounts.delete(id);
    await arrive('user.deleted', { username: id });
    await look();
    expect(await world.jobsOf('provisioning.deliver')).toHaveLength(1);
  });
});

describe('an answer of the panel', () => {
  it('that was asked for earlier and comes later overwrites nothing newer', async () => {
    const { promise: stalled, resolve: release } = Promise.withResolvers<undefined>();
    used(100n);
    panel.onFind = () => stalled.then(() => undefined);
    const slow = provisioning.observe(id);
    panel.onFind = () => Promise.resolve();
    await world.clock.advance(1_000);
    used(200n, { status: 'LIMITED' });
    await provisioning.observe(id);
    release(undefined);
    await slow;
    expect(await shown()).toMatchObject({ trafficUsedBytes: 200n, status: 'LIMITED' });
  });

  it('to a look at the devices refreshes what is shown, too', async () => {
    used(300n);
    await provisioning.devices(await subscription());
    expect(await shown()).toMatchObject({ trafficUsedBytes: 300n });
  });
});
