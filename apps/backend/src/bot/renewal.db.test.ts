/** Automatic renewal in the chat: agreed to, seen, switched off and on, and its method removed. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RENEWAL_WORDS } from '../modules/subscriptions/index.ts';
import { button, startBotWorld, type BotWorld, type Sent } from './testing/bot-world.ts';

let world: BotWorld;
beforeAll(async () => {
  world = await startBotWorld({ keeps: true });
});
afterAll(() => world.close());
beforeEach(() => {
  world.server.clear();
  world.server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
});

/** What is pressed and read, by language. */
const SAYS = {
  ru: {
    ...{ month: '1 месяц', quarter: '3 месяца', pay: 'Оплатить', card: 'Карта' },
    ...{ tick: '☐ Продлевать', untick: '☑ Продлевать', promise: 'Автопродление:' },
    ...{
      atVendor: 'Telegram Stars: там списывают сами',
      on: 'Автопродление включено',
      price: /199.₽/u,
    },
    ...{ off: 'Автопродление выключено', switchOn: 'Включить', switchOff: 'Выключить' },
    ...{ forget: 'Убрать', none: 'не сохранён', stale: 'Эта кнопка устарела', check: 'Проверить' },
  },
  en: {
    ...{ month: '1 month', quarter: '3 months', pay: 'Pay', card: 'Card' },
    ...{ tick: '☐ Renew', untick: '☑ Renew', promise: 'Automatic renewal:' },
    ...{
      atVendor: 'Telegram Stars: charged there by itself',
      on: 'Automatic renewal is on',
      price: /₽199/u,
    },
    ...{ off: 'Automatic renewal is off', switchOn: 'Switch on', switchOff: 'Switch off' },
    ...{ forget: 'Remove', none: 'No way to pay is kept', stale: 'This button is out of date' },
    check: 'Check',
  },
} as const;
type Language = keyof typeof SAYS;
type From = ReturnType<BotWorld['somebody']>;

const press = (from: From, sent: Sent, label: string) =>
  world.tap(from, button(sent, label)?.callback_data);
const toast = () => world.last('answerCallbackQuery').text;
const renewalScreen = (from: From) => world.tap(from, '1:renewal');

async function personOf(from: From, language: Language): Promise<string> {
  const asked = { id: BigInt(from.id), firstName: 'Olga', username: undefined };
  return (await world.deps.identity.resolveTelegram({ ...asked, languageCode: language })).id;
}

/** At the price of a month, the box as it is. */
async function atThePrice(from: From, language: Language): Promise<Sent> {
  return press(from, await world.say(from, '/plans'), SAYS[language].month);
}

/** A month is bought by that way, with or without the box ticked. */
async function bought(
  language: Language,
  { isTicked = true, way }: { isTicked?: boolean; way?: string } = {},
): Promise<{ from: From; personId: string }> {
  const says = SAYS[language];
  const from = world.somebody('Olga', language);
  let shown = await atThePrice(from, language);
  if (isTicked) shown = await press(from, shown, says.tick);
  const bill = await press(from, await press(from, shown, says.pay), way ?? says.card);
  const paymentId = button(bill, says.check)?.callback_data?.split(':')[2] ?? '';
  world.paid.add(paymentId);
  const payment = await world.deps.payments.look(paymentId);
  await world.deps.subscriptions.extend(payment.orderId);
  return { from, personId: await personOf(from, language) };
}

async function standing(personId: string) {
  const [subscription] = await world.deps.subscriptions.ofPerson(personId);
  if (subscription === undefined) throw new Error('no subscription');
  const renewals = await world.deps.subscriptions.renewals.of([subscription.id]);
  const methods = await world.deps.payments.methods.ofPerson(personId);
  return { renewal: renewals.get(subscription.id), methods };
}

