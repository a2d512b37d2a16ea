import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CHAT_BURST, MAIL_BURST } from './limits.ts';
import { CALLBACK_ANSWER_MAX, TEXT_MAX } from './messages.ts';
import { QUERY_LIFETIME_MS } from './queries.ts';
import { startRunning, TOKEN, type ApiBody, type Running } from './testing/running.ts';

let telegram: Running;

beforeEach(async () => {
  telegram = await startRunning();
});

afterEach(() => telegram.stop());

const refusal = ({ error_code, description }: ApiBody): string =>
  `${String(error_code)} ${description ?? ''}`;

async function person(more: object = { started: true }): Promise<number> {
  return (await telegram.control('POST', '/people', more)).body.id;
}

const send = (chatId: number, more: object = {}): Promise<ApiBody> =>
  telegram.api('sendMessage', { chat_id: chatId, text: 'да', ...more });

const idOf = (answer: ApiBody): number => (answer.result as { message_id: number }).message_id; // a Message

describe('calls', () => {
  it('with a wrong token are unauthorized, unknown methods are not found', async () => {
    const response = await fetch(`${telegram.address}/bot1:wrong/getMe`);
    expect([response.status, await response.json()]).toEqual([
      401,
      { ok: false, error_code: 401, description: 'Unauthorized' },
    ]);
    expect(refusal(await telegram.api('getNothing'))).toBe('404 Not Found: method not found');
  });

  it('take parameters from the query, a form or JSON, nested JSON as text', async () => {
    const chat = String(await person());
    const markup = '{"inline_keyboard":[[{"text":"x","callback_data":"x"}]]}';
    const url = `${telegram.address}/bot${TOKEN}/sendmessage`;
    const form = new URLSearchParams({ text: 'форма', reply_markup: markup });
    const response = await fetch(`${url}?chat_id=${chat}`, { method: 'POST', body: form });
    const bot = { id: 7_000_000_001, is_bot: true, first_name: 'Bot', username: 'simulated_bot' };
    expect(await response.json()).toMatchObject({
      ok: true,
      result: {
        from: bot,
        chat: { id: Number(chat), type: 'private' },
        date: 1_795_172_520,
        text: 'форма',
        reply_markup: JSON.parse(markup),
      },
    });
  });

  it('name the bot per language; an empty name gives back the one before', async () => {
    const nameIn = async (language: string): Promise<unknown> =>
      (await telegram.api('getMyName', { language_code: language })).result;
    expect(await nameIn('ru')).toEqual({ name: 'Bot' });
    await telegram.api('setMyName', { name: 'Shop' });
    await telegram.api('setMyName', { name: 'Лавка', language_code: 'ru' });
    expect([await nameIn('ru'), await nameIn('en')]).toEqual([{ name: 'Лавка' }, { name: 'Shop' }]);
    expect((await telegram.api('getMe')).result).toMatchObject({ first_name: 'Shop' });
    await telegram.api('setMyName', { name: '', language_code: 'ru' });
    expect(await nameIn('ru')).toEqual({ name: 'Shop' });
  });
});

