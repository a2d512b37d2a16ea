/** What T-Kassa adds to the promises of every vendor that keeps methods. */
import { money, Secret } from '@opora/kernel';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../platform/clock/index.ts';
import { createHttpClient } from '../../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import { ProviderProtocolError, ProviderRefused, ProviderUnavailable } from '../../errors.ts';
import { orderOf } from '../conformance.ts';
import answers from './fixtures/answers.json' with { type: 'json' };
import { createTkassa } from './index.ts';
import { CARD, CHARGED_BY, chargesCards } from './testing/charging.ts';
import { PASSWORD, TERMINAL } from './testing/notices.ts';

const ORDER = orderOf(money(49_900n, 'RUB'));
const KEPT = `${ORDER.paymentId}-keep`;
const REFERENCE = answers.state.PaymentId;
const METHOD = new Secret(CHARGED_BY);
const http = createHttpClient({ clock: systemClock });
let server: ScriptedServer;

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

function tkassa() {
  const made = createTkassa(
    {
      ...{ terminalKey: TERMINAL, password: new Secret(PASSWORD), networks: undefined },
      ...{ apiUrl: `${server.url}/v2/`, ffd: '1.05' as const },
    },
    { http, clock: systemClock, breaker: { run: (call) => call() } },
  );
  if (made === undefined) throw new Error('not offered');
  return made;
}

const asked = () => server.requests.map(({ path }) => path.replace('/v2/', ''));
const says = (method: string, body: object) => {
  server.answer(`POST /v2/${method}`, { status: 200, body });
};

describe('a card that is to be kept', () => {
  it('is asked for under an order and a customer of its own, and our payment is known by them', async () => {
    says('CheckOrder', answers.missing);
    says('Init', { ...answers.started, OrderId: KEPT });
    const { payment } = await tkassa().start({ ...ORDER, saveMethod: true });
    expect(payment.paymentId).toBe(ORDER.paymentId);
    const [check, init] = server.requests.map(({ body }) => body);
    expect(check).toMatchObject({ OrderId: KEPT });
    expect(init).toMatchObject({
      ...{ OrderId: KEPT, CustomerKey: ORDER.paymentId, Recurrent: 'Y' },
    });
    expect(KEPT.length).toBeLessThanOrEqual(36);
  });

  it('fits the bank with an id of full length', () => {
    expect(`pay_${'0'.repeat(26)}-keep`.length).toBeLessThanOrEqual(36);
  });

  it('is not asked about before there is money, nor for an order that kept none', async () => {
    says('GetState', { ...answers.state, OrderId: KEPT, Status: 'AUTHORIZED' });
    expect((await tkassa().lookup(REFERENCE)).savedMethod).toBeUndefined();
    says('GetState', answers.state);
    expect((await tkassa().lookup(REFERENCE)).savedMethod).toBeUndefined();
    expect(asked()).toEqual(['GetState', 'GetState']);
  });

  it.each([
    ['no such customer', answers.missing],
    ['a refusal', answers.tooMuch],
    ['a fault of its own', answers.tooMany],
  ])('never holds up the money when the bank answers with %s', async (_name, answer) => {
    says('GetState', { ...answers.state, OrderId: KEPT });
    says('GetCardList', answer);
    const payment = await tkassa().lookup(REFERENCE);
    expect(payment).toMatchObject({ state: 'settled', paymentId: ORDER.paymentId });
    expect(payment.savedMethod).toBeUndefined();
  });

  it('is waited for when the bank does not answer at all', async () => {
    says('GetState', { ...answers.state, OrderId: KEPT });
    server.answer('POST /v2/GetCardList', 'reset');
    await expect(tkassa().lookup(REFERENCE)).rejects.toBeInstanceOf(ProviderUnavailable);
  });
});