describe.each(['ru', 'en'] as const)('the consent, in %s', (language) => {
  const says = SAYS[language];

  it('is a box that is not ticked, and says what it promises while it is', async () => {
    const from = world.somebody('Olga', language);
    const price = await atThePrice(from, language);
    expect(price.text).not.toContain(says.promise);
    const ticked = await press(from, price, says.tick);
    expect(ticked.text).toContain(says.promise);
    expect(ticked.text).toMatch(says.price);
    expect(ticked.text).toContain(says.atVendor);
    const unticked = await press(from, ticked, says.untick);
    expect(unticked.text).not.toContain(says.promise);
    expect(button(unticked, says.tick)).toBeDefined();
  });

  it('left alone keeps nothing', async () => {
    const { from, personId } = await bought(language, { isTicked: false });
    expect(await standing(personId)).toEqual({ renewal: undefined, methods: [] });
    expect((await renewalScreen(from)).text).toContain(says.none);
  });

  it('given keeps the method with its words, and the screen says what comes next', async () => {
    const { from, personId } = await bought(language);
    const { renewal, methods } = await standing(personId);
    expect(renewal).toMatchObject({ state: 'on', words: RENEWAL_WORDS });
    expect(methods).toMatchObject([{ state: 'active', title: '•• 4477' }]);
    const shown = await renewalScreen(from);
    expect(shown.text).toContain(says.on);
    expect(shown.text).toContain('•• 4477');
    expect(shown.text).toMatch(says.price);
  });

  it('ends and begins by the switches, at the price that is shown', async () => {
    const { from, personId } = await bought(language);
    const off = await press(from, await renewalScreen(from), says.switchOff);
    expect(toast()).toBe(says.off);
    expect(off.text).toContain(says.off);
    expect(off.text).toMatch(says.price);
    expect(await standing(personId)).toMatchObject({
      ...{ renewal: { state: 'off' }, methods: [{ state: 'active' }] },
    });
    const on = await press(from, off, says.switchOn);
    expect(on.text).toContain(says.on);
    expect((await standing(personId)).renewal).toMatchObject({ state: 'on' });
  });

  it('ends with the method, and old buttons bring neither back', async () => {
    const { from, personId } = await bought(language);
    const on = await renewalScreen(from);
    const off = await press(from, on, says.switchOff);
    await press(from, off, says.switchOn);
    const none = await press(from, on, says.forget);
    expect(none.text).toContain(says.none);
    const gone = { renewal: { state: 'ended', why: 'method_removed' } };
    expect(await standing(personId)).toMatchObject({ ...gone, methods: [{ state: 'removed' }] });
    await press(from, on, says.forget);
    expect((await press(from, on, says.switchOff)).text).toContain(says.none);
    expect((await press(from, off, says.switchOn)).text).toContain(says.none);
    expect(toast()).toContain(says.stale);
    expect(await standing(personId)).toMatchObject({ ...gone, methods: [{ state: 'removed' }] });
  });
});

describe('the renewal', () => {
  it('of one customer is not touched by a button of another', async () => {
    const owner = await bought('ru');
    const other = await bought('ru');
    const screen = await renewalScreen(owner.from);
    await press(other.from, screen, SAYS.ru.forget);
    expect(toast()).toContain(SAYS.ru.stale);
    expect(await standing(owner.personId)).toMatchObject({
      ...{ renewal: { state: 'on' }, methods: [{ state: 'active' }] },
    });
  });

  it('by Stars is charged by Telegram: sold for a month only, and off means removed', async () => {
    const { from, personId } = await bought('en', { way: 'Telegram Stars' });
    const shown = await renewalScreen(from);
    expect(shown.text).toContain('Telegram Stars');
    expect(shown.text).toMatch(/150/);
    const off = await press(from, shown, SAYS.en.switchOff);
    expect(off.text).toContain(SAYS.en.none);
    expect(await standing(personId)).toMatchObject({
      ...{ renewal: { state: 'off' }, methods: [{ state: 'removed' }] },
    });
    const quarter = await press(from, await world.say(from, '/plans'), SAYS.en.quarter);
    const ticked = await press(from, quarter, SAYS.en.tick);
    expect(ticked.text).not.toContain(SAYS.en.atVendor);
    const bill = await press(from, ticked, SAYS.en.pay);
    expect(button(bill, 'Telegram Stars')).toBeUndefined();
    // A button of another term is no way around it.
    await world.tap(from, '1:wayauto:stars');
    const links = await world.deps.payments.ofPerson(personId, { limit: 10 });
    expect(links.items.filter(({ provider }) => provider === 'stars')).toHaveLength(1);
  });
});

it('follows what its buyer does to the subscription inside Telegram, whichever update comes how often', async () => {
  const { from, personId } = await bought('en', { way: 'Telegram Stars' });
  const { methods } = await standing(personId);
  const about = { user: { id: from.id }, invoice_payload: methods[0]?.paymentId };
  const state = async () => (await standing(personId)).renewal?.state;
  for (const [told, shown] of [
    ['active', 'on'],
    ['canceled', 'off'],
    ['canceled', 'off'],
    ['active', 'on'],
    ['failed', 'ended'],
    ['active', 'ended'],
  ]) {
    await world.bot.handle({ update_id: 2, subscription: { ...about, state: told } }, 1);
    expect(await state()).toBe(shown);
  }
  const unknown = { ...about, invoice_payload: 'pay_nobody', state: 'canceled' };
  await world.bot.handle({ update_id: 3, subscription: unknown }, 1);
});
