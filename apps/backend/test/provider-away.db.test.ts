/** A provider fails, from the first lost call to its return: what holds meanwhile, and what is found. */
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ProviderUnavailable } from '../src/modules/payments/errors.ts';
import { documentOf, type Payment } from '../src/modules/payments/index.ts';
import type {
  PaymentOrder,
  ProviderPayment,
  StartedPayment,
} from '../src/modules/payments/provider.ts';
import { createBreaker, DependencyOpen, type Breaker } from '../src/platform/breaker/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createMoneyWorld, PRICE, type MoneyWorld } from './money-world.ts';
import { ScriptedProvider } from './scripted-provider.ts';

/** As a vendor's client: every call goes through its breaker. */
class Guarded extends ScriptedProvider {
  readonly clock = createManualClock();
  readonly breaker: Breaker = createBreaker({
    ...{ name: 'tkassa', clock: this.clock, ids: systemIds },
    countsAsFailure: (error) => error instanceof ProviderUnavailable,
  });

  override start(order: PaymentOrder): Promise<StartedPayment> {
    return this.breaker.run(() => super.start(order));
  }

  override lookup(reference: string, amount: Payment['amount']): Promise<ProviderPayment> {
    return this.breaker.run(() => super.lookup(reference, amount));
  }
}

const ROUNDS_MAX = 12;
/** Longer than a breaker ever waits. */
const BREAKER_WAIT_MS = 90_000;

const failing = new Guarded('tkassa');
let world: MoneyWorld;
beforeAll(async () => {
  const isResting = (id: string) => id === failing.id && failing.breaker.state === 'open';
  world = await createMoneyWorld(undefined, failing, { isResting });
});
afterAll(() => world.close());

const by = (name: string) => ({
  actor: { id: `per_${name}`, name, requestId: undefined, remoteAddress: undefined },
  ...{ reason: 'it takes no cards', key: systemIds.secret(16) },
});

async function begin(provider: 'tkassa' | 'yookassa') {
  const { id: orderId } = await world.placeOrder();
  return world.payments.start({ orderId, provider, language: 'en', description: 'Month' });
}

async function grantPaid(): Promise<void> {
  for (const { orderId } of await world.jobsOf('subscriptions.extend')) {
    await world.subscriptions.extend(String(orderId));
  }
}

/** The breaker lets one question through at a time until it trusts the provider again. */
async function returned(): Promise<void> {
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    await failing.clock.advance(BREAKER_WAIT_MS);
    await world.everythingDue();
    await world.payments.askDue();
  }
}

it('rests with a word while others sell, hands help, and what was begun is found at its return', async () => {
  const begun = await Promise.all([1, 2, 3].map(() => begin('tkassa')));
  expect(await world.payments.resting()).toEqual(new Set());

  failing.fault = 'away';
  for (let call = 0; call < 5; call += 1) {
    await expect(begin('tkassa')).rejects.toThrow(ProviderUnavailable);
  }
  expect(await world.payments.resting()).toEqual(new Set(['tkassa']));
  await expect(begin('tkassa')).rejects.toThrow(DependencyOpen);

  // The others sell.
  const sold = await begin('yookassa');
  world.provider.change(sold.reference ?? '', { state: 'settled' });
  await world.payments.look(sold.id);
  await grantPaid();

  // A document pays, and everybody who has access gets days.
  const paidByHand = await world.placeOrder();
  const wish = { orderId: paidByHand.id, amount: PRICE, document: documentOf('transfer', '1') };
  await world.payments.byHand.enter(by('anna'), wish);
  await grantPaid();
  await world.subscriptions.everybody.begin(by('anna'), { days: 2, endedHours: 0 });
  const [given] = await world.subscriptions.everybody.list();
  await world.subscriptions.everybody.step(given?.id ?? '');
  expect((await world.subscriptions.everybody.list())[0]).toMatchObject({
    state: 'given',
    given: 2,
  });

  // They paid there all the same; nobody could tell us.
  for (const { reference } of begun) failing.change(reference ?? '', { state: 'settled' });
  await world.everythingDue();
  await world.payments.askDue();
  for (const { id } of begun) {
    expect(await world.payments.find(id)).toMatchObject({ state: 'pending' });
  }

  failing.fault = 'none';
  await returned();
  for (const { id } of begun) {
    expect(await world.payments.find(id)).toMatchObject({ state: 'settled' });
  }
  expect(await world.payments.resting()).toEqual(new Set());
  const books = await world.books();
  expect(books).toMatchObject({ clearing: PRICE.minor * 5n, sales: -PRICE.minor * 5n, sum: 0n });
});
