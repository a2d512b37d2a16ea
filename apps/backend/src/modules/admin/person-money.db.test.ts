/** One person's own money on the page of staff: moves, holds, kept methods, renewals and declines. */
import type { PersonDetails } from '@opora/contracts';
import { money } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../test/admin-world.ts';
import { savedMethod } from '../../../test/money-world.ts';
import { RENEWAL_WORDS } from '../subscriptions/index.ts';

const DAY_MS = 86_400_000;

let world: AdminWorld;
let personId: string;
beforeAll(async () => {
  world = await createAdminWorld();
});
beforeEach(async () => {
  personId = await world.meet();
});
afterAll(() => world.close());

const read = async () =>
  (await world.get(`/api/v1/admin/people/${personId}`)).json<PersonDetails>();

async function settle(reference: string, more: object = {}): Promise<void> {
  world.provider.change(reference, { state: 'settled', ...more });
  await world.notify(reference);
  while ((await world.payments.judgeNotices()) > 0);
  await world.runJobs();
}

async function start(orderId: string, more: object = {}): Promise<string> {
  const wish = { orderId, provider: world.provider.id, language: 'en', description: 'x' } as const;
  return (await world.payments.start({ ...wish, ...more })).reference ?? '';
}

it('shows what moved the balance and what is held of it', async () => {
  const amount = money(12_000n, 'RUB');
  const top = await world.orders.placeTopUp({ personId, product: 'vpn', amount });
  await settle(await start(top.id));
  await world.clock.advance(1_000);
  await start((await world.placeOrder(personId)).id, { fromBalance: true });
  const { balances, money: own, orders } = await read();
  expect(balances).toEqual([{ minor: '2100', currency: 'RUB' }]);
  expect(own.held).toEqual([{ minor: '9900', currency: 'RUB' }]);
  expect(own.entries.map(({ kind, amount: { minor } }) => [kind, minor])).toEqual([
    ['hold', '-9900'],
    ['payment', '12000'],
  ]);
  expect(orders.map(({ kind }) => kind)).toContain('top_up');
});

it('shows kept methods, the renewal they pay and the last decline with its class', async () => {
  const order = await world.placeOrder(personId);
  const reference = await start(order.id, { saveWords: RENEWAL_WORDS });
  await settle(reference, { savedMethod: savedMethod() });
  const [kept] = (await read()).money.methods;
  expect(kept).toMatchObject({ title: '•• 4477', state: 'active', isDefault: true });
  expect((await read()).money.renewals).toMatchObject([
    { state: 'on', method: '•• 4477', decline: null, words: RENEWAL_WORDS },
  ]);

  const answer = { state: 'cancelled', reason: 'insufficient_funds', advice: 'retry' } as const;
  world.provider.chargeAnswer = answer;
  await world.clock.advance(27 * DAY_MS + DAY_MS / 2);
  await world.subscriptions.renewals.runDue();
  await world.clock.advance(2 * DAY_MS);
  await world.subscriptions.renewals.runDue();
  const [renewal] = (await read()).money.renewals;
  expect(renewal).toMatchObject({
    state: 'on',
    decline: { reason: 'insufficient_funds', advice: 'retry', tries: 1 },
  });

  await world.subscriptions.renewals.removeMethod(kept?.id ?? '', personId);
  const after = (await read()).money;
  expect(after.methods).toMatchObject([{ state: 'removed', isDefault: false }]);
  expect(after.renewals).toMatchObject([{ state: 'ended', why: 'method_removed', nextAt: null }]);
  expect(JSON.stringify(after)).not.toContain('token-');
});
