import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { rehearse, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createCryptopay } from './index.ts';
import { signBody } from './signing.ts';

const { token } = SIMULATED_KEYS.cryptopay;
let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse({ create: createCryptopay });
});
afterEach(() => vendor.stop());

const api = (method: string, params: object, key = token): Promise<Reply> =>
  vendor.visit('POST', `/cryptopay/api/${method}`, params, { 'crypto-pay-api-token': key });
const FIAT = { currency_type: 'fiat', fiat: 'RUB', amount: '499.00', payload: 'pay_1' };
type Invoice = Record<string, unknown>;
async function create(more: object = {}): Promise<Invoice> {
  return (await api('createInvoice', { ...FIAT, ...more })).body['result'] as Invoice; // a created bill
}
async function listed(params: object = {}): Promise<Invoice[]> {
  const { body } = await api('getInvoices', params);
  return (body['result'] as { items: Invoice[] }).items; // the answer of the list
}
const act = (invoice: Invoice, name: string, wish?: object): Promise<Reply> =>
  vendor.visit(
    'POST',
    `/cryptopay/control/payments/${String(invoice['invoice_id'])}/${name}`,
    wish,
  );

describe('the signature', () => {
  type Vector = {
    id: string;
    key: string;
    signature: string | null;
    bodyBase64: string;
    verdict: string;
  };
  const vectors = JSON.parse(
    readFileSync(new URL('./fixtures/vectors.json', import.meta.url), 'utf8'),
  ) as Vector[]; // a file of this folder

  it.each(vectors)('is the one of vector $id', ({ key, signature, bodyBase64, verdict }) => {
    const signed = signBody(Buffer.from(bodyBase64, 'base64'), key);
    expect(signed === signature).toBe(verdict === 'accept');
  });
});

describe('the API', () => {
  it('makes an active bill whose addresses lead to the wallet page', async () => {
    const invoice = await create({ accepted_assets: 'TON,USDT', expires_in: 3600 });
    expect(invoice).toMatchObject({
      invoice_id: 1,
      status: 'active',
      currency_type: 'fiat',
      fiat: 'RUB',
      amount: '499',
      accepted_assets: ['TON', 'USDT'],
      payload: 'pay_1',
      expiration_date: '2026-11-20T13:00:00.000Z',
      bot_invoice_url: `${vendor.world.selfUrl}/cryptopay/checkout/1`,
    });
  });

  it('takes GET with a query and a form as well', async () => {
    const headers = { 'crypto-pay-api-token': token };
    const query = new URLSearchParams(FIAT).toString();
    const got = await vendor.visit(
      'GET',
      `/cryptopay/api/createInvoice?${query}`,
      undefined,
      headers,
    );
    const form = await vendor.visit('POST', '/cryptopay/api/createInvoice', query, headers);
    expect([got.body['ok'], form.body['ok']]).toEqual([true, true]);
  });

  it('has no idempotency: a repeat is one more bill with the same payload', async () => {
    const [first, second] = [await create(), await create()];
    expect(first['invoice_id']).not.toBe(second['invoice_id']);
    expect((await listed()).map((each) => each['payload'])).toEqual(['pay_1', 'pay_1']);
  });

  it.each([
    ['AMOUNT_INVALID', { amount: '4,99' }],
    ['AMOUNT_INVALID', { amount: '0' }],
    ['AMOUNT_INVALID', { amount: '4.999' }],
    ['FIAT_INVALID', { fiat: 'XXX' }],
    ['ACCEPTED_ASSETS_INVALID', { accepted_assets: 'USDT,GOLD' }],
    ['CURRENCY_TYPE_INVALID', { currency_type: 'barter' }],
    ['ASSET_INVALID', { currency_type: 'crypto', asset: 'GOLD' }],
    ['DESCRIPTION_INVALID', { description: 'd'.repeat(1025) }],
    ['PAYLOAD_TOO_LONG', { payload: 'ж'.repeat(2049) }],
    ['EXPIRES_IN_INVALID', { expires_in: 2_678_401 }],
    ['PAID_BTN_NAME_INVALID', { paid_btn_name: 'buy', paid_btn_url: 'https://shop.example' }],
    ['PAID_BTN_URL_INVALID', { paid_btn_name: 'callback', paid_btn_url: 'javascript:1' }],
  ])('answers 400 %s', async (name, more) => {
    const { status, body } = await api('createInvoice', { ...FIAT, ...more });
    expect([status, body]).toEqual([400, { ok: false, error: { code: 400, name } }]);
  });

  it('refuses a wrong token, an unknown method and one switched off for new apps', async () => {
    const name = async (reply: Promise<Reply>): Promise<unknown> => (await reply).body['error'];
    expect(await name(api('getMe', {}, 'wrong'))).toEqual({ code: 401, name: 'UNAUTHORIZED' });
    expect(await name(api('getGold', {}))).toMatchObject({ code: 405 });
    expect(await name(api('transfer', {}))).toMatchObject({ name: 'METHOD_DISABLED' });
  });

  it('lists by ids and status, pages, and forgets a deleted bill', async () => {
    const [first, second, third] = [await create(), await create(), await create()];
    await act(second, 'pay');
    const ids = async (params: object): Promise<unknown> =>
      (await listed(params)).map((each) => each['invoice_id']);
    expect(await ids({ status: 'paid' })).toEqual([2]);
    expect(await ids({ invoice_ids: '1,3' })).toEqual([3, 1]);
    expect(await ids({ offset: 1, count: 1 })).toEqual([2]);
    expect((await api('deleteInvoice', { invoice_id: 1 })).body['result']).toBe(true);
    expect(await ids({})).toEqual([third['invoice_id'], second['invoice_id']]);
    expect((await act(first, 'pay')).status).toBe(409);
  });
});

