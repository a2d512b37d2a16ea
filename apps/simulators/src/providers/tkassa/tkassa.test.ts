import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { type Message, readMessage, textOf } from '../exact-json.ts';
import { tokenOf } from './token.ts';
import { rehearse, type Rehearsal, type Reply } from './rehearsal.ts';
import vectors from './vectors.json' with { type: 'json' };

let vendor: Rehearsal;
beforeEach(async () => {
  vendor = await rehearse();
});
afterEach(() => vendor.stop());

let orders = 0;
const init = (more: Message = {}): Promise<Reply> => {
  orders += 1;
  return vendor.api('Init', {
    Amount: 49_900,
    OrderId: `pay_${String(orders)}`,
    Description: 'Доступ на месяц',
    SuccessURL: 'https://shop.example/paid',
    FailURL: 'https://shop.example/failed',
    ...more,
  });
};
const created = async (more: Message = {}): Promise<string> =>
  String((await init(more)).body['PaymentId']);
const stateOf = async (id: string): Promise<Reply['body']> =>
  (await vendor.api('GetState', { PaymentId: id })).body;
const cancel = (id: string, more: Message = {}): Promise<Reply> =>
  vendor.api('Cancel', { PaymentId: id, ...more });
const set = (settings: object): Promise<Reply> =>
  vendor.visit('PUT', '/tkassa/control/settings', settings);
/** Moves time until so many notices were tried; answers their statuses as they came. */
async function told(count: number): Promise<(string | undefined)[]> {
  const tried = (): number =>
    vendor.world.journal.list('tkassa').filter(({ direction }) => direction === 'to-us').length;
  for (let turn = 0; tried() < count && turn < 2_000; turn += 1) await vendor.advance(25);
  const messages = vendor.gateway.received.map(({ body }) => readMessage(Buffer.from(body)) ?? {});
  return messages.map((message) => textOf(message['Status']));
}

const receipt = (kopecks: number, more: object = {}): Message => ({
  Email: 'buyer@example.com',
  Taxation: 'usn_income',
  Items: [{ Name: 'Доступ', Price: kopecks, Quantity: 1, Amount: kopecks, Tax: 'none', ...more }],
});

describe('the token', () => {
  it.each(vectors)('agrees with $id', ({ body, password, token, verdict }) => {
    const message = readMessage(Buffer.from(body)) ?? {};
    const made = tokenOf(message, password);
    if (token !== null) expect(made).toBe(token);
    if (verdict === 'reject') expect(made).not.toBe(textOf(message['Token']));
  });

  it('is made of the digits as they were written, however many', () => {
    const short = readMessage(Buffer.from('{"PaymentId":40001234567890123456}')) ?? {};
    const long = readMessage(Buffer.from('{"PaymentId":40001234567890123457}')) ?? {};
    expect(tokenOf(short, 'x')).not.toBe(tokenOf(long, 'x'));
  });
});

describe('Init', () => {
  it('answers a text id of 20 digits and a link to the form', async () => {
    const { status, body } = await init();
    expect(status).toBe(200);
    expect(body).toMatchObject({ Success: true, ErrorCode: '0', Status: 'NEW', Amount: 49_900 });
    expect(body['PaymentId']).toMatch(/^\d{20}$/);
    expect(body['PaymentURL']).toContain(`/tkassa/checkout/${String(body['PaymentId'])}`);
  });

  it.each([
    ['a wrong token', { Token: 'x'.repeat(64) }, '204'],
    ['a token in capitals that is no token', { Token: '' }, '204'],
    ['a foreign terminal', { TerminalKey: 'OTHER' }, '501'],
    ['a sum that is not whole', { Amount: 1.5 }, '9999'],
    ['no sum', { Amount: undefined }, '9999'],
    ['a long OrderId', { OrderId: 'x'.repeat(37) }, '9999'],
    ['a long Description', { Description: 'x'.repeat(141) }, '9999'],
    ['Recurrent without CustomerKey', { Recurrent: 'Y' }, '9999'],
    ['a due date beyond 90 days', { RedirectDueDate: '2027-06-01T00:00:00+03:00' }, '9999'],
    ['a value of DATA that is too long', { DATA: { key: 'x'.repeat(101) } }, '9999'],
    ['an unknown initiator', { DATA: { OperationInitiatorType: '7' } }, '1126'],
    ['a script for a link', { SuccessURL: 'javascript:alert(1)' }, '9999'],
  ])('refuses %s, under HTTP 200', async (_what, more, code) => {
    const { status, body } = await init(more);
    expect(status).toBe(200);
    expect(body).toMatchObject({ Success: false, ErrorCode: code });
    expect((await vendor.visit('GET', '/tkassa/control/payments')).body).toEqual({ payments: [] });
  });

  it('with a known OrderId is refused, or is a second attempt: both are played', async () => {
    const first = await created({ OrderId: 'same' });
    expect((await init({ OrderId: 'same' })).body).toMatchObject({ Success: false });
    await set({ sameOrderId: 'second' });
    const second = await created({ OrderId: 'same' });
    const { body } = await vendor.api('CheckOrder', { OrderId: 'same' });
    expect(body).toMatchObject({ Payments: [{ PaymentId: first }, { PaymentId: second }] });
  });
});

