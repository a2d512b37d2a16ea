import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { readMessage } from '../exact-json.ts';
import { rehearse, type Rehearsal, type Reply } from '../rehearsal.ts';
import { createFreekassa } from './index.ts';
import { isSame, signCall, signForm, signNotice } from './signatures.ts';
import vectors from './vectors.json' with { type: 'json' };

const { shopId, word1, word2, apiKey } = SIMULATED_KEYS.freekassa;
let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse({ create: createFreekassa, usual: 'YES' });
});
afterEach(() => vendor.stop());

type Link = Readonly<Record<string, string>>;
function link(more: Link = {}): string {
  const fields = { m: shopId, oa: '499.00', currency: 'RUB', o: 'pay_1', ...more };
  const signed: Link = { s: signForm(fields, word1), ...fields };
  return `/freekassa/pay/?${new URLSearchParams(signed).toString()}`;
}
const opened = async (more: Link = {}): Promise<string> =>
  (await vendor.visit('GET', link(more))).location.split('/').at(-1) ?? '';
const act = (id: string, name: string, wish?: object): Promise<Reply> =>
  vendor.visit('POST', `/freekassa/control/payments/${id}/${name}`, wish);
const set = (settings: object): Promise<Reply> =>
  vendor.visit('PUT', '/freekassa/control/settings', settings);

let nonce = 1_000_000;
function call(method: string, fields: object = {}, more: object = {}): Promise<Reply> {
  nonce += 1;
  const body = { shopId: Number(shopId), nonce, ...fields };
  const read = readMessage(Buffer.from(JSON.stringify(body))) ?? {};
  const whole = { ...body, signature: signCall(read, apiKey), ...more };
  return vendor.visit('POST', `/freekassa/v1/${method}`, whole);
}

describe('the signatures', () => {
  it.each(vectors.filter(({ kind }) => kind === 'form'))('of a link: $id', (vector) => {
    const { m = '', oa = '', currency = '', o = '' } = vector;
    const made = signForm({ m, oa, currency, o }, vector.secret_word_1 ?? '');
    expect(made).toBe(vector.expected_signature_hex);
  });

  it.each(vectors.filter(({ kind }) => kind === 'api-request'))('of a call: $id', (vector) => {
    const payload = readMessage(Buffer.from(JSON.stringify(vector.payload))) ?? {};
    expect(signCall(payload, vector.api_key ?? '')).toBe(vector.expected_signature_hex);
  });

  it.each(vectors.filter(({ kind }) => kind === 'notification'))('of a notice: $id', (vector) => {
    const fields = new URLSearchParams(vector.body_utf8);
    const text = (name: string): string => fields.get(name) ?? '';
    const notice = {
      shopId: text('MERCHANT_ID'),
      amount: text('AMOUNT'),
      orderId: text('MERCHANT_ORDER_ID'),
    };
    const right = signNotice(notice, vector.secret_word_2 ?? '');
    expect(isSame(text('SIGN').toUpperCase(), right)).toBe(vector.verdict === 'accept');
  });
});

describe('the link', () => {
  it('makes an order when it is opened, and another one every time', async () => {
    const [first, second] = [await opened(), await opened()];
    expect(first).toMatch(/^\d+$/);
    expect(second).not.toBe(first);
    const { body } = await call('orders', { paymentId: 'pay_1' });
    expect(body).toMatchObject({ type: 'success', pages: 1 });
    expect(body['orders']).toMatchObject([{ status: 0 }, { status: 0 }]);
  });

  it.each([
    ['a wrong signature', link({ s: '0'.repeat(32) })],
    ['another sum than was signed', link().replace('oa=499.00', 'oa=1.00')],
    ['the same sum written otherwise', link().replace('oa=499.00', 'oa=499')],
    ['a foreign shop', link({ m: '1' })],
    ['a sum of nothing', link({ oa: '0.00' })],
    ['a currency nobody takes', link({ currency: 'GBP' })],
    ['a repeated field', `${link()}&o=pay_2`],
    ['no order', link({ o: '' })],
  ])('is refused with %s', async (_what, path) => {
    const { status, text } = await vendor.visit('GET', path);
    expect(status).toBe(400);
    expect(text).toContain('data-testid="wrong-link"');
    expect((await call('orders')).body['orders']).toEqual([]);
  });
});

