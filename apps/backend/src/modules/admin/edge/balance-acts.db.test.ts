/** Adjusting a balance by hand: once per key, never below zero, told and in the log. */
import type { ActDone } from '@opora/contracts';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { createAdminWorld, type AdminWorld } from '../../../../test/admin-world.ts';
import { systemIds } from '../../../platform/ids/index.ts';

let world: AdminWorld;
let personId: string;
beforeAll(async () => {
  world = await createAdminWorld();
});
beforeEach(async () => {
  personId = await world.meet();
});
afterAll(() => world.close());

const reason = 'a gift for waiting';
const wishOf = (direction: 'credit' | 'debit', minor: string) => ({
  ...{ personId, direction },
  amount: { minor, currency: 'RUB' },
});

function press(wish: object, headers: Record<string, string>) {
  return world.post('/api/v1/admin/acts/balance.adjust', { ...wish, reason }, headers);
}
const keyed = (key = systemIds.secret(16)) => ({ 'idempotency-key': key, 'x-test-role': 'owner' });
const balance = async () =>
  (await world.ledger.balance(world.db.read, personId, 'RUB')).minor.toString();

it('needs a key, and does one wish once for it', async () => {
  const unkeyed = await press(wishOf('credit', '5000'), { 'x-test-role': 'owner' });
  expect(unkeyed.statusCode).toBe(400);
  expect(await balance()).toBe('0');
  const headers = keyed();
  const presses = Array.from({ length: 20 }, () => press(wishOf('credit', '5000'), headers));
  const done = (await Promise.all(presses)).map((answer) => answer.json<ActDone>());
  expect(done.filter(({ isFirst }) => isFirst)).toHaveLength(1);
  expect(await balance()).toBe('5000');
  expect((await press(wishOf('credit', '5001'), headers)).statusCode).toBe(409);
  expect((await press(wishOf('debit', '5000'), headers)).statusCode).toBe(409);
  expect(await balance()).toBe('5000');
  const { items } = await world.audit.list({ personId, act: 'balance.adjust' }, { limit: 10 });
  expect(items).toHaveLength(1);
  expect(items[0]).toMatchObject({ reason, after: { direction: 'credit', minor: '5000' } });
});

it('never takes more than there is, also when twenty take at once', async () => {
  await press(wishOf('credit', '5000'), keyed());
  const takes = Array.from({ length: 20 }, () => press(wishOf('debit', '2000'), keyed()));
  const codes = (await Promise.all(takes)).map(({ statusCode }) => statusCode);
  expect(codes.filter((code) => code === 200)).toHaveLength(2);
  expect(codes.filter((code) => code === 409)).toHaveLength(18);
  expect(await balance()).toBe('1000');
  const refused = await world.audit.list({ personId, act: 'balance.adjust' }, { limit: 50 });
  expect(refused.items).toHaveLength(3);
  const rows = await world.ledger.trialBalance(world.db.read);
  expect(rows.reduce((sum, { minor }) => sum + minor, 0n)).toBe(0n);
});

it('refuses nothing, and whoever may not', async () => {
  expect((await press(wishOf('credit', '0'), keyed())).statusCode).toBe(400);
  const support = { ...keyed(), 'x-test-role': 'support' };
  expect((await press(wishOf('credit', '100'), support)).statusCode).toBe(403);
  expect(await balance()).toBe('0');
});