describe('receipts of 54-FZ', () => {
  it('are demanded once a cash register is attached', async () => {
    await set({ receiptsRequired: true });
    expect((await init()).body).toMatchObject({ Success: false, ErrorCode: '309' });
    expect((await init({ Receipt: receipt(49_900) })).body).toMatchObject({ Success: true });
  });

  it.each([
    ['lines that add up to another sum', receipt(49_800)],
    ['an amount that is not price times quantity', receipt(49_900, { Quantity: 2 })],
    ['an unknown tax', receipt(49_900, { Tax: 'vat18' })],
    ['a long name', receipt(49_900, { Name: 'x'.repeat(129) })],
    ['nobody to send it to', { ...receipt(49_900), Email: undefined }],
    ['an unknown taxation', { ...receipt(49_900), Taxation: 'envd' }],
    ['FFD 1.2 without its own fields', { ...receipt(49_900), FfdVersion: '1.2' }],
  ])('are refused with %s', async (_what, Receipt) => {
    expect((await init({ Receipt })).body).toMatchObject({ Success: false });
  });

  it('of FFD 1.2 name measure, method and object', async () => {
    const own = { MeasurementUnit: 'шт', PaymentMethod: 'full_payment', PaymentObject: 'service' };
    const Receipt = { ...receipt(49_900, own), FfdVersion: '1.2' };
    expect((await init({ Receipt })).body).toMatchObject({ Success: true });
  });

  it('bring a fiscal notice that is no status of the payment', async () => {
    const id = await created({ Receipt: receipt(49_900) });
    await vendor.act(id, 'pay');
    expect((await told(3)).toSorted()).toEqual(['AUTHORIZED', 'CONFIRMED', 'RECEIPT']);
    expect(await stateOf(id)).toMatchObject({ Status: 'CONFIRMED' });
  });
});

describe('notices', () => {
  it('are signed, name the payment by a number, and come as AUTHORIZED and CONFIRMED', async () => {
    const id = await created();
    await vendor.act(id, 'pay');
    expect((await told(2)).toSorted()).toEqual(['AUTHORIZED', 'CONFIRMED']);
    for (const { body } of vendor.gateway.received) {
      const notice = readMessage(Buffer.from(body)) ?? {};
      expect(textOf(notice['Token'])).toBe(tokenOf(notice, SIMULATED_KEYS.tkassa.password));
      expect(body).toContain(`"PaymentId":${id},`);
      expect(notice).toMatchObject({ Success: true, ErrorCode: '0' });
      expect(notice).not.toHaveProperty('Data');
    }
  });

  it('come in either order', async () => {
    const firsts = new Set<string | undefined>();
    for (let sale = 0; sale < 12; sale += 1) {
      const before = vendor.gateway.received.length;
      await vendor.act(await created(), 'pay');
      firsts.add((await told(before + 2))[before]);
    }
    expect([...firsts].toSorted()).toEqual(['AUTHORIZED', 'CONFIRMED']);
  });

  it('may hold Data, which stays outside of the token', async () => {
    await set({ dataInNotices: true });
    await vendor.act(await created({ DATA: { ours: '1' } }), 'pay');
    const notice = await vendor.notified();
    expect(notice['Data']).toEqual({ ours: '1' });
    expect(textOf(notice['Token'])).toBe(tokenOf(notice, SIMULATED_KEYS.tkassa.password));
  });

  it.each([
    ['200 in JSON quotes', [200, '"OK"']],
    ['200 without a word', [200, '']],
    ['200 in small letters', [200, 'ok']],
    ['204', [204, '']],
    ['503', [503, 'OK']],
  ] as const)('are repeated within the hour after %s', async (_what, answer) => {
    const id = await created();
    vendor.gateway.answers.push([...answer], [...answer]);
    await vendor.act(id, 'pay');
    await told(2);
    await vendor.advance(59 * 60_000);
    expect(vendor.gateway.received).toHaveLength(2);
    await vendor.advance(60_000);
    await told(4);
    const { body } = await vendor.visit('GET', '/tkassa/control/deliveries');
    expect(body['deliveries']).toMatchObject([
      { state: 'done', tries: 2 },
      { state: 'done', tries: 2 },
    ]);
  });

  it('go to the address of Init before that of the terminal', async () => {
    const url = `${vendor.world.config.gatewayUrl}/of-this-order`;
    await vendor.act(await created({ NotificationURL: url }), 'pay');
    await vendor.notified();
    expect(vendor.gateway.received[0]?.url).toBe('/of-this-order');
  });

  it('are repeated hourly for a day and daily for a month', async () => {
    const { body } = await vendor.visit('GET', '/tkassa/control/settings');
    const waits = body['repeatsMs'] as number[]; // settings always hold a list
    expect(waits.filter((wait) => wait === 3_600_000)).toHaveLength(24);
    expect(waits.filter((wait) => wait === 86_400_000)).toHaveLength(30);
  });
});

