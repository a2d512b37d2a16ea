import { money, Secret, type Money } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { createLog } from '../../../../platform/log/index.ts';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
  UnsupportedByProvider,
} from '../../errors.ts';
import type { PaymentOrder } from '../../provider.ts';
import { orderOf, providerConformance } from '../conformance.ts';
import { createProviders } from '../registry.ts';
import answers from './fixtures/answers.json' with { type: 'json' };
import type { TkassaSettings } from './index.ts';
import { CHARGING } from './testing/charging.ts';
import { FUZZED, PASSWORD, rawNotice, signed, TERMINAL } from './testing/notices.ts';
import { tokenOf } from './token.ts';

/** Twenty digits: beyond what a double holds. */
const REFERENCE = answers.state.PaymentId;

function configAt(baseUrl: string, password = PASSWORD): TkassaSettings {
  return {
    terminalKey: TERMINAL,
    password: new Secret(password),
    apiUrl: `${baseUrl}/v2/`,
    networks: undefined,
    ffd: '1.05',
  };
}

type Sent = Readonly<Record<string, unknown>>;

/** The bank as its documents and several integrations have it: an order id is taken once. */
function startsPayments(server: ScriptedServer): void {
  const taken = new Map<unknown, string>();
  server.answerWith('POST /v2/Init', ({ body }) => {
    const { OrderId, Amount } = body as Sent; // what our adapter sent
    if (taken.has(OrderId)) return { status: 200, body: answers.duplicate };
    const PaymentId = `4000123456987654${String(3_210 + taken.size)}`;
    taken.set(OrderId, PaymentId);
    return { status: 200, body: { ...answers.started, OrderId, Amount, PaymentId } };
  });
  server.answerWith('POST /v2/CheckOrder', ({ body }) => {
    const { OrderId } = body as Sent; // what our adapter sent
    const PaymentId = taken.get(OrderId);
    if (PaymentId === undefined) return { status: 200, body: answers.missing };
    const Payments = [{ PaymentId, Status: 'NEW', Success: true, ErrorCode: 0 }];
    return { status: 200, body: { ...answers.attempts, OrderId, Payments } };
  });
  server.answerWith('POST /v2/Cancel', ({ body }) => {
    const { PaymentId } = body as Sent; // what our adapter sent
    return { status: 200, body: { ...answers.cancelled, PaymentId } };
  });
}

const kopecks = ({ minor }: Money): number => Number(minor);

providerConformance({
  name: 'tkassa',
  create: (baseUrl, deps) => createProviders({ tkassa: configAt(baseUrl) }, deps).get('tkassa'),
  createWithoutSecrets: (baseUrl, deps) =>
    createProviders({ tkassa: configAt(baseUrl, '') }, deps).get('tkassa'),
  secrets: [PASSWORD],
  reference: REFERENCE,
  sent: (amount) => `"Amount":${amount.minor.toString()}`,
  tellsParts: false,
  statuses: {
    NEW: 'pending',
    FORM_SHOWED: 'pending',
    PREAUTHORIZING: 'pending',
    AUTHORIZING: 'pending',
    '3DS_CHECKING': 'pending',
    '3DS_CHECKED': 'pending',
    PAY_CHECKING: 'pending',
    AUTHORIZED: 'authorised',
    CONFIRMING: 'authorised',
    CONFIRM_CHECKING: 'authorised',
    REVERSING: 'authorised',
    CONFIRMED: 'settled',
    REFUNDING: 'settled',
    ASYNC_REFUNDING: 'settled',
    REFUNDED: 'settled',
    PARTIAL_REFUNDED: 'unrecognised',
    PARTIAL_REVERSED: 'unrecognised',
    REVERSED: 'cancelled',
    CANCELED: 'cancelled',
    DEADLINE_EXPIRED: 'cancelled',
    REJECTED: 'cancelled',
    AUTH_FAIL: 'cancelled',
  },
  script: {
    starts: startsPayments,
    shows(server, { status, amount, refunded }) {
      const Status = refunded.minor > 0n ? 'REFUNDED' : status;
      const body = { ...answers.state, Status, Amount: kopecks(amount) };
      server.answer('POST /v2/GetState', { status: 200, body });
    },
    refunds(server, remainder) {
      server.answer('POST /v2/GetState', { status: 200, body: answers.state });
      server.answerWith('POST /v2/Cancel', ({ body }) => {
        const left = kopecks(remainder) - Number((body as Sent)['Amount']); // what our adapter sent
        if (left < 0) return { status: 200, body: answers.tooMuch };
        return { status: 200, body: { ...answers.refunded, Status: 'REFUNDED', NewAmount: left } };
      });
    },
    missing: { status: 200, body: answers.missing },
    tooMany: { status: 429, headers: { 'retry-after': '7' }, body: answers.tooMany },
    retryAfterMs: 7_000,
  },
  charging: CHARGING,
  notice: rawNotice(signed({ PaymentId: REFERENCE })),
  forged: {
    'another sum': rawNotice({ ...signed(), Amount: 100 }),
    'another password': rawNotice(signed({}, 'other')),
    'an empty password': rawNotice(signed({}, '')),
    'another terminal': rawNotice(signed({ TerminalKey: '1763680000' })),
    'no token': rawNotice({ ...signed(), Token: undefined }),
    'an upper-case token': rawNotice({ ...signed(), Token: signed().Token.toUpperCase() }),
    'a broken body': rawNotice(JSON.stringify(signed()).slice(0, -1)),
  },
  fuzz: FUZZED,
});

