import { Secret } from '@opora/kernel';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { createMoneyWorld, savedMethod, type MoneyWorld } from '../../../test/money-world.ts';
import { ProviderUnavailable } from './index.ts';

const PERSON = 'per_saves';
const alone = (): Promise<void> => Promise.resolve();
let world: MoneyWorld;
const opened: MoneyWorld[] = [];

beforeEach(async () => {
  world = await createMoneyWorld();
  opened.push(world);
});
afterAll(async () => {
  await Promise.all(opened.map((one) => one.close()));
});

/** Pays something, and what it was paid with is kept; answers the method's id. */
async function saved(token: string): Promise<string> {
  const { id: orderId } = await world.placeOrder(PERSON);
  const asked = { orderId, provider: 'yookassa', language: 'en', description: 'Month' } as const;
  const payment = await world.payments.start({ ...asked, saveWords: 'v' });
  const method = { ...savedMethod(), token: new Secret(token) };
  world.provider.change(payment.reference ?? '', { state: 'settled', savedMethod: method });
  await world.payments.look(payment.id);
  return (await world.payments.methods.savedWith(payment.id))?.id ?? '';
}

const jobs = () => world.jobsOf('payments.forgetMethod');

/** Does the jobs that forget methods, and says what the vendor was asked to forget. */
async function forgotten(): Promise<readonly string[]> {
  for (const { methodId } of await jobs()) await world.payments.methods.forget(String(methodId));
  return world.provider.removed;
}

describe('a method that ended', () => {
  it('is forgotten at its vendor by a job of the very commit, tried until the vendor answers', async () => {
    const id = await saved('token-1');
    await world.payments.methods.remove(id, PERSON, alone);
    await world.payments.methods.remove(id, PERSON, alone);
    expect(await jobs()).toEqual([{ methodId: id }]);
    expect(world.provider.removed).toEqual([]);
    world.provider.fault = 'away';
    await expect(forgotten()).rejects.toThrow(ProviderUnavailable);
    world.provider.fault = 'none';
    expect(await forgotten()).toEqual(['token-1']);
  });

  it('leaves no job when what should end with it cannot', async () => {
    const id = await saved('token-1');
    const fails = () => Promise.reject(new Error('cannot'));
    await expect(world.payments.methods.remove(id, PERSON, fails)).rejects.toThrow('cannot');
    expect(await jobs()).toEqual([]);
    expect((await world.payments.methods.find(id))?.state).toBe('active');
  });

  it('because the same card was saved again is forgotten too', async () => {
    await saved('token-1');
    await saved('token-2');
    expect(await forgotten()).toEqual(['token-1']);
  });

  it('is not forgotten while the vendor knows the one that took its place by the same token', async () => {
    await saved('token-1');
    const id = await saved('token-1');
    expect(await forgotten()).toEqual([]);
    await world.payments.methods.remove(id, PERSON, alone);
    expect(new Set(await forgotten())).toEqual(new Set(['token-1']));
  });

  it('because its vendor refused it is forgotten there as well', async () => {
    const id = await saved('token-1');
    await world.db.transaction((tx) => world.payments.methods.refuse(tx, id));
    expect(await forgotten()).toEqual(['token-1']);
  });

  it('is asked to be forgotten, never one that is active', async () => {
    const id = await saved('token-1');
    await expect(world.payments.methods.forget(id)).rejects.toThrow(/no ended method/);
    expect(world.provider.removed).toEqual([]);
  });
});
