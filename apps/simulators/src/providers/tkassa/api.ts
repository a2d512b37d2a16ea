import { timingSafeEqual } from 'node:crypto';
import type { Answer, Request, Router } from '../../http.ts';
import type { World } from '../../world.ts';
import type { Bank } from './bank.ts';
import { needText, readKopecks, readText } from './fields.ts';
import { Digits, type Message, readMessage, textOf, writeMessage } from '../exact-json.ts';
import { tokenOf } from './token.ts';
import { readOrder } from './order.ts';
import { CARD, cardIdOf } from './notices.ts';
import type { Payment } from './payment.ts';
import { readReceipt } from './receipt.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Terminal } from './settings.ts';

const BASE = '/tkassa/v2';
const ID_MAX = 20;
const ORDER_ID_MAX = 36;
const CUSTOMER_KEY_MAX = 36;
const REQUEST_ID_MAX = 256;
const SHOWN_BODY_MAX = 4_000;

/** One method answers with a list. */
type Said = Message | readonly Message[];
type Method = (message: Message) => Said;

/** The vendor's Merchant API: POST JSON, `Token` in the body, HTTP 200 whatever happens. */
export function registerApi(
  router: Router,
  world: World,
  { bank, terminal }: Readonly<{ bank: Bank; terminal: Terminal }>,
): void {
  const { terminalKey, password } = world.config.payments.tkassa;
  const methods = createMethods(world, { bank, terminal });

  function call(name: string, method: Method, request: Request): Answer {
    const message = readMessage(request.body);
    const answer = attempt(message, method);
    const summary = `${name} ${isList(answer) ? 'OK' : wordOf(answer)}`;
    const detail = { body: request.body.toString('utf8', 0, SHOWN_BODY_MAX) };
    world.journal.add({ target: 'tkassa', direction: 'to-vendor', summary, detail });
    const headers = { 'content-type': 'application/json;charset=UTF-8' };
    const body = isList(answer) ? `[${answer.map(writeMessage).join(',')}]` : writeMessage(answer);
    return { status: 200, headers, body };
  }

  function attempt(message: Message | undefined, method: Method): Said {
    try {
      if (message === undefined) return refuse('the body is not a JSON object');
      if (textOf(message['TerminalKey']) !== terminalKey) throw new Refusal('terminal');
      if (!isSigned(message, password)) throw new Refusal('token');
      const fine = { TerminalKey: terminalKey, Success: true, ErrorCode: '0' };
      const answer = world.store.together(() => method(message));
      return isList(answer) ? answer : { ...fine, ...answer };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, title, details } = error;
      return { Success: false, ErrorCode: code, Message: title, Details: details };
    }
  }

  for (const [name, method] of Object.entries(methods)) {
    const handler = (request: Request): Answer => call(name, method, request);
    router.on('POST', `${BASE}/${name}`, handler, { api: 'tkassa' });
  }
}

