/** The balance in the chat: seen, topped up, spent wholly and in part. */
import { money } from '@opora/kernel';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { button, startBotWorld, type BotWorld, type Sent } from './testing/bot-world.ts';
import { product } from './testing/words.ts';

let world: BotWorld;
beforeAll(async () => {
  world = await startBotWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  world.setAway(false);
  world.server.clear();
  world.server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
});

type From = ReturnType<BotWorld['somebody']>;
const press = (from: From, sent: Sent, label: string) =>
  world.tap(from, button(sent, label)?.callback_data);

/** Somebody with that much of our product's currency. */
async function owner(kopecks: bigint): Promise<From> {
  const from = world.somebody();
  await world.say(from, '/menu');
  const id = await personOf(from);
  if (kopecks === 0n) return from;
  await world.deps.db.transaction((tx) =>
    world.deps.ledger.post(tx, [
      {
        ...{ id: `test:${id}`, debit: 'adjustments:RUB', credit: `customer:${id}:RUB` },
        ...{ amount: money(kopecks, 'RUB'), kind: 'adjustment', reference: 'test' },
        at: world.deps.clock.now(),
      },
    ]),
  );
  return from;
}

async function personOf(from: From): Promise<string> {
  const asked = { id: BigInt(from.id), firstName: 'Olga', username: undefined };
  return (await world.deps.identity.resolveTelegram({ ...asked, languageCode: 'ru' })).id;
}

async function walletOf(from: From) {
  return world.deps.payments.wallet(await personOf(from));
}

/** At the question of what pays the month, 199 roubles. */
async function atTheTill(from: From): Promise<Sent> {
  const price = await press(from, await world.say(from, '/plans'), '1 месяц');
  return press(from, price, 'Оплатить');
}

describe('topping up', () => {
  it('leads by a way and a sum to one link, and says what it is for', async () => {
    const from = await owner(0n);
    const balance = await press(from, await world.say(from, '/menu'), 'Баланс');
    expect(balance.text).toContain('Баланс: 0');
    const ways = await press(from, balance, 'Пополнить');
    const sums = await press(from, ways, 'Карта');
    const bill = await press(from, sums, '500');
    expect(bill.text).toMatch(/Счёт на <b>500/);
    const again = await press(from, sums, '500');
    expect(button(again, 'Перейти')?.url).toBe(button(bill, 'Перейти')?.url);
    const back = await press(from, bill, 'Другой способ');
    expect(back.text).toContain('Пополнение баланса');
  });

  it('asks Stars for Stars, and takes no sum that was not offered', async () => {
    const from = await owner(0n);
    const ways = await world.tap(from, '1:topup');
    const sums = await press(from, ways, 'Telegram Stars');
    expect((await press(from, sums, '300')).text).toMatch(/300.★/u);
    for (const forged of ['yookassa-1', 'yookassa-99999999', 'stars-20000', 'nobody-50000']) {
      const shown = await world.tap(from, `1:topupsum:${forged}`);
      expect(shown.text, forged).toContain('Как удобнее заплатить');
    }
  });

  it('tries the same again when the payment service was away', async () => {
    const from = await owner(0n);
    world.setAway(true);
    const away = await world.tap(from, '1:topupsum:yookassa-50000');
    expect(away.text).toContain('Деньги не списаны');
    world.setAway(false);
    expect((await press(from, away, 'Повторить')).text).toContain('Пополнение баланса');
  });
});

describe('paying', () => {
  it('from the balance is offered where it suffices, is done once, and says what is left', async () => {
    const from = await owner(500_00n);
    const offer = await atTheTill(from);
    expect(offer.text).toMatch(/На балансе <b>500.*Спишем с него <b>199/u);
    const paid = await press(from, offer, 'Оплатить с баланса');
    expect(paid.text).toMatch(/Оплачено с баланса: 199.*Осталось на балансе: 301/su);
    expect((await walletOf(from)).free).toEqual([money(301_00n, 'RUB')]);
    const [order] = (
      await world.deps.orders.admin.list({ personId: await personOf(from) }, { limit: 5 })
    ).items;
    expect(order?.state).toBe('paid');
  });

  it('two presses at once spend it once', async () => {
    const from = await owner(300_00n);
    const data = button(await atTheTill(from), 'Оплатить с баланса')?.callback_data;
    await Promise.allSettled([world.tap(from, data), world.tap(from, data)]);
    expect((await walletOf(from)).free).toEqual([money(101_00n, 'RUB')]);
  });

  it('a press that comes again buys nothing more, a new offer does', async () => {
    const from = await owner(600_00n);
    const offer = await atTheTill(from);
    const data = button(offer, 'Оплатить с баланса')?.callback_data;
    await Promise.allSettled([world.tap(from, data), world.tap(from, data)]);
    await world.tap(from, data);
    expect((await walletOf(from)).free).toEqual([money(401_00n, 'RUB')]);
    await press(from, await atTheTill(from), 'Оплатить с баланса');
    expect((await walletOf(from)).free).toEqual([money(202_00n, 'RUB')]);
  });

  it('in part says the sum left, holds the part, and asks the provider for the rest', async () => {
    const from = await owner(120_00n);
    const offer = await atTheTill(from);
    // The least that a provider is asked for is a hundred.
    expect(offer.text).toMatch(/с баланса <b>99.*доплатить <b>100/u);
    // Stars take none of those roubles, so one way is left and leads to its link.
    const bill = await press(from, offer, 'Доплатить 100');
    expect(bill.text).toMatch(/Счёт на <b>100.*ещё <b>99/su);
    expect(button(bill, 'Перейти')?.url).toContain('https://pay.example/pay_');
    const wallet = { free: [money(21_00n, 'RUB')], held: [money(99_00n, 'RUB')] };
    expect(await walletOf(from)).toEqual(wallet);
    expect((await world.tap(from, '1:balance')).text).toMatch(/заказ: <b>99/);
  });

  it('takes back what waits beside a link that was left', async () => {
    const from = await owner(120_00n);
    await press(from, await atTheTill(from), 'Доплатить 100');
    const [, quarter] = await world.deps.catalog.offered(product.slug);
    const offer = await world.tap(from, `1:pay:${quarter?.versionId ?? ''}`);
    expect(offer.text).toMatch(/На балансе <b>120/);
    const bill = await press(from, offer, 'Доплатить 417');
    expect(bill.text).toMatch(/Счёт на <b>417.*ещё <b>120/su);
    expect(await walletOf(from)).toEqual({ free: [], held: [money(120_00n, 'RUB')] });
  });

  it('shows the balance for a rest that came too late, and never waits for it', async () => {
    const from = await owner(120_00n);
    const bill = await press(from, await atTheTill(from), 'Доплатить 100');
    const check = button(bill, 'Проверить')?.callback_data;
    const [, quarter] = await world.deps.catalog.offered(product.slug);
    const other = await world.tap(from, `1:pay:${quarter?.versionId ?? ''}`);
    await press(from, other, 'Доплатить 417');
    world.paid.add(check?.split(':')[2] ?? '');
    expect((await world.tap(from, check)).text).toMatch(/Баланс: 100/);
  });

  it('is asked of nobody who has nothing, and of nobody else’s balance', async () => {
    await owner(500_00n);
    const from = await owner(0n);
    expect((await atTheTill(from)).text).toContain('Как удобнее оплатить');
    const [month] = await world.deps.catalog.offered(product.slug);
    const shown = await world.tap(from, `1:wallet:${month?.versionId ?? ''}`);
    expect(shown.text).toContain('Как удобнее оплатить');
  });
});