describe('a charge', () => {
  it('that was begun and whose answer was lost charges that payment and begins no other', async () => {
    chargesCards(server);
    server.answer('POST /v2/Charge', 'reset');
    await expect(tkassa().charge(METHOD, ORDER)).rejects.toBeInstanceOf(ProviderUnavailable);
    says('Charge', answers.state);
    expect((await tkassa().charge(METHOD, ORDER)).payment.state).toBe('settled');
    expect(asked()).toEqual(['CheckOrder', 'Init', 'Charge', 'CheckOrder', 'Charge']);
    const ids = server.requests
      .filter(({ path }) => path.endsWith('Charge'))
      .map(({ body }) => (body as { PaymentId: string }).PaymentId); // what our adapter sent
    expect(new Set(ids).size).toBe(1);
  });

  it('whose decline was not heard is read with its code and never charged again', async () => {
    says('CheckOrder', {
      ...answers.attempts,
      Payments: [{ PaymentId: REFERENCE, Status: 'REJECTED', ErrorCode: 1051 }],
    });
    says('GetState', { ...answers.state, Status: 'REJECTED' });
    const { payment } = await tkassa().charge(METHOD, ORDER);
    expect(payment).toMatchObject({ reason: 'insufficient_funds', advice: 'retry' });
    expect(asked()).toEqual(['CheckOrder', 'GetState']);
  });

  it('is not made for another sum, and not believed for another payment', async () => {
    says('CheckOrder', answers.missing);
    says('Init', { ...answers.started, Amount: 100 });
    await expect(tkassa().charge(METHOD, ORDER)).rejects.toBeInstanceOf(ProviderProtocolError);
    expect(asked()).toEqual(['CheckOrder', 'Init']);
    says('Init', answers.started);
    for (const odd of [{ PaymentId: '1' }, { OrderId: 'pay_other' }, { Amount: 100 }]) {
      says('Charge', { ...answers.state, ...odd });
      await expect(tkassa().charge(METHOD, ORDER)).rejects.toBeInstanceOf(ProviderProtocolError);
    }
  });

  it('that the terminal does not allow is refused, and says nothing of a card', async () => {
    says('CheckOrder', answers.missing);
    says('Init', answers.started);
    says('Charge', { Success: false, ErrorCode: '1126', Message: 'Неверный тип инициатора.' });
    await expect(tkassa().charge(METHOD, ORDER)).rejects.toBeInstanceOf(ProviderRefused);
  });
});

it('removes a card at the bank, and one that is gone is removed', async () => {
  const { CustomerKey, CardId } = CARD;
  for (const answer of [{ Success: true, ErrorCode: '0', Status: 'D' }, answers.missing]) {
    says('RemoveCard', answer);
    await tkassa().removeMethod?.(METHOD);
  }
  expect(server.requests[0]?.body).toMatchObject({ CustomerKey, CardId });
  says('RemoveCard', answers.tooMany);
  await expect(tkassa().removeMethod?.(METHOD)).rejects.toBeInstanceOf(ProviderUnavailable);
});

describe('a charge whose answers were lost for longer than its key lives', () => {
  const found = (isLost: boolean) => tkassa().find?.(ORDER.paymentId, isLost);
  const attempt = (Status: string) => {
    const Payments = [{ PaymentId: REFERENCE, Status, ErrorCode: '0' }];
    says('CheckOrder', { ...answers.attempts, OrderId: ORDER.paymentId, Payments });
  };

  it('is found by our own id, whatever became of it', async () => {
    attempt('CONFIRMED');
    says('GetState', answers.state);
    expect(await found(true)).toMatchObject({ state: 'settled', reference: REFERENCE });
    says('CheckOrder', answers.missing);
    expect(await found(true)).toBeUndefined();
    expect(asked()).toEqual(['CheckOrder', 'GetState', 'CheckOrder']);
  });

  it('that was begun and never asked of the card is given up once no call can be underway', async () => {
    attempt('NEW');
    says('Cancel', { ...answers.cancelled, OrderId: ORDER.paymentId });
    expect(await found(false)).toBeUndefined();
    expect(await found(true)).toMatchObject({
      ...{ state: 'cancelled', reason: 'never_charged', advice: 'retry' },
    });
    // Somebody paid it after all: what the bank answers counts, not what we meant.
    says('Cancel', { ...answers.cancelled, OrderId: ORDER.paymentId, Status: 'REFUNDED' });
    const paid = await found(true);
    expect(paid).toMatchObject({ state: 'settled' });
    expect(paid?.advice).toBeUndefined();
  });
});
