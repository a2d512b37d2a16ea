/** Whole dialogs: real modules and database, a scripted Telegram, a payment provider of the test. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { sql } from '../platform/db/index.ts';
import { button, startBotWorld, TOKEN, type BotWorld, type Sent } from './testing/bot-world.ts';

const API = `POST /bot${TOKEN}/`;

let world: BotWorld;
let bot: BotWorld['bot'];
let deps: BotWorld['deps'];
let server: BotWorld['server'];
beforeAll(async () => {
  world = await startBotWorld();
  ({ bot, deps, server } = world);
});
afterAll(() => world.close());

beforeEach(() => {
  world.setAway(false);
  server.clear();
  server.answer('*', { status: 200, body: { ok: true, result: { message_id: 1 } } });
});

const calls: BotWorld['calls'] = (method) => world.calls(method);
const last: BotWorld['last'] = (method) => world.last(method);
const somebody: BotWorld['somebody'] = (...given) => world.somebody(...given);
const say: BotWorld['say'] = (...given) => world.say(...given);
const tap: BotWorld['tap'] = (...given) => world.tap(...given);

async function chooseWay(from: object & { id: number }): Promise<Sent> {
  const plans = await say(from, '/plans');
  const price = await tap(from, button(plans, '1')?.callback_data);
  return tap(from, button(price, 'Оплатить')?.callback_data);
}

async function buy(from: object & { id: number }, way = 'Карта'): Promise<Sent> {
  return tap(from, button(await chooseWay(from), way)?.callback_data);
}

describe('while something is announced', () => {
  it('the menus say so in one calm line, and no more when it is over', async () => {
    const from = somebody();
    const by = { id: 'per_x', name: 'x', requestId: undefined, remoteAddress: undefined };
    const order = (key: string) => ({ actor: by, reason: 'a bank is slow', key });
    await deps.announcements.tellIncident(order('tell-1'), {
      ...{ titleRu: 'карты <медленнее>', titleEn: 'cards are slow', touches: 'buying' },
      ...{ textRu: 'Разбираемся.', textEn: 'We look into it.' },
    });
    const line = 'Мы знаем и чиним: карты &lt;медленнее&gt;.';
    expect((await say(from, '/menu')).text).toContain(line);
    expect((await say(from, '/plans')).text).toContain(line);
    expect((await say(from, '/start')).text).toContain(line);
    const id = (await deps.announcements.list())[0]?.id ?? '';
    await deps.announcements.update(order('tell-2'), {
      ...{ announcementId: id, step: 'resolved', textRu: 'Готово.', textEn: 'Done.' },
    });
    expect((await say(from, '/menu')).text).not.toContain('чиним');
  });
});

describe('buying', () => {
  it('leads from the shop window to a link of the payment service, and pressing twice is one order', async () => {
    const from = somebody();
    const bill = await buy(from);
    expect(button(bill, 'Перейти')?.url).toContain('https://pay.example/pay_');
    const again = await buy(from);
    expect(button(again, 'Перейти')?.url).toBe(button(bill, 'Перейти')?.url);
    expect(calls('answerCallbackQuery')).toHaveLength(6);
  });

  it('asks each way for its own price: Stars for Stars, in an order of its own', async () => {
    const from = somebody();
    expect((await chooseWay(from)).text).toMatch(/199.*\nTelegram Stars: <b>150.★<\/b>/u);
    const stars = await buy(from, 'Telegram Stars');
    expect(stars.text).toMatch(/150.★/u);
    const roubles = await buy(from);
    expect(roubles.text).toMatch(/199.₽/u);
    const links = [stars, roubles].map((bill) => button(bill, 'Перейти')?.url);
    expect(new Set(links).size).toBe(2);
  });

  it('opens the plan a link of the site names, and the window for one it does not know', async () => {
    const from = somebody();
    expect((await say(from, '/start plan_month-12')).text).toContain('12 месяцев');
    expect((await say(from, '/start plan_nothing')).text).toContain('Тарифы');
    expect((await say(from, "/start plan_';drop")).text).toContain('2GETPRO');
  });

  it('says plainly that the payment service is away, and tries the same order again', async () => {
    const from = somebody();
    world.setAway(true);
    const away = await buy(from);
    expect(away.text).toContain('Деньги не списаны');
    world.setAway(false);
    const ways = await tap(from, button(away, 'Повторить')?.callback_data);
    const bill = await tap(from, button(ways, 'Карта')?.callback_data);
    expect(button(bill, 'Перейти')?.url).toContain('https://pay.example/pay_');
  });

  it('never says "declined" while nothing is known', async () => {
    const from = somebody();
    const bill = await buy(from);
    const checked = await tap(from, button(bill, 'Проверить')?.callback_data);
    expect(checked.text).toContain('Оплаты пока не видно');
    expect(last('answerCallbackQuery').text).toBe('Оплаты пока не видно');
  });
});

describe('a forged or old button', () => {
  it('gives the same answer for somebody else’s payment as for one that never was', async () => {
    const bill = await buy(somebody());
    const data = button(bill, 'Проверить')?.callback_data;
    const thief = somebody();
    const stolen = await tap(thief, data);
    const toast = last('answerCallbackQuery').text;
    expect(stolen.text).toContain('Что сделать?');
    expect(await tap(thief, `1:check:pay_${'0'.repeat(26)}`)).toMatchObject({ text: stolen.text });
    expect(last('answerCallbackQuery').text).toBe(toast);
  });

  it('of a plan version that is gone shows what is sold now', async () => {
    const shown = await tap(somebody(), `1:pay:plv_${'0'.repeat(26)}`);
    expect(shown.text).toContain('Выберите срок');
    expect(last('answerCallbackQuery').text).toContain('Тариф изменился');
  });

  it('without sense shows the menu beside the message', async () => {
    await tap(somebody(), 'drop table');
    expect(calls('editMessageText')).toHaveLength(0);
    expect(last('sendMessage').text).toContain('Что сделать?');
    expect(last('answerCallbackQuery').text).toContain('устарела');
  });

  it('under a fact leaves the fact where it is', async () => {
    await tap(somebody(), '1!menu');
    expect(calls('editMessageText')).toHaveLength(0);
    expect(calls('sendMessage')).toHaveLength(1);
  });
});

describe('people', () => {
  it('are greeted by the name they gave, whatever is in it', async () => {
    const from = somebody('</b><a href="x">&', 'en');
    await bot.apologise(
      { update_id: 1, message: { chat: { id: from.id, type: 'private' }, from } },
      'x',
    );
    expect(last('sendMessage').text).toContain('This did not work');
    expect((await say(from, '/start')).text).not.toContain('<a');
  });

  it('choose their language, and every later word is in it', async () => {
    const from = somebody();
    expect((await tap(from, '1:speak:en')).text).toContain('What would you like to do?');
    expect((await say(from, '/plans')).text).toContain('Choose a term');
  });

  it('who are banned see only where to write', async () => {
    const from = somebody();
    await say(from, '/menu');
    await sql`update person set state = 'banned' where id = (
      select person_id from person_identity where subject = ${String(from.id)})`.execute(
      world.db.read,
    );
    expect((await say(from, '/plans')).text).toContain('Аккаунт закрыт');
    expect((await tap(from, '1:plans')).text).toContain('Аккаунт закрыт');
  });

  it('who block the bot are left alone, and remembered when they come back', async () => {
    const from = somebody();
    await say(from, '/menu');
    const chat = { id: from.id, type: 'private' };
    const member = (status: string) => ({
      update_id: 1,
      my_chat_member: { chat, from, new_chat_member: { status } },
    });
    const person = await deps.identity.resolveTelegram({
      id: BigInt(from.id),
      firstName: 'O',
      username: undefined,
      languageCode: 'ru',
    });
    await bot.handle(member('kicked'), 1);
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(true);
    await bot.handle(member('member'), 1);
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(false);
    server.answer(`${API}sendMessage`, {
      status: 403,
      body: { ok: false, error_code: 403, description: 'Forbidden: bot was blocked by the user' },
    });
    await say(from, '/menu');
    expect((await deps.identity.contact(person.id))?.isBlocked).toBe(true);
  });

  it('who ask too often are told once', async () => {
    const from = somebody();
    for (let at = 0; at < 33; at += 1) await say(from, '/menu');
    expect(calls('sendMessage')).toHaveLength(31);
    expect(last('sendMessage').text).toContain('Слишком часто');
  });
});

describe('the chat', () => {
  it('of a group gets one polite line, and only for a command', async () => {
    const from = somebody();
    await say(from, 'hello', 'supergroup');
    expect(calls('sendMessage')).toHaveLength(0);
    expect((await say(from, '/start', 'supergroup')).text).toContain('личной переписке');
  });

  it('does not mind a screen that is there already, and sends anew one that was deleted', async () => {
    const refuse = (description: string) => ({
      status: 400,
      body: { ok: false, error_code: 400, description },
    });
    server.answer(
      `${API}editMessageText`,
      refuse('Bad Request: message is not modified: x'),
      refuse('Bad Request: message to edit not found'),
    );
    await tap(somebody(), '1:menu');
    expect(calls('sendMessage')).toHaveLength(0);
    await tap(somebody(), '1:menu');
    expect(calls('sendMessage')).toHaveLength(1);
  });

  it('answers the tap even when the screen fails', async () => {
    server.answer(`${API}editMessageText`, {
      status: 500,
      body: { ok: false, error_code: 500, description: 'x' },
    });
    await expect(tap(somebody(), '1:menu')).rejects.toThrow();
    expect(calls('answerCallbackQuery')).toHaveLength(1);
  });

  it('answers stickers and words it does not know with what it can do', async () => {
    const from = somebody();
    await bot.handle(
      { update_id: 1, message: { chat: { id: from.id, type: 'private' }, from } },
      1,
    );
    expect(last('sendMessage').text).toContain('Я понимаю кнопки');
  });
});