describe('the life of a payment', () => {
  it('survives a refused card: the same form takes the next one', async () => {
    const id = await created();
    await vendor.act(id, 'decline');
    expect(await vendor.notified()).toMatchObject({ Status: 'REJECTED', Success: false });
    expect((await vendor.act(id, 'pay')).body).toMatchObject({
      state: 'paid',
      status: 'CONFIRMED',
    });
  });

  it('expires with its link, silently unless the merchant asked to be told', async () => {
    const id = await created({ RedirectDueDate: '2026-11-20T15:10:00+03:00' });
    await vendor.advance(9 * 60_000);
    expect(await stateOf(id)).toMatchObject({ Status: 'NEW' });
    await vendor.advance(2 * 60_000);
    expect(await stateOf(id)).toMatchObject({ Status: 'DEADLINE_EXPIRED' });
    expect(vendor.gateway.received).toEqual([]);
    await set({ expiryNotices: true });
    await vendor.act(await created(), 'expire');
    expect(await vendor.notified()).toMatchObject({ Status: 'DEADLINE_EXPIRED' });
  });

  it('in two stages is held, and confirmed in part or released after a week', async () => {
    const held = await created({ PayType: 'T' });
    await vendor.act(held, 'pay');
    expect(await stateOf(held)).toMatchObject({ Status: 'AUTHORIZED' });
    const taken = await vendor.api('Confirm', { PaymentId: held, Amount: 40_000 });
    expect(taken.body).toMatchObject({ Success: true, Status: 'CONFIRMED' });
    const forgotten = await created({ PayType: 'T' });
    await vendor.act(forgotten, 'pay');
    await vendor.advance(7 * 86_400_000 + 1_000);
    expect(await stateOf(forgotten)).toMatchObject({ Status: 'REVERSED' });
  });

  it('can be canceled, reversed in part, refunded in part, and never above what is left', async () => {
    const unpaid = await created();
    expect((await cancel(unpaid)).body).toMatchObject({ Status: 'CANCELED' });
    expect((await vendor.act(unpaid, 'pay')).status).toBe(409);
    const held = await created({ PayType: 'T' });
    await vendor.act(held, 'pay');
    expect((await cancel(held, { Amount: 900 })).body).toMatchObject({
      Status: 'PARTIAL_REVERSED',
    });
    const paid = await created();
    await vendor.act(paid, 'pay');
    expect((await cancel(paid, { Amount: 10_000 })).body).toMatchObject({
      Status: 'PARTIAL_REFUNDED',
      OriginalAmount: 49_900,
      NewAmount: 39_900,
    });
    expect((await cancel(paid, { Amount: 39_901 })).body).toMatchObject({ Success: false });
    expect((await cancel(paid)).body).toMatchObject({ Status: 'REFUNDED', NewAmount: 0 });
    expect((await cancel(paid)).body).toMatchObject({ Success: false });
    expect((await vendor.visit('GET', '/tkassa/control/books')).body).toMatchObject({
      sums: { RUB: { taken: '499.00', returned: '499.00' } },
    });
  });

  it('is refunded once for one ExternalRequestId, and twice without it', async () => {
    const id = await created();
    await vendor.act(id, 'pay');
    const once = { Amount: 10_000, ExternalRequestId: 'ref_1' };
    const first = await cancel(id, once);
    expect((await cancel(id, once)).body).toEqual(first.body);
    expect((await vendor.act(id, 'abandon')).body).toMatchObject({ returned: '100.00' });
    await cancel(id, { Amount: 10_000 });
    await cancel(id, { Amount: 10_000 });
    expect((await vendor.act(id, 'abandon')).body).toMatchObject({ returned: '300.00' });
  });

  it.each([
    ['part', '10000'],
    ['rest', '39900'],
  ])('tells of a refund with the %s, as the terminal is set', async (refundAmount, amount) => {
    await set({ refundAmount });
    const id = await created();
    await vendor.act(id, 'pay');
    await told(2);
    await vendor.act(id, 'refund', { value: '100' });
    expect(textOf((await vendor.notified())['Amount'])).toBe(amount);
  });

  it('keeps a card and charges it again, when the bank allows it', async () => {
    await vendor.act(await created({ Recurrent: 'Y', CustomerKey: 'per_1' }), 'pay');
    const RebillId = textOf((await vendor.notified())['RebillId']) ?? '';
    const PaymentId = await created({ DATA: { OperationInitiatorType: 'R' } });
    const charge = (id: string) => vendor.api('Charge', { PaymentId: id, RebillId });
    expect((await charge(PaymentId)).body).toMatchObject({ Success: false });
    await set({ chargeAllowed: true });
    expect((await charge(await created())).body).toMatchObject({ ErrorCode: '1126' });
    expect((await charge(PaymentId)).body).toMatchObject({ Status: 'CONFIRMED' });
  });

  it('declines a charge with its code, and charges no card that was removed', async () => {
    await set({ chargeAllowed: true, savedCharge: 'noFunds' });
    await vendor.act(await created({ Recurrent: 'Y', CustomerKey: 'per_1' }), 'pay');
    const [card] = JSON.parse((await vendor.api('GetCardList', { CustomerKey: 'per_1' })).text) as {
      CardId: string;
      RebillId: string;
    }[]; // the list as the vendor has it
    const { CardId = '', RebillId = '' } = card ?? {};
    const charge = async () => {
      const PaymentId = await created({ DATA: { OperationInitiatorType: 'R' } });
      return (await vendor.api('Charge', { PaymentId, RebillId })).body;
    };
    const declined = { Success: false, Status: 'REJECTED', ErrorCode: '1051' };
    expect(await charge()).toMatchObject(declined);
    const gone = (await vendor.api('RemoveCard', { CustomerKey: 'per_1', CardId })).body;
    expect(gone).toMatchObject({ Success: true, Status: 'D', CardId });
    await set({ savedCharge: 'succeeded' });
    expect(await charge()).toMatchObject({ Success: false, ErrorCode: '335' });
    const none = (await vendor.api('GetCardList', { CustomerKey: 'per_2' })).body;
    expect(none).toMatchObject({ Success: false, ErrorCode: '7' });
  });
});