describe('notices', () => {
  it('tell of payments only, signed over the sum as it is written, with what the link gave', async () => {
    await act(await opened(), 'decline');
    await act(await opened(), 'abandon');
    const id = await opened({ us_cur: 'RUB' });
    await act(id, 'pay');
    const { method, body } = await vendor.notified();
    expect(vendor.gateway.received).toHaveLength(1);
    expect(method).toBe('POST');
    const fields = Object.fromEntries(new URLSearchParams(body));
    expect(fields).toMatchObject({
      MERCHANT_ID: shopId,
      AMOUNT: '499',
      intid: id,
      MERCHANT_ORDER_ID: 'pay_1',
      us_cur: 'RUB',
      SIGN: signNotice({ shopId, amount: '499', orderId: 'pay_1' }, word2),
    });
    expect(fields).not.toHaveProperty('currency');
  });

  it.each(['get', 'multipart'] as const)(
    'come by %s when the cabinet says so',
    async (noticeForm) => {
      await set({ noticeForm, amountForm: 'as-asked' });
      await act(await opened(), 'pay');
      const { method, url, body, headers } = await vendor.notified();
      expect(method).toBe(noticeForm === 'get' ? 'GET' : 'POST');
      const whole = noticeForm === 'get' ? url : body;
      expect(whole).toContain('499.00');
      expect(whole).toContain(signNotice({ shopId, amount: '499.00', orderId: 'pay_1' }, word2));
      if (noticeForm === 'get') expect(body).toBe('');
      else expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=/);
    },
  );

  it.each([
    ['OK', [200, 'OK']],
    ['YES with more', [200, 'YES!']],
    ['no word', [200, '']],
    ['a failure', [503, 'YES']],
  ] as const)('are repeated after %s and never after YES', async (_what, [status, text]) => {
    vendor.gateway.answers.push([status, text]);
    await act(await opened(), 'pay');
    await vendor.notified();
    await vendor.advance(61_000);
    for (let turn = 0; turn < 200 && vendor.gateway.received.length < 2; turn += 1) {
      await vendor.advance(25);
    }
    await vendor.advance(24 * 3_600_000);
    expect(vendor.gateway.received).toHaveLength(2);
  });
});

describe('an order', () => {
  it('can be paid twice by one link, and by another sum than asked', async () => {
    await act(await opened(), 'twice');
    const { body } = await call('orders', { paymentId: 'pay_1', orderStatus: 1 });
    expect(body['orders']).toHaveLength(2);
    const other = await opened({ o: 'pay_2' });
    expect((await act(other, 'other', { value: '480.50' })).body).toMatchObject({
      taken: '480.50',
    });
    expect((await call('orders', { paymentId: 'pay_2' })).body['orders']).toMatchObject([
      { amount: '480.5', status: 1, fk_order_id: Number(other) },
    ]);
    expect((await act(other, 'pay')).status).toBe(409);
  });

  it('is given back by number or by ours, in part and in whole, and no further', async () => {
    const id = await opened();
    expect((await call('orders/refund', { orderId: Number(id) })).body['type']).toBe('error');
    await act(id, 'pay');
    await call('orders/refund', { orderId: Number(id), orderAmount: '99.00' });
    const rest = { paymentId: 'pay_1', orderAmount: '400.01' };
    expect((await call('orders/refund', rest)).body['type']).toBe('error');
    await call('orders/refund', { ...rest, orderAmount: '400.00' });
    expect((await call('orders', { orderId: Number(id) })).body['orders']).toMatchObject([
      { status: 6 },
    ]);
    await set({ refundsAllowed: false });
    expect((await call('orders/refund', { orderId: Number(id) })).status).toBe(400);
  });

  it('waits for a late buyer, and is cancelled by its deadline otherwise', async () => {
    const [late, lost] = [await opened(), await opened()];
    await act(late, 'late', { afterMs: 30 * 3_600_000 });
    await vendor.advance(25 * 3_600_000);
    const stateOf = async (id: string): Promise<unknown> =>
      (await vendor.visit('GET', `/freekassa/control/payments/${id}`)).body['status'];
    expect([await stateOf(late), await stateOf(lost)]).toEqual(['0', '9']);
    await vendor.advance(6 * 3_600_000);
    expect(await stateOf(late)).toBe('1');
  });
});

describe('the API', () => {
  it('wants a signature and a nonce that only grows', async () => {
    const stale = { shopId: Number(shopId), nonce: 1 };
    const signature = createHmac('sha256', apiKey).update(`1|${shopId}`).digest('hex');
    await call('balance');
    const again = await vendor.visit('POST', '/freekassa/v1/balance', { ...stale, signature });
    expect(again).toMatchObject({ status: 401, body: { type: 'error' } });
    expect((await call('balance', {}, { signature: '00' })).status).toBe(401);
    expect((await call('balance', {}, { shopId: 1 })).status).toBe(401);
    expect((await call('balance')).status).toBe(200);
  });

  it('makes an order with a link of its own, and refuses what this vendor refuses', async () => {
    const order = {
      ...{ paymentId: 'pay_9', i: 42, email: 'buyer@shop.example', ip: '203.0.113.7' },
      ...{ amount: '499.00', currency: 'RUB' },
    };
    const { body } = await call('orders/create', order);
    expect(body['location']).toContain(`/freekassa/checkout/${String(body['orderId'])}`);
    for (const wrong of [{ email: 'test@example.com' }, { i: 44, ip: '127.0.0.1' }, { i: 7 }]) {
      expect((await call('orders/create', { ...order, ...wrong })).body['type']).toBe('error');
    }
  });
});

it('the page shows the sum, plays a payment and offers to pay once more', async () => {
  const [id, other] = [await opened({ lang: 'en' }), await opened()];
  const { text } = await vendor.visit('GET', `/freekassa/checkout/${id}`);
  expect(text).toContain('data-testid="pay-now"');
  expect(text).toContain('data-testid="pay-twice"');
  expect(text).toContain('data-testid="other-amount"');
  const { location } = await vendor.visit(
    'POST',
    `/freekassa/checkout/${id}`,
    'act=pay&method=sbp',
  );
  const result = (await vendor.visit('GET', location)).text;
  expect(result).toContain('data-state="paid"');
  expect(result).toContain(`action="/freekassa/checkout/${other}"`);
});
