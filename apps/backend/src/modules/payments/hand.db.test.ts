import { money } from '@opora/kernel';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { booksOf, createMoneyWorld, PRICE, type MoneyWorld } from '../../../test/money-world.ts';
import { sql } from '../../platform/db/index.ts';
import {
  CONFIRMED_WITHIN_MS,
  documentOf,
  DocumentUsed,
  HandPaymentDecided,
  HandSumWrong,
  SecondPersonNeeded,
} from './hand-payment.ts';
import { MANUAL } from './payment.ts';

const DEAR = money(90_000n, 'RUB');
let world: MoneyWorld;
beforeAll(async () => {
  world = await createMoneyWorld();
});
afterAll(() => world.close());

let papers = 0;
const paper = () => documentOf('transfer', `A-${String((papers += 1))}`);
const by = (name: string, key = `key-${String((papers += 1))}`) => ({
  actor: { id: `per_${name}`, name, requestId: undefined, remoteAddress: undefined },
  reason: 'cards do not work',
  key,
});

async function dearOrder() {
  const order = await world.placeOrder();
  await sql`update customer_order set amount_minor = 90000 where id = ${order.id}`.execute(
    world.db.read,
  );
  return { ...order, amount: DEAR };
}

const audited = async (act: string) => (await world.audit.list({ act }, { limit: 50 })).items;

describe('a payment by hand', () => {
  it('pays its order by the one writer: books, access, and an audit entry', async () => {
    const order = await world.placeOrder();
    const before = await world.books();
    const { hand } = await world.payments.byHand.enter(by('anna'), {
      ...{ orderId: order.id, amount: PRICE, document: documentOf('transfer', ' a 77 ') },
    });
    expect(hand).toMatchObject({ state: 'settled', document: { number: 'A77' } });
    const payment = await world.payments.find(hand.paymentId ?? '');
    expect(payment).toMatchObject({
      ...{ provider: MANUAL, reference: 'transfer:A77', state: 'settled', amount: PRICE },
    });
    expect(await world.orders.find(order.id)).toMatchObject({
      state: 'paid',
      paymentId: payment.id,
    });
    const after = await world.books();
    expect({ ...after, clearing: after.clearing - before.clearing }).toMatchObject({
      ...{ clearing: booksOf(PRICE).clearing, sum: 0n },
    });
    expect(await world.jobsOf('subscriptions.extend')).toContainEqual({ orderId: order.id });
    const entries = await audited('payments.enter');
    expect(entries[0]).toMatchObject({ after: { document: 'transfer A77', minor: '19900' } });
  });

  it('is one payment however often and by however many it is pressed at once', async () => {
    const order = await world.placeOrder();
    const wish = { orderId: order.id, amount: PRICE, document: paper() };
    const presses = await Promise.allSettled([
      ...[1, 2, 3].map(() => world.payments.byHand.enter(by('anna', 'key-same'), wish)),
      ...['boris', 'vera'].map((name) => world.payments.byHand.enter(by(name), wish)),
    ]);
    const done = presses.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
    expect(done.filter(({ isFirst }) => isFirst)).toHaveLength(1);
    for (const one of presses) {
      if (one.status === 'rejected') expect(one.reason).toBeInstanceOf(DocumentUsed);
    }
    expect(await world.payments.ofOrder(order.id)).toHaveLength(1);
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
  });

  it('refuses a document that was used, and says where', async () => {
    const [first, second] = [await world.placeOrder(), await world.placeOrder()];
    const document = paper();
    const wish = { amount: PRICE, document };
    await world.payments.byHand.enter(by('anna'), { ...wish, orderId: first.id });
    const refused = await world.payments.byHand
      .enter(by('boris'), { ...wish, orderId: second.id })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'payments.document_used', facts: { orderId: first.id } });
    expect(await world.orders.find(second.id)).toMatchObject({ state: 'open' });
    await expect(world.payments.byHand.check(wish)).rejects.toThrow(DocumentUsed);
  });

  it('never takes more than the price, nor another currency', async () => {
    const order = await world.placeOrder();
    for (const amount of [money(19_901n, 'RUB'), money(100n, 'USD')]) {
      const wish = { orderId: order.id, amount, document: paper() };
      await expect(world.payments.byHand.enter(by('anna'), wish)).rejects.toThrow(HandSumWrong);
    }
  });

  it('for a paid order becomes balance', async () => {
    const order = await world.placeOrder();
    for (const name of ['anna', 'boris']) {
      const wish = { orderId: order.id, amount: PRICE, document: paper() };
      await world.payments.byHand.enter(by(name), wish);
    }
    expect(await world.ledger.balance(world.db.read, order.personId, 'RUB')).toEqual(PRICE);
  });
});