describe('the life of a bill', () => {
  it('is paid in a chosen coin, rounded up, and the earning reaches the balance', async () => {
    const invoice = await create();
    await act(invoice, 'pay', { method: 'TON' });
    expect((await listed())[0]).toMatchObject({
      status: 'paid',
      amount: '499',
      paid_asset: 'TON',
      paid_amount: '2.495',
      paid_fiat_rate: '200',
      fee: '0.02495',
      fee_amount: 0.02495,
    });
    const { body } = await api('getBalance', {});
    expect(body['result']).toContainEqual({
      currency_code: 'TON',
      available: '2.47005',
      onhold: '0',
    });
    expect((await act(invoice, 'pay')).status).toBe(409);
  });

  it('expires in silence, and then cannot be paid', async () => {
    const invoice = await create({ expires_in: 60 });
    await vendor.advance(60_500);
    expect((await listed())[0]).toMatchObject({ status: 'expired' });
    expect((await act(invoice, 'pay')).status).toBe(409);
    expect(vendor.gateway.received).toEqual([]);
  });

  it('waits for a buyer who promised to pay late', async () => {
    const invoice = await create({ expires_in: 60 });
    await act(invoice, 'late', { afterMs: 120_000 });
    await vendor.advance(119_000);
    expect((await listed())[0]).toMatchObject({ status: 'active' });
    await vendor.advance(1_500);
    expect((await listed())[0]).toMatchObject({ status: 'paid' });
  });

  it('can be paid twice only where the shop made two bills of one payment', async () => {
    const only = await create();
    expect((await act(only, 'twice')).status).toBe(409);
    await create();
    await act(only, 'twice');
    expect((await listed()).map((each) => each['status'])).toEqual(['paid', 'paid']);
  });
});

describe('notices', () => {
  it('tell only of a payment, signed over the exact bytes', async () => {
    await act(await create(), 'pay');
    const { body, headers } = await vendor.notified();
    expect(JSON.parse(body)).toMatchObject({
      update_type: 'invoice_paid',
      request_date: '2026-11-20T12:00:00.000Z',
      payload: { invoice_id: 1, status: 'paid', payload: 'pay_1' },
    });
    expect(headers['crypto-pay-api-signature']).toBe(signBody(body, token));
  });

  it('carry update ids that are not unique, as the vendor warns', async () => {
    const ids = new Set<unknown>();
    for (let at = 0; at < 5; at += 1) {
      await act(await create(), 'pay');
      const sent = JSON.parse((await vendor.notified()).body) as { update_id: number }; // a notice
      ids.add(sent.update_id);
    }
    expect(ids.size).toBeLessThan(5);
  });

  it('are repeated until a 2xx, and a forged one comes once with a wrong signature', async () => {
    vendor.gateway.answers.push(503, 204);
    await act(await create(), 'pay');
    await vendor.notified();
    await vendor.advance(9_000);
    expect(vendor.gateway.received).toHaveLength(1);
    await vendor.notified();
    expect(vendor.gateway.received).toHaveLength(2);
    vendor.gateway.answers.push(401);
    await vendor.visit('POST', '/cryptopay/control/notifications', { body: '{"update_id":1}' });
    const forged = await vendor.notified();
    expect(forged.headers['crypto-pay-api-signature']).not.toBe(signBody(forged.body, token));
    await vendor.advance(24 * 3_600_000);
    expect(vendor.gateway.received).toHaveLength(3);
  });
});

describe('the buyer’s page', () => {
  it('shows the price in each coin and pays in the chosen one', async () => {
    await create({ accepted_assets: 'USDT,TON', description: '<b>Month</b>' });
    const page = await vendor.visit('GET', '/cryptopay/checkout/1?lang=en');
    expect(page.text).toContain('6.2375 USDT');
    expect(page.text).toContain('2.495 TON');
    expect(page.text).toContain('&lt;b&gt;Month&lt;/b&gt;');
    const { location } = await vendor.visit(
      'POST',
      '/cryptopay/checkout/1',
      'act=pay&method=TON&lang=en',
    );
    expect((await vendor.visit('GET', location)).text).toContain('data-state="paid"');
    expect((await listed())[0]).toMatchObject({ paid_asset: 'TON' });
  });

  it('shows the owner what came, with the coin', async () => {
    await act(await create(), 'pay');
    const { text } = await vendor.visit('GET', '/cryptopay/?lang=en');
    expect(text).toContain('6.2375 USDT');
    expect(text).toContain('data-testid="total-taken-RUB"');
  });
});
