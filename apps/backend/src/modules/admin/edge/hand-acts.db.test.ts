/** Payments by hand and days for everybody by the API: rights, two people, what is told. */
import type { ActDone, ActPreview, ExtensionWire, HandPaymentWire } from '@opora/contracts';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { systemIds } from '../../../platform/ids/index.ts';

let world: AdminWorld;
beforeAll(async () => {
  world = await createAdminWorld();
});
afterAll(() => world.close());

const reason = 'cards do not work today';
const keyed = (role = 'owner') => ({
  'idempotency-key': systemIds.secret(16),
  'x-test-role': role,
});
const press = (act: string, wish: object, role?: string) =>
  world.post(`/api/v1/admin/acts/${act}`, { ...wish, reason }, keyed(role));
const foresee = async (act: string, wish: object) => {
  const answer = await world.post(`/api/v1/admin/acts/${act}/preview`, wish, keyed());
  return answer.json<ActPreview>();
};
const paper = (documentNumber: string) => ({
  ...{ amount: { minor: '19900', currency: 'RUB' }, documentKind: 'transfer', documentNumber },
});
const hands = async () =>
  (await world.get('/api/v1/admin/hand-payments')).json<{ items: HandPaymentWire[] }>().items;
const extensions = async () =>
  (await world.get('/api/v1/admin/extensions')).json<{ items: ExtensionWire[] }>().items;

it('a payment by hand gives access and is told as any other', async () => {
  const personId = await world.meet('Olga');
  const order = await world.placeOrder(personId);
  const wish = { orderId: order.id, ...paper('77') };
  expect(await foresee('payments.enter', wish)).toMatchObject({ needsStepUp: true });
  const entered = await press('payments.enter', wish);
  expect(entered.json<ActDone>()).toMatchObject({ isFirst: true, note: null });
  await world.runJobs();
  expect(world.told.at(-1)).toMatchObject({ template: 'paid' });
  const [subscription] = await world.subscriptions.ofPerson(personId);
  expect(subscription?.deliveredRevision).toBe(1);
  const [listed] = await hands();
  expect(listed).toMatchObject({ state: 'settled', documentNumber: '77', isOwn: true });
  // The same paper for somebody else: refused, with a word where it was used.
  const second = await world.placeOrder(await world.meet('Ivan'));
  const again = await press('payments.enter', { orderId: second.id, ...paper(' 7 7') });
  expect(again.statusCode).toBe(409);
  expect(again.json<{ detail: string }>().detail).toContain(order.id);
});

it('a person without an order gets one of the plan with the payment', async () => {
  const personId = await world.meet('Vera');
  const { id: planId } = await world.catalog.byCode('vpn', 'month');
  const wish = { personId, planId, ...paper('78') };
  expect((await foresee('payments.enter_for_plan', wish)).consequences).not.toEqual([]);
  expect((await press('payments.enter_for_plan', wish)).statusCode).toBe(200);
  await world.runJobs();
  expect((await world.subscriptions.ofPerson(personId)).length).toBe(1);
});

it('support may neither enter a payment nor extend everybody', async () => {
  const order = await world.placeOrder(await world.meet('Petr'));
  const entered = await press('payments.enter', { orderId: order.id, ...paper('79') }, 'support');
  const extended = await press('subscriptions.extend_all', { days: 3, endedHours: 0 }, 'support');
  expect([entered.statusCode, extended.statusCode]).toEqual([403, 403]);
});

it('days for everybody are counted, given, told once, and taken back by one act', async () => {
  const personId = await world.meet('Nina');
  await world.sell(personId);
  const endsAt = async () => (await world.subscriptions.ofPerson(personId))[0]?.expiresAt.getTime();
  const before = (await endsAt()) ?? 0;
  const wish = { days: 3, endedHours: 24 };
  const { title } = await foresee('subscriptions.extend_all', wish);
  expect(title.en).toMatch(/^Extend all \d+ by 3 d\?$/);
  await press('subscriptions.extend_all', wish);
  const toldBefore = world.told.length;
  await world.runJobs();
  const [given] = await extensions();
  expect(given).toMatchObject({ state: 'given', days: 3 });
  expect(((await endsAt()) ?? 0) - before).toBe(3 * 86_400_000);
  const told = world.told.slice(toldBefore);
  expect(told.map(({ template }) => template)).toEqual(
    Array.from({ length: given?.given ?? 0 }, () => 'away.extended'),
  );
  await press('subscriptions.undo_extend_all', { extensionId: given?.id });
  await world.runJobs();
  expect(await endsAt()).toBe(before);
  expect(world.told.at(-1)).toMatchObject({ template: 'away.returned' });
  expect((await extensions())[0]).toMatchObject({ state: 'taken', taken: given?.given });
});
