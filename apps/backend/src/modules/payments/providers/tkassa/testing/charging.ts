/** The bank as it keeps cards and charges them, for the promises all vendors make. */
import type { ScriptedServer } from '../../../../../platform/http-client/scripted-server.ts';
import type { ProviderCase } from '../../conformance/case.ts';
import answers from '../fixtures/answers.json' with { type: 'json' };

type Sent = Readonly<Record<string, unknown>>;
export const CARD = {
  CustomerKey: 'pay_01JD0001',
  CardId: '9322264',
  RebillId: '17636800001234567890',
};

export const CHARGED_BY = Object.values(CARD).join(' ');

/** Takes money for an order once; `ErrorCode` declines instead. */
export function chargesCards(server: ScriptedServer, ErrorCode = '0'): void {
  const made = new Map<unknown, { OrderId: unknown; Amount: unknown; Status: string }>();
  const isDeclined = ErrorCode !== '0';
  const stateOf = (PaymentId: unknown) => ({
    ...(isDeclined ? answers.declined : answers.state),
    ...made.get(PaymentId),
    PaymentId,
    ErrorCode,
  });
  server.answerWith('POST /v2/CheckOrder', ({ body }) => {
    const { OrderId } = body as Sent; // what our adapter sent
    const known = [...made].find(([, one]) => one.OrderId === OrderId);
    if (known === undefined) return { status: 200, body: answers.missing };
    const [PaymentId, { Status }] = known;
    const Payments = [{ PaymentId, Status, ErrorCode }];
    return { status: 200, body: { ...answers.attempts, OrderId, Payments } };
  });
  server.answerWith('POST /v2/Init', ({ body }) => {
    const { OrderId, Amount } = body as Sent; // what our adapter sent
    const PaymentId = `4000123456987654${String(3_210 + made.size)}`;
    made.set(PaymentId, { OrderId, Amount, Status: 'NEW' });
    return { status: 200, body: { ...answers.started, OrderId, Amount, PaymentId } };
  });
  server.answerWith('POST /v2/Charge', ({ body }) => {
    const { PaymentId } = body as Sent; // what our adapter sent
    const begun = made.get(PaymentId);
    if (begun?.Status !== 'NEW') return { status: 200, body: answers.duplicate };
    made.set(PaymentId, { ...begun, Status: isDeclined ? 'REJECTED' : 'CONFIRMED' });
    return { status: 200, body: stateOf(PaymentId) };
  });
  server.answerWith('POST /v2/GetState', ({ body }) => {
    const { PaymentId } = body as Sent; // what our adapter sent
    return { status: 200, body: { ...stateOf(PaymentId), Success: true, ErrorCode: '0' } };
  });
}

export const CHARGING: NonNullable<ProviderCase['charging']> = {
  method: CHARGED_BY,
  sent: [CARD.RebillId, '"OperationInitiatorType":"R"'],
  charges: (server) => {
    chargesCards(server);
  },
  declines: chargesCards,
  advice: {
    '1051': 'retry',
    '1061': 'retry',
    '1065': 'retry',
    '1091': 'retry',
    '1096': 'retry',
    '1013': 'retry',
    '1030': 'retry',
    '1041': 'stop',
    '1043': 'stop',
    '1012': 'another_method',
    '1054': 'another_method',
  },
  saves(server, isSaved) {
    const OrderId = `${CARD.CustomerKey}-keep`;
    const body = { ...answers.state, OrderId };
    server.answer('POST /v2/GetState', { status: 200, body });
    const { CardId, RebillId } = CARD;
    const card = { CardId, RebillId, Pan: '220138******0013', ExpDate: '1230', CardType: 0 };
    const gone = { ...card, CardId: '9322265', Status: 'D' };
    const cards = isSaved ? [{ ...card, Status: 'A' }, gone] : [gone];
    server.answer('POST /v2/GetCardList', { status: 200, body: cards });
  },
  title: '•• 0013',
};