describe('tkassa', () => {
  const http = createHttpClient({ clock: systemClock });
  let server: ScriptedServer;
  const tkassa = (change: Partial<TkassaSettings> = {}) => {
    const log = createLog({ level: 'fatal', role: 'test' });
    const breaker = () => ({ run: <T>(call: () => Promise<T>) => call() });
    const config = { tkassa: { ...configAt(server.url), ...change } };
    const made = createProviders(config, { http, log, breaker, clock: systemClock }).get('tkassa');
    if (made === undefined) throw new Error('not offered');
    return made;
  };
  const rubles = (minor: bigint) => money(minor, 'RUB');
  const shows = (change: object) => {
    server.answer('POST /v2/GetState', { status: 200, body: { ...answers.state, ...change } });
  };
  const attempts = (...Payments: object[]) => {
    server.answer('POST /v2/CheckOrder', { status: 200, body: { ...answers.attempts, Payments } });
  };
  const refund = {
    refundId: 'ref_01JD0005',
    reference: REFERENCE,
    amount: rubles(10_000n),
    reason: 'asked',
    receipt: undefined,
  };
  const asked = () => server.requests.map(({ path }) => path.replace('/v2/', ''));
  const order: PaymentOrder = {
    ...orderOf(rubles(49_900n)),
    receipt: {
      customer: { email: 'a@example.com' },
      items: [
        {
          description: 'я'.repeat(130),
          quantity: 2,
          amount: rubles(24_950n),
          vatCode: 11,
          paymentMode: 'full_payment',
          paymentSubject: 'service',
        },
      ],
      taxSystemCode: 2,
    },
  };

  beforeAll(async () => {
    server = await startScriptedServer();
  });
  afterEach(() => {
    server.clear();
  });
  afterAll(async () => {
    await server.close();
    await http.close();
  });

  it('asks for a payment in the documented form, signed, without the password', async () => {
    startsPayments(server);
    const started = await tkassa().start({ ...order, description: `${'я'.repeat(139)}🚀` });
    expect(started.checkoutUrl).toBe(answers.started.PaymentURL);
    expect(asked()).toEqual(['CheckOrder', 'Init']);
    const body = server.requests[1]?.body as Sent; // what our adapter sent
    const { Token, ...fields } = body;
    expect(fields).toEqual({
      TerminalKey: TERMINAL,
      Amount: 49_900,
      OrderId: 'pay_01JD0005',
      Description: 'я'.repeat(139),
      PayType: 'O',
      Language: 'ru',
      SuccessURL: 'https://shop.example/return',
      FailURL: 'https://shop.example/return',
      Receipt: {
        Email: 'a@example.com',
        Taxation: 'usn_income',
        Items: [
          {
            Name: 'я'.repeat(128),
            Price: 24_950,
            Quantity: 2,
            Amount: 49_900,
            Tax: 'vat22',
            PaymentMethod: 'full_payment',
            PaymentObject: 'service',
          },
        ],
      },
    });
    expect(Token).toBe(tokenOf(fields, new Secret(PASSWORD)));
    expect(Token).toBe(tokenOf({ ...fields, Receipt: undefined }, new Secret(PASSWORD)));
    expect(JSON.stringify(server.requests)).not.toContain(PASSWORD);
  });

  it('names the format and the unit of newer receipts, and holds money in two stages', async () => {
    startsPayments(server);
    await tkassa({ ffd: '1.2' }).start({ ...order, captureAtOnce: false });
    expect(server.requests[1]?.body).toMatchObject({
      PayType: 'T',
      Receipt: { FfdVersion: '1.2', Items: [{ MeasurementUnit: 'шт' }] },
    });
  });

  it('refuses a receipt without a tax system or with one the bank has no word for', async () => {
    server.answer('POST /v2/CheckOrder', { status: 200, body: answers.missing });
    for (const taxSystemCode of [undefined, 4]) {
      const receipt = order.receipt && { ...order.receipt, taxSystemCode };
      await expect(tkassa().start({ ...order, receipt })).rejects.toBeInstanceOf(
        UnsupportedByProvider,
      );
    }
  });

  it('does not accept a started payment of another sum, another order or without a link', async () => {
    server.answer('POST /v2/CheckOrder', { status: 200, body: answers.missing });
    for (const odd of [{ Amount: 100 }, { OrderId: 'pay_2' }, { PaymentURL: 'javascript:1' }]) {
      server.answer('POST /v2/Init', { status: 200, body: { ...answers.started, ...odd } });
      await expect(tkassa().start(order)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('gives up a payment whose link was lost, and only one nobody can have opened', async () => {
    attempts({ PaymentId: REFERENCE, Status: 'NEW' });
    server.answer('POST /v2/Cancel', { status: 200, body: answers.cancelled });
    expect(await tkassa().start(order)).toMatchObject({
      reference: REFERENCE,
      checkoutUrl: undefined,
      payment: { state: 'cancelled', reason: 'canceled_by_merchant', paymentId: 'pay_01JD0005' },
    });
    expect(asked()).toEqual(['CheckOrder', 'Cancel']);

    const now = { ...order, createdAt: systemClock.now() };
    await expect(tkassa().start(now)).rejects.toBeInstanceOf(ProviderUnavailable);
    attempts({ PaymentId: REFERENCE, Status: 'FORM_SHOWED' });
    await expect(tkassa().start(order)).rejects.toBeInstanceOf(ProviderUnavailable);
    expect(asked().filter((method) => method === 'Cancel')).toHaveLength(1);
  });

  it('finds the attempt that paid, wherever it stands in the list', async () => {
    const paid = { PaymentId: REFERENCE, Status: 'CONFIRMED' };
    attempts(paid, { PaymentId: '7', Status: 'REJECTED' }, { PaymentId: '8', Status: 'NEW' });
    shows({});
    const { payment } = await tkassa().start(order);
    expect(payment).toMatchObject({ reference: REFERENCE, state: 'settled' });
    expect(asked()).toEqual(['CheckOrder', 'GetState']);
  });

  it('makes one payment of ten clicks at once', async () => {
    startsPayments(server);
    const provider = tkassa();
    const clicks = await Promise.all(Array.from({ length: 10 }, () => provider.start(order)));
    expect(new Set(clicks.map(({ checkoutUrl }) => checkoutUrl)).size).toBe(1);
    expect(asked()).toEqual(['CheckOrder', 'Init']);
  });

  it('calls a taken order id an unknown outcome: the payment may be paid', async () => {
    server.answer('POST /v2/CheckOrder', { status: 200, body: answers.missing });
    server.answer('POST /v2/Init', { status: 200, body: answers.duplicate });
    await expect(tkassa().start(order)).rejects.toBeInstanceOf(ProviderUnavailable);
  });

  it('reads a payment whole, its long id exactly', async () => {
    shows({});
    expect(await tkassa().lookup(REFERENCE)).toEqual({
      reference: REFERENCE,
      state: 'settled',
      amount: rubles(49_900n),
      refunded: rubles(0n),
      paymentId: 'pay_01JD0005',
      reason: undefined,
      createdAt: undefined,
      isTest: true,
    });
    server.answer('POST /v2/GetState', {
      status: 200,
      body: JSON.stringify(answers.state).replace(`"${REFERENCE}"`, REFERENCE),
    });
    expect((await tkassa().lookup(REFERENCE)).reference).toBe(REFERENCE);
    expect(server.requests[0]?.body).toMatchObject({ PaymentId: REFERENCE });
  });

  it('takes the payments of a terminal without DEMO for real ones', async () => {
    shows({ TerminalKey: '1763680000' });
    const made = tkassa({ terminalKey: '1763680000' });
    expect(await made.lookup(REFERENCE)).toMatchObject({ isTest: false });
  });

  it('reads a declined card out of an unsuccessful answer, and never money', async () => {
    server.answer('POST /v2/GetState', { status: 200, body: answers.declined });
    expect(await tkassa().lookup(REFERENCE)).toMatchObject({
      state: 'cancelled',
      reason: 'REJECTED',
    });
    const paid = { ...answers.declined, Status: 'CONFIRMED' };
    server.answer('POST /v2/GetState', { status: 200, body: paid });
    await expect(tkassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderRefused);
  });

  it('does not guess what a partial refund in the cabinet left', async () => {
    shows({ Status: 'PARTIAL_REFUNDED', Amount: 39_900 });
    const told = { state: 'unrecognised', partlyBack: true, amount: rubles(39_900n) };
    expect(await tkassa().lookup(REFERENCE)).toMatchObject(told);
    shows({ Status: 'REFUNDED', Amount: 0 });
    expect(await tkassa().lookup(REFERENCE)).toMatchObject({ state: 'unrecognised' });
  });

  it('refuses answers about another payment or terminal, and sums it cannot read', async () => {
    const odd = [{ PaymentId: '7' }, { TerminalKey: '1' }, { Amount: 499.5 }, { Amount: -1 }];
    for (const one of odd) {
      shows(one);
      await expect(tkassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
    server.answer('POST /v2/GetState', { status: 200, body: answers.token });
    await expect(tkassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderProtocolError);
    await expect(tkassa().lookup('../Init')).rejects.toBeInstanceOf(ProviderPaymentMissing);
  });

  it('captures a hold and says how the payment stands then', async () => {
    server.answer('POST /v2/Confirm', {
      status: 200,
      body: { Success: true, ErrorCode: '0', Status: 'CONFIRMED', PaymentId: REFERENCE },
    });
    shows({});
    expect(await tkassa().capture(REFERENCE, 'pay_1', rubles(49_900n))).toMatchObject({
      state: 'settled',
    });
    expect(server.requests[0]?.body).toMatchObject({ PaymentId: REFERENCE, Amount: 49_900 });
  });

  it('cancels what is open or held, never money that is ours', async () => {
    server.answer('POST /v2/Cancel', { status: 200, body: answers.cancelled });
    shows({ Status: 'AUTHORIZED' });
    expect(await tkassa().cancel(REFERENCE, 'pay_1')).toMatchObject({ state: 'cancelled' });
    shows({ Status: 'CONFIRMED' });
    await expect(tkassa().cancel(REFERENCE, 'pay_1')).rejects.toBeInstanceOf(ProviderRefused);
    expect(asked()).toEqual(['GetState', 'Cancel', 'GetState']);
  });

  it.each([
    ['PARTIAL_REFUNDED', { state: 'refunded', left: money(39_900n, 'RUB') }],
    ['REFUNDING', { state: 'pending' }],
    ['ASYNC_REFUNDING', { state: 'pending' }],
    ['SOMETHING_NEW', { state: 'pending', reason: 'status SOMETHING_NEW' }],
  ])('reads a refund that is %s, asked for under its own id', async (Status, outcome) => {
    shows({});
    server.answer('POST /v2/Cancel', { status: 200, body: { ...answers.refunded, Status } });
    expect(await tkassa().refund({ ...refund, receipt: order.receipt })).toMatchObject(outcome);
    expect(server.requests[1]?.body).toMatchObject({
      Amount: 10_000,
      ExternalRequestId: 'ref_01JD0005',
      Receipt: { Taxation: 'usn_income' },
    });
    const foreign = { ...answers.refunded, PaymentId: '7' };
    server.answer('POST /v2/Cancel', { status: 200, body: foreign });
    await expect(tkassa().refund(refund)).rejects.toBeInstanceOf(ProviderProtocolError);
  });

  it('never gives back twice: a refund under way or done is told, not asked for again', async () => {
    shows({ Status: 'ASYNC_REFUNDING' });
    expect(await tkassa().refund(refund)).toMatchObject({ state: 'pending' });
    shows({ Status: 'REFUNDED', Amount: 0 });
    expect(await tkassa().refund(refund)).toMatchObject({ state: 'refunded', left: rubles(0n) });
    // The bank's own protection does not work for SBP: a second part may be the first one again.
    shows({ Status: 'PARTIAL_REFUNDED', Params: [{ Key: 'Route', Value: 'TCB' }] });
    await expect(tkassa().refund(refund)).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(asked()).toEqual(['GetState', 'GetState', 'GetState']);
    shows({ Status: 'PARTIAL_REFUNDED' });
    server.answer('POST /v2/Cancel', { status: 200, body: answers.refunded });
    expect(await tkassa().refund(refund)).toMatchObject({ state: 'refunded' });
  });
});