describe('above the limit', () => {
  const enter = async () => {
    const order = await dearOrder();
    const document = paper();
    const wish = { orderId: order.id, amount: DEAR, document };
    const { hand } = await world.payments.byHand.enter(by('anna'), wish);
    return { order, hand, wish };
  };

  it('nothing moves until another person confirms, once', async () => {
    const { order, hand } = await enter();
    expect(hand).toMatchObject({ state: 'waiting', paymentId: undefined });
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'open' });
    await expect(world.payments.byHand.confirm(by('anna'), hand.id)).rejects.toThrow(
      SecondPersonNeeded,
    );
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'open' });
    const confirmed = await Promise.allSettled(
      ['boris', 'vera', 'boris'].map((name) => world.payments.byHand.confirm(by(name), hand.id)),
    );
    expect(confirmed.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'paid' });
    expect(await world.payments.ofOrder(order.id)).toHaveLength(1);
    expect(await audited('payments.confirm')).toHaveLength(1);
  });

  it('a rejection moves nothing and frees the document', async () => {
    const { order, hand, wish } = await enter();
    await world.payments.byHand.reject(by('boris'), hand.id);
    await expect(world.payments.byHand.confirm(by('vera'), hand.id)).rejects.toThrow(
      HandPaymentDecided,
    );
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'open' });
    await world.payments.byHand.enter(by('anna'), wish);
  });

  it('cannot be confirmed after its time, and its document is free again', async () => {
    const { hand, wish } = await enter();
    await world.clock.advance(CONFIRMED_WITHIN_MS);
    await expect(world.payments.byHand.confirm(by('boris'), hand.id)).rejects.toThrow(
      HandPaymentDecided,
    );
    const listed = await world.payments.byHand.list();
    expect(listed.find(({ id }) => id === hand.id)).toMatchObject({ state: 'expired' });
    await world.payments.byHand.enter(by('anna'), wish);
  });
});

describe('money back by hand', () => {
  it('goes from the same account, with a document of its own, in parts', async () => {
    const order = await world.placeOrder();
    const before = await world.books();
    const wish = { orderId: order.id, amount: PRICE, document: paper() };
    const { hand } = await world.payments.byHand.enter(by('anna'), wish);
    const paymentId = hand.paymentId ?? '';
    const back = (minor: bigint, document = paper()) =>
      world.payments.byHand.refund(by('anna'), {
        paymentId,
        amount: money(minor, 'RUB'),
        document,
      });
    await expect(back(900n, wish.document)).rejects.toThrow(DocumentUsed);
    await back(900n);
    await back(19_000n);
    expect(await world.payments.find(paymentId)).toMatchObject({ state: 'refunded' });
    expect(await world.orders.find(order.id)).toMatchObject({ state: 'refunded' });
    expect(await world.books()).toEqual(before);
    await expect(back(1n)).rejects.toThrow(/nothing to give back/);
  });

  it('is refused for what a provider holds', async () => {
    const { id, reference } = await world.startPayment();
    world.provider.change(reference, { state: 'settled' });
    await world.payments.look(id);
    const wish = { paymentId: id, amount: money(1n, 'RUB'), document: paper() };
    await expect(world.payments.byHand.refund(by('anna'), wish)).rejects.toThrow(/goes back/);
  });
});
