import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { quietLog } from '../../../test/database.ts';
import { createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { ScriptedPanel } from '../../../test/scripted-panel.ts';
import { sql } from '../../platform/db/index.ts';
import { createReactions } from '../../reactions/index.ts';
import { createProvisioning, PanelUnavailable, type Provisioning } from './index.ts';

let world: MoneyWorld;
let panel: ScriptedPanel;
let provisioning: Provisioning;
let isBanned: boolean;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
  panel = new ScriptedPanel();
  isBanned = false;
  provisioning = createProvisioning({
    ...world,
    log: quietLog(),
    panel,
    webhook: undefined,
    squads: [],
    isBanned: () => Promise.resolve(isBanned),
    telegramIdOf: () => Promise.resolve(77n),
    publish: createReactions({ jobs: world.jobs, log: quietLog(), now: () => world.clock.now() })
      .publish,
  });
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

async function buy(personId: string): Promise<string> {
  const payment = await world.startPayment(await world.placeOrder(personId));
  world.provider.change(payment.reference, { state: 'settled' });
  await world.payments.look(payment.id);
  await world.subscriptions.extend(payment.orderId);
  return payment.orderId;
}

async function subscriptionOf(personId: string) {
  const [subscription] = await world.subscriptions.ofPerson(personId);
  if (subscription === undefined) throw new Error('no subscription');
  return subscription;
}

describe('delivering access', () => {
  it('ends with one account and the right expiry after an answer was lost', async () => {
    const orderId = await buy('per_1');
    const subscription = await subscriptionOf('per_1');
    panel.answersToLose = 1;
    await expect(provisioning.deliver(subscription.id)).rejects.toThrow(PanelUnavailable);
    expect(await provisioning.isDelivered(orderId)).toBe(false);
    await provisioning.deliver(subscription.id);
    expect([...panel.accounts.values()]).toMatchObject([{ expiresAt: subscription.expiresAt }]);
    expect(await provisioning.isDelivered(orderId)).toBe(true);
    expect(await provisioning.access(subscription)).toMatchObject({
      subscriptionUrl: `https://panel.test/${subscription.id}`,
      isCurrent: true,
    });
  });

  it('brings several orders in one call, and each is told once with the first marked', async () => {
    const orders = [await buy('per_2'), await buy('per_2'), await buy('per_2')];
    const subscription = await subscriptionOf('per_2');
    await provisioning.deliver(subscription.id);
    expect(panel.ensured).toBe(1);
    expect(panel.accounts.get(subscription.id)?.expiresAt).toEqual(subscription.expiresAt);
    expect(await world.jobsOf('tell.delivered')).toEqual(
      orders.map((orderId, at) => ({ orderId, isFirst: at === 0 })),
    );
  });

  it('does nothing and tells nobody again when it is repeated', async () => {
    await buy('per_3');
    const { id } = await subscriptionOf('per_3');
    await provisioning.deliver(id);
    await provisioning.deliver(id);
    expect(panel.ensured).toBe(1);
    expect(await world.jobsOf('tell.delivered')).toHaveLength(1);
  });

  it('tells once also when two workers deliver at the same time', async () => {
    await buy('per_4');
    const { id } = await subscriptionOf('per_4');
    await Promise.all([provisioning.deliver(id), provisioning.deliver(id)]);
    expect(panel.accounts.size).toBe(1);
    expect(await world.jobsOf('tell.delivered')).toHaveLength(1);
  });

  it('is not current while a newer order is not on the panel, and is never shortened', async () => {
    await buy('per_5');
    const first = await subscriptionOf('per_5');
    await provisioning.deliver(first.id);
    await buy('per_5');
    const second = await subscriptionOf('per_5');
    panel.callsToRefuse = 1;
    await expect(provisioning.deliver(second.id)).rejects.toThrow(PanelUnavailable);
    expect(await provisioning.access(second)).toMatchObject({ isCurrent: false });
    expect(panel.accounts.get(first.id)?.expiresAt).toEqual(first.expiresAt);
    await provisioning.deliver(second.id);
    expect(panel.accounts.get(first.id)?.expiresAt).toEqual(second.expiresAt);
  });

  it('leaves a gift of the panel when more is bought, and ends it when the books say so', async () => {
    await buy('per_gift');
    const { id, expiresAt } = await subscriptionOf('per_gift');
    await provisioning.deliver(id);
    const gift = new Date(expiresAt.getTime() + 300 * 86_400_000);
    panel.change(id, { expiresAt: gift, deviceLimit: 9 });
    await buy('per_gift');
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)).toMatchObject({ expiresAt: gift, deviceLimit: 3 });
    const now = world.clock.now();
    await sql`update subscription set expires_at = ${now}, revision = revision + 1
      where id = ${id}`.execute(world.db.read);
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)?.expiresAt).toEqual(new Date(now.getTime() + 60_000));
    expect(await provisioning.access(await subscriptionOf('per_gift'))).toMatchObject({
      isCurrent: true,
    });
  });

  it('is off for the banned even while the panel refuses all the rest', async () => {
    await buy('per_refused');
    const { id } = await subscriptionOf('per_refused');
    await provisioning.deliver(id);
    isBanned = true;
    await world.subscriptions.acts.refresh('per_refused');
    panel.callsToRefuse = 1;
    await expect(provisioning.deliver(id)).rejects.toThrow(PanelUnavailable);
    expect(panel.accounts.get(id)?.status).toBe('DISABLED');
    isBanned = false;
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)?.status).toBe('ACTIVE');
  });

  it('stays off for the banned, though a frozen worker switches it on when it wakes', async () => {
    await buy('per_frozen');
    const { id } = await subscriptionOf('per_frozen');
    const turn = async (banned: boolean): Promise<void> => {
      isBanned = banned;
      await world.subscriptions.acts.refresh('per_frozen');
    };
    await turn(true);
    await provisioning.deliver(id);
    await turn(false);
    const [asked, woken] = [Promise.withResolvers(), Promise.withResolvers()];
    const enable = panel.enable.bind(panel);
    panel.enable = async (account) => {
      asked.resolve(undefined);
      await woken.promise;
      return enable(account);
    };
    const frozen = provisioning.deliver(id);
    await asked.promise;
    await turn(true);
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)?.status).toBe('DISABLED');
    woken.resolve(undefined);
    await frozen;
    const newest = (await world.jobsOf('provisioning.deliver')).at(-1);
    await provisioning.deliver(id, { again: newest?.['again'] === true });
    expect(panel.accounts.get(id)?.status).toBe('DISABLED');
  });

  it('is delivered again when the panel shows less than was bought, and never cut when more', async () => {
    await buy('per_6');
    const { id, expiresAt } = await subscriptionOf('per_6');
    await provisioning.deliver(id);
    const change = (days: number): void => {
      const account = panel.accounts.get(id);
      if (account === undefined) throw new Error('no account');
      const moved = new Date(expiresAt.getTime() + days * 86_400_000);
      panel.accounts.set(id, { ...account, expiresAt: moved });
    };
    change(5);
    await provisioning.observe(id);
    expect(await world.jobsOf('provisioning.deliver')).toMatchObject([{ again: false }]);
    change(-5);
    await provisioning.observe(id);
    await provisioning.observe(id);
    expect(await world.jobsOf('provisioning.deliver')).toEqual([
      { subscriptionId: id, again: false },
      { subscriptionId: id, again: true },
    ]);
    await provisioning.deliver(id, { again: true });
    expect(panel.accounts.get(id)?.expiresAt).toEqual(expiresAt);
    expect(await world.jobsOf('tell.delivered')).toHaveLength(1);
  });
});