function createMethods(
  world: World,
  { bank, terminal }: Readonly<{ bank: Bank; terminal: Terminal }>,
): Readonly<Record<string, Method>> {
  const idIn = (message: Message): string => needText(message, 'PaymentId', ID_MAX);
  const receiptFor = (message: Message, payment: Payment, amount: number) => {
    // A receipt of the whole sum is untrue for a part of it, so a part needs its own.
    const required = terminal.settings().receiptsRequired && amount !== payment.left;
    return readReceipt(message, { totalKopecks: amount, required });
  };
  return {
    Init(message) {
      const receiptRequired = terminal.settings().receiptsRequired;
      const payment = bank.init(readOrder(message, { at: world.clock.now(), receiptRequired }));
      const url = `${world.selfUrl}/tkassa/checkout/${payment.id}`;
      return { ...stateOf(payment), Amount: kopecks(payment.amount), PaymentURL: url };
    },
    GetState(message) {
      const payment = bank.payment(idIn(message));
      const { route } = payment;
      const Params = route === undefined ? undefined : [{ Key: 'Route', Value: route }];
      return { ...stateOf(payment), Amount: kopecks(amountNow(payment)), Params };
    },
    CheckOrder(message) {
      const orderId = needText(message, 'OrderId', ORDER_ID_MAX);
      const payments = bank.ofOrder(orderId);
      if (payments.length === 0) throw new Refusal('notFound', `OrderId ${orderId}`);
      return { OrderId: orderId, Payments: payments.map(attemptOf) };
    },
    Confirm(message) {
      const payment = bank.payment(idIn(message));
      const amount = readKopecks(message, 'Amount') ?? payment.left;
      return stateOf(bank.confirm(payment.id, amount, receiptFor(message, payment, amount)));
    },
    Cancel(message) {
      const payment = bank.payment(idIn(message));
      const amount = readKopecks(message, 'Amount');
      if (payment.left > 0) receiptFor(message, payment, amount ?? payment.left);
      const requestId = readText(message, 'ExternalRequestId', REQUEST_ID_MAX);
      const { status, originalAmount, newAmount } = bank.cancel(payment.id, amount, requestId);
      return {
        ...stateOf(payment),
        Status: status,
        OriginalAmount: kopecks(originalAmount),
        NewAmount: kopecks(newAmount),
        ExternalRequestId: requestId,
      };
    },
    Charge(message) {
      const rebillId = needText(message, 'RebillId', ID_MAX);
      const payment = bank.charge(idIn(message), rebillId);
      const { errorCode } = payment;
      const declined = errorCode === '0' ? {} : { Success: false, ErrorCode: errorCode };
      return { ...stateOf(payment), Amount: kopecks(payment.amount), ...declined };
    },
    GetCardList(message) {
      const cards = bank.cardsOf(needText(message, 'CustomerKey', CUSTOMER_KEY_MAX));
      if (cards.length === 0) throw new Refusal('noCustomer');
      return cards.map((card) => ({ ...cardOf(card), ...CARD, RebillId: card.rebillId }));
    },
    RemoveCard(message) {
      const CustomerKey = needText(message, 'CustomerKey', CUSTOMER_KEY_MAX);
      const card = bank.removeCard(CustomerKey, needText(message, 'CardId', ID_MAX));
      return { CustomerKey, ...cardOf(card) };
    },
  };
}

/** Active or deleted; of the kind money is taken from. */
const cardOf = (payment: Payment): Message => ({
  CardId: cardIdOf(payment),
  Status: payment.isCardGone === true ? 'D' : 'A',
  CardType: new Digits('0'),
});

const isList = (answer: Said): answer is readonly Message[] => Array.isArray(answer);

const wordOf = (answer: Message): string =>
  textOf(answer['Success']) === 'true' ? 'OK' : String(answer['ErrorCode']);

const kopecks = (amount: number): Digits => new Digits(String(amount));

/** The whole sum until something of it went back, and then what is left of it. */
const amountNow = ({ amount, left, status }: Payment): number =>
  status === 'PARTIAL_REFUNDED' || status === 'PARTIAL_REVERSED' ? left : amount;

/** What every answer about a payment says; `PaymentId` is a text here. */
const stateOf = ({ id, orderId, status }: Payment): Message => ({
  OrderId: orderId,
  PaymentId: id,
  Status: status,
});

/** Inside a list numbers are plain: sums stay far below what a number holds. */
const attemptOf = (payment: Payment): Record<string, unknown> => ({
  PaymentId: payment.id,
  Amount: amountNow(payment),
  Status: payment.status,
  Success: payment.status !== 'REJECTED',
  ErrorCode: payment.errorCode,
});

function isSigned(message: Message, password: string): boolean {
  const given = Buffer.from(textOf(message['Token']) ?? '');
  const right = Buffer.from(tokenOf(message, password));
  return given.length === right.length && timingSafeEqual(given, right);
}