describe('sending', () => {
  it('knows a chat only after its person wrote, and not after a block', async () => {
    const olga = await person({});
    expect(refusal(await send(olga))).toBe('400 Bad Request: chat not found');
    await telegram.control('POST', `/people/${String(olga)}/messages`, { text: '/start' });
    expect((await send(olga)).ok).toBe(true);
    await telegram.control('POST', `/people/${String(olga)}/block`, { blocked: true });
    expect(refusal(await send(olga))).toBe('403 Forbidden: bot was blocked by the user');
    const updates = (await telegram.api('getUpdates')).result;
    expect(updates).toMatchObject([
      { message: { text: '/start', entities: [{ type: 'bot_command', offset: 0, length: 6 }] } },
      { my_chat_member: { new_chat_member: { status: 'kicked' } } },
    ]);
  });

  it('counts the text after parsing', async () => {
    const olga = await person();
    const longest = `<b>${'я'.repeat(TEXT_MAX)}</b>`;
    expect((await send(olga, { text: longest, parse_mode: 'HTML' })).ok).toBe(true);
    const longer = await send(olga, { text: `${longest}!`, parse_mode: 'HTML' });
    expect(refusal(longer)).toBe('400 Bad Request: message is too long');
    const empty = await send(olga, { text: '<b> </b>', parse_mode: 'HTML' });
    expect(refusal(empty)).toBe('400 Bad Request: message text is empty');
  });

  it('to one chat passes a burst, then one message per second', async () => {
    const olga = await person();
    for (let count = 0; count < CHAT_BURST; count += 1) expect((await send(olga)).ok).toBe(true);
    const refused = await send(olga);
    expect(refusal(refused)).toBe('429 Too Many Requests: retry after 1');
    expect(refused.parameters).toEqual({ retry_after: 1 });
    telegram.clock.advance(1_000);
    expect((await send(olga)).ok).toBe(true);
    expect((await send(olga)).error_code).toBe(429);
  });

  it('to many people is limited in total, answers to people are not', async () => {
    const people: number[] = [];
    for (let count = 0; count <= MAIL_BURST; count += 1) people.push(await person());
    const codes: (number | undefined)[] = [];
    for (const id of people) codes.push((await send(id)).error_code);
    expect(codes.indexOf(429)).toBe(MAIL_BURST);
    const last = people.at(-1) ?? 0;
    await telegram.control('POST', `/people/${String(last)}/messages`, { text: 'ау' });
    expect((await send(last)).ok).toBe(true);
  });
});

describe('editing', () => {
  it('changes text and buttons, and refuses an identical edit', async () => {
    const olga = await person();
    const message_id = idOf(await send(olga));
    const edit = { chat_id: olga, message_id, text: '<i>нет</i>', parse_mode: 'HTML' };
    expect((await telegram.api('editMessageText', edit)).ok).toBe(true);
    const again = await telegram.api('editMessageText', edit);
    expect(refusal(again)).toContain('400 Bad Request: message is not modified');
    const { body } = await telegram.control('GET', `/people/${String(olga)}/messages`);
    expect(body.messages).toMatchObject([{ html: '<i>нет</i>', edited: true }]);
    expect((await telegram.api('deleteMessage', { chat_id: olga, message_id })).ok).toBe(true);
    expect(refusal(await telegram.api('editMessageText', edit))).toContain('not found');
  });
});

describe('a tap', () => {
  const keyboard = { inline_keyboard: [[{ text: 'x', callback_data: 'ord:1' }]] };

  it('needs that button on that message', async () => {
    const olga = await person();
    const messageId = idOf(await send(olga, { reply_markup: keyboard }));
    const path = `/people/${String(olga)}/taps`;
    expect((await telegram.control('POST', path, { messageId, data: 'ord:2' })).status).toBe(400);
    expect((await telegram.control('POST', path, { messageId, data: 'ord:1' })).status).toBe(201);
  });

  it('is answered once, in time and in at most 200 signs', async () => {
    const olga = await person();
    const messageId = idOf(await send(olga, { reply_markup: keyboard }));
    const tap = async (): Promise<string> => {
      const path = `/people/${String(olga)}/taps`;
      return (await telegram.control('POST', path, { messageId, data: 'ord:1' })).body.queryId;
    };
    const answer = (id: string, text: string): Promise<ApiBody> =>
      telegram.api('answerCallbackQuery', { callback_query_id: id, text });
    const query = await tap();
    const long = await answer(query, 'я'.repeat(CALLBACK_ANSWER_MAX + 1));
    expect(refusal(long)).toBe('400 Bad Request: MESSAGE_TOO_LONG');
    expect((await answer(query, 'Готово')).ok).toBe(true);
    expect(refusal(await answer(query, 'Готово'))).toContain('query is too old');
    const late = await tap();
    telegram.clock.advance(QUERY_LIFETIME_MS + 1);
    expect((await answer(late, '')).error_code).toBe(400);
    const { body } = await telegram.control('GET', `/people/${String(olga)}/messages`);
    expect(body.messages[0]?.taps).toMatchObject([
      { answer: { text: 'Готово' } },
      { data: 'ord:1' },
    ]);
  });
});