describe('an order whose money goes back', () => {
  const DAY_MS = 86_400_000;

  async function refund(orderId: string): Promise<void> {
    const { paymentId } = await world.orders.find(orderId);
    const { reference } = await world.payments.find(paymentId ?? '');
    world.provider.change(reference ?? '', { state: 'settled', refunded: PRICE });
    await world.notify(reference ?? '', 'refund.succeeded');
    await world.payments.judgeNotices();
    await world.subscriptions.review(orderId);
  }

  it('shortens the account by its days, and by none of a gift of the panel', async () => {
    const orderId = await buy('per_back');
    await buy('per_back');
    const { id, expiresAt } = await subscriptionOf('per_back');
    await provisioning.deliver(id);
    panel.change(id, { expiresAt: new Date(expiresAt.getTime() + 5 * DAY_MS) });
    await refund(orderId);
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)?.expiresAt.getTime()).toBe(
      world.clock.now().getTime() + 35 * DAY_MS,
    );
  });

  it('is off at once when nothing is left, is told of once, and comes back with a purchase', async () => {
    const orderId = await buy('per_off');
    const { id } = await subscriptionOf('per_off');
    await provisioning.deliver(id);
    await refund(orderId);
    panel.answersToLose = 1;
    await expect(provisioning.deliver(id)).rejects.toThrow(PanelUnavailable);
    await provisioning.deliver(id);
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)?.status).toBe('DISABLED');
    expect(await world.jobsOf('tell.turned')).toEqual([{ subscriptionId: id, revision: 2 }]);
    await buy('per_off');
    await provisioning.deliver(id);
    expect(panel.accounts.get(id)).toMatchObject({
      status: 'ACTIVE',
      expiresAt: (await subscriptionOf('per_off')).expiresAt,
    });
  });
});
