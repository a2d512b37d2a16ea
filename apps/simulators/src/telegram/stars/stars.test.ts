import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRunning, type ApiBody, type Running } from '../testing/running.ts';
import { PERIOD_MS } from './charge.ts';

let telegram: Running;
let olga: number;
beforeEach(async () => {
  telegram = await startRunning();
  olga = (await telegram.control('POST', '/people', { name: 'Olga', started: true })).body.id;
});
afterEach(() => telegram.stop());

const INVOICE = {
  title: 'Month',
  description: 'A month of access',
  payload: 'pay_1',
  provider_token: '',
  currency: 'XTR',
  prices: [{ label: 'Month', amount: 150 }],
};
const base = (): string => telegram.address.slice(0, -'/telegram'.length);
async function post(path: string, body: object = {}): Promise<{ status: number; body: Body }> {
  const response = await fetch(`${base()}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { status: response.status, body: (await response.json()) as Body }; // control answers JSON
}
async function read(path: string): Promise<Body> {
  return (await (await fetch(`${base()}${path}`)).json()) as Body; // control answers JSON
}
type Body = Record<string, unknown> & { id: string; subscriptions: { id: string }[] };

async function link(more: object = {}): Promise<string> {
  const { result } = await telegram.api('createInvoiceLink', { ...INVOICE, ...more });
  return String(result).split('/').at(-1) ?? '';
}
const press = async (invoiceId: string): Promise<string> =>
  (await post('/stars/control/attempts', { invoiceId, personId: olga })).body.id;
const answer = (id: string, more: object = { ok: true }): Promise<ApiBody> =>
  telegram.api('answerPreCheckoutQuery', { pre_checkout_query_id: id, ...more });
async function buy(invoiceId: string): Promise<void> {
  await answer(await press(invoiceId));
}
type Update = { update_id: number } & Record<string, Record<string, unknown>>;
/** Everything the bot was not given yet; each is given once. */
async function updates(): Promise<Update[]> {
  const { result } = await telegram.api('getUpdates');
  const all = result as Update[]; // what the method answers
  const last = all.at(-1)?.update_id ?? 0;
  await telegram.api('getUpdates', { offset: last + 1 });
  return all;
}
const paidIn = (update: Update | undefined): unknown => update?.['message']?.['successful_payment'];

describe('an invoice', () => {
  it.each([
    ['INVOICE_TITLE_INVALID', { title: 't'.repeat(33) }],
    ['INVOICE_DESCRIPTION_INVALID', { description: '' }],
    ['INVOICE_PAYLOAD_INVALID', { payload: 'ж'.repeat(65) }],
    ['CURRENCY_INVALID', { currency: 'RUB' }],
    ['PAYMENT_PROVIDER_INVALID', { provider_token: '381764678:TEST' }],
    ['STARS_INVOICE_INVALID', { prices: [...INVOICE.prices, ...INVOICE.prices] }],
    ['STARS_AMOUNT_INVALID', { prices: [{ label: 'x', amount: 1.5 }] }],
    ['SUBSCRIPTION_PERIOD_INVALID', { subscription_period: 86_400 }],
  ])('is refused with %s', async (words, more) => {
    const { ok, description } = await telegram.api('createInvoiceLink', { ...INVOICE, ...more });
    expect([ok, description]).toEqual([false, `Bad Request: ${words}`]);
  });

  it('sent into a chat has a pay button first, its own or Telegram’s', async () => {
    const sent = await telegram.api('sendInvoice', { ...INVOICE, chat_id: olga });
    expect(sent.result).toMatchObject({
      invoice: { title: 'Month', currency: 'XTR', total_amount: 150 },
      reply_markup: { inline_keyboard: [[{ pay: true }]] },
    });
    const late = {
      inline_keyboard: [[{ text: 'a', callback_data: 'a' }], [{ text: 'b', pay: true }]],
    };
    const refused = await telegram.api('sendInvoice', {
      ...{ ...INVOICE, chat_id: olga },
      reply_markup: late,
    });
    expect(refused.description).toBe('Bad Request: BUTTON_TYPE_INVALID');
  });
});

describe('a payment', () => {
  it('asks the bot, takes the Stars when it agrees, and says so in the chat', async () => {
    const query = await press(await link());
    const [asked] = await updates();
    expect(asked?.['pre_checkout_query']).toMatchObject({
      id: query,
      from: { id: olga },
      currency: 'XTR',
      total_amount: 150,
      invoice_payload: 'pay_1',
    });
    expect((await telegram.api('getMyStarBalance')).result).toEqual({ amount: 0 });
    expect((await answer(query)).ok).toBe(true);
    const paid = paidIn((await updates())[0]);
    expect(paid).toMatchObject({ currency: 'XTR', total_amount: 150, invoice_payload: 'pay_1' });
    expect(paid).not.toHaveProperty('is_recurring');
    const { result } = await telegram.api('getStarTransactions');
    expect(result).toMatchObject({
      transactions: [
        {
          id: (paid as { telegram_payment_charge_id: string }).telegram_payment_charge_id, // seen above
          amount: 150,
          source: { type: 'user', transaction_type: 'invoice_payment', invoice_payload: 'pay_1' },
        },
      ],
    });
  });

  it('takes nothing when the bot says no, or says yes after ten seconds', async () => {
    const invoice = await link();
    const refused = await press(invoice);
    await answer(refused, { ok: false, error_message: 'Sold out' });
    expect(await read(`/stars/control/attempts/${refused}`)).toMatchObject({
      state: 'refused',
      words: 'Sold out',
    });
    const late = await press(invoice);
    telegram.clock.advance(10_001);
    expect((await answer(late)).description).toMatch(/^Bad Request: query is too old/);
    telegram.clock.advance(1_000);
    expect(await read(`/stars/control/attempts/${late}`)).toMatchObject({ state: 'expired' });
    expect((await telegram.api('getMyStarBalance')).result).toEqual({ amount: 0 });
  });

  it('is never asked about when the bot did not ask for such updates', async () => {
    await telegram.api('getUpdates', { allowed_updates: ['message'] });
    await press(await link());
    expect(await updates()).toEqual([]);
  });

  it('can be made twice by a double tap: two charges, one payload', async () => {
    const invoice = await link();
    const wish = { method: String(olga) };
    await post(`/stars/control/payments/${invoice}/twice`, wish);
    for (const update of await updates()) {
      await answer(String(update['pre_checkout_query']?.['id']));
    }
    const charges = (await updates()).map(paidIn) as { telegram_payment_charge_id: string }[]; // two payments
    expect(new Set(charges.map((each) => each.telegram_payment_charge_id)).size).toBe(2);
    expect(await read(`/stars/control/payments/${invoice}`)).toMatchObject({
      reference: 'pay_1',
      state: 'paid',
      taken: '300',
    });
  });

  it('is made by whoever got the link into their chat, also late', async () => {
    const invoice = await link();
    expect((await post(`/stars/control/payments/${invoice}/pay`)).status).toBe(409);
    const url = `${telegram.world.selfUrl}/telegram/invoice/${invoice}`;
    await telegram.api('sendMessage', {
      chat_id: olga,
      text: 'Pay',
      reply_markup: { inline_keyboard: [[{ text: 'Pay', url }]] },
    });
    await post(`/stars/control/payments/${invoice}/late`, { afterMs: 60_000 });
    telegram.clock.advance(59_000);
    expect(await updates()).toEqual([]);
    telegram.clock.advance(1_500);
    expect((await updates())[0]?.['pre_checkout_query']).toMatchObject({ from: { id: olga } });
  });
});

describe('a refund', () => {
  it('is of the whole charge, once, told in the chat and in the list under the same id', async () => {
    await buy(await link());
    const paid = paidIn((await updates()).at(-1)) as { telegram_payment_charge_id: string }; // just paid
    const charge = { user_id: olga, telegram_payment_charge_id: paid.telegram_payment_charge_id };
    const wrong = await telegram.api('refundStarPayment', { ...charge, user_id: olga + 1 });
    expect(wrong.description).toBe('Bad Request: CHARGE_NOT_FOUND');
    expect((await telegram.api('refundStarPayment', charge)).result).toBe(true);
    const again = await telegram.api('refundStarPayment', charge);
    expect(again).toMatchObject({
      error_code: 400,
      description: 'Bad Request: CHARGE_ALREADY_REFUNDED',
    });
    expect((await updates())[0]?.['message']?.['refunded_payment']).toMatchObject({
      total_amount: 150,
      telegram_payment_charge_id: charge.telegram_payment_charge_id,
    });
    const { result } = await telegram.api('getStarTransactions', { offset: 1 });
    expect(result).toMatchObject({
      transactions: [{ id: charge.telegram_payment_charge_id, receiver: { type: 'user' } }],
    });
  });
});

describe('a subscription', () => {
  const subscribe = async (): Promise<string> => {
    await buy(await link({ subscription_period: 2_592_000 }));
    const paid = paidIn((await updates()).at(-1));
    expect(paid).toMatchObject({ is_recurring: true, is_first_recurring: true });
    return (await read('/stars/control/subscriptions')).subscriptions[0]?.id ?? '';
  };

  it('is charged every 30 days with the same payload and a new charge, unasked', async () => {
    const id = await subscribe();
    telegram.clock.advance(PERIOD_MS);
    const [renewal, ...more] = await updates();
    expect(more).toEqual([]);
    const paid = paidIn(renewal);
    expect(paid).toMatchObject({ is_recurring: true, invoice_payload: 'pay_1' });
    expect(paid).not.toHaveProperty('is_first_recurring');
    expect(paid).not.toMatchObject({ telegram_payment_charge_id: id });
  });

  it('is stopped by the bot in silence, and then never charged', async () => {
    const id = await subscribe();
    const change = { user_id: olga, telegram_payment_charge_id: id, is_canceled: true };
    expect((await telegram.api('editUserStarSubscription', change)).result).toBe(true);
    telegram.clock.advance(PERIOD_MS);
    expect(await updates()).toEqual([]);
  });

  it('tells the bot when the person cancels it, resumes it, or has too few Stars', async () => {
    const id = await subscribe();
    for (const act of ['cancel', 'resume']) await post(`/stars/control/subscriptions/${id}/${act}`);
    await post(`/stars/control/subscriptions/${id}/renew`, { outcome: 'failed' });
    const states = (await updates()).map((update) => update['subscription']?.['state']);
    expect(states).toEqual(['canceled', 'active', 'failed']);
    expect((await post(`/stars/control/subscriptions/${id}/renew`)).status).toBe(409);
  });
});

describe('the payment sheet', () => {
  const sheet = async (id: string, form: string): Promise<string> => {
    const response = await fetch(`${base()}/telegram/invoice/${id}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: `lang=en&person=${String(olga)}&${form}`,
    });
    return response.text();
  };

  it('waits for the bot after "pay" and then shows what it said', async () => {
    const id = await link();
    const page = await (await fetch(`${base()}/telegram/invoice/${id}?lang=en`)).text();
    expect(page).toContain('150');
    expect(page).toContain('data-testid="payer"');
    expect(await sheet(id, 'act=pay')).toContain('data-state="asked"');
    const query = String((await updates())[0]?.['pre_checkout_query']?.['id']);
    await answer(query, { ok: false, error_message: 'Sold <out>' });
    const after = await fetch(`${base()}/telegram/invoice/${id}?lang=en&attempt=${query}`);
    expect(await after.text()).toContain('Sold &lt;out&gt;');
  });

  it('lets the buyer go without Stars, or without paying, and the bot hears nothing', async () => {
    const id = await link();
    expect(await sheet(id, 'act=poor')).toContain('data-state="tooFew"');
    expect(await sheet(id, 'act=cancel')).toContain('data-state="left"');
    expect(await updates()).toEqual([]);
    expect((await fetch(`${base()}/telegram/invoice/nothing`)).status).toBe(404);
  });
});