describe('the form', () => {
  const page = (id: string, rest = ''): Promise<Reply> =>
    vendor.visit('GET', `/tkassa/checkout/${id}${rest}`);

  it('is remembered as shown, in the language asked for, and takes the money once', async () => {
    const id = await created({ Language: 'en' });
    const { text } = await page(id);
    expect(text).toContain('data-testid="pay-now"');
    expect(text).toContain('Test shop');
    expect(await stateOf(id)).toMatchObject({ Status: 'FORM_SHOWED' });
    const { location } = await vendor.visit('POST', `/tkassa/checkout/${id}`, 'act=pay&method=sbp');
    const result = (await vendor.visit('GET', location)).text;
    expect(result).toContain('href="https://shop.example/paid"');
    expect(result).toContain('data-state="paid"');
    await vendor.visit('POST', `/tkassa/checkout/${id}`, 'act=decline');
    expect(await stateOf(id)).toMatchObject({ Status: 'CONFIRMED' });
  });

  it('says after a refusal that nothing was taken and leads back to another try', async () => {
    const id = await created();
    const { location } = await vendor.visit(
      'POST',
      `/tkassa/checkout/${id}`,
      'act=decline&lang=ru',
    );
    const { text } = await vendor.visit('GET', location);
    expect(text).toContain('Деньги не списаны');
    expect(text).toContain('data-testid="back-to-payment"');
    expect(text).toContain('href="https://shop.example/failed"');
  });

  it('answers 404 for an unknown payment', async () => {
    expect((await page('40000000000000000000')).status).toBe(404);
  });
});

it('remembers payments and what it still has to tell', async () => {
  await vendor.stop();
  const folder = await mkdtemp(join(tmpdir(), 'tkassa-'));
  vendor = await rehearse({ folder });
  vendor.gateway.answers.push(503, 503);
  const id = await created();
  await vendor.act(id, 'pay');
  await told(2);
  await vendor.stop();
  vendor = await rehearse({ folder });
  expect(await stateOf(id)).toMatchObject({ Status: 'CONFIRMED' });
  const { body } = await vendor.visit('GET', '/tkassa/control/deliveries');
  expect(body['deliveries']).toMatchObject([{ state: 'waiting' }, { state: 'waiting' }]);
  await rm(folder, { recursive: true });
});
