/** The vendor's objects as ours: narrow, tolerant schemas and the table of states. */
import { money, type Money } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, ProviderPaymentState, RefundOutcome } from '../../provider.ts';
import { customerOf, paymentIdOf } from './saved.ts';

/** Up to 20 digits: a text in answers, a number in notices, beyond what a double holds exactly. */
export const paymentId = z.string().regex(/^\d{1,20}$/);

const wholeNumber = z
  .union([z.int(), z.bigint(), z.string().regex(/^\d{1,20}$/)])
  .transform(BigInt)
  .refine((value) => value >= 0n);
const id = z.union([z.string(), z.int(), z.bigint()]).transform(String).pipe(paymentId);
const status = z.string().max(32);

const stateSchema = z.object({
  Success: z.boolean(),
  TerminalKey: z.string().nullish(),
  PaymentId: id,
  OrderId: z.string().max(64),
  Status: status,
  Amount: wholeNumber,
  Params: z.array(z.object({ Key: z.string(), Value: z.unknown() })).nullish(),
});
const startedSchema = stateSchema.extend({ PaymentURL: z.url({ protocol: /^https?$/ }).nullish() });
const errorCode = z
  .union([z.string().max(32), z.int()])
  .transform(String)
  .catch('');
const attemptsSchema = z.object({
  OrderId: z.string().max(64),
  Payments: z.array(z.object({ PaymentId: id, Status: status, ErrorCode: errorCode })).max(1_000),
});
const cancelledSchema = z.object({
  PaymentId: id,
  OrderId: z.string().max(64),
  Status: status,
  OriginalAmount: wholeNumber,
  NewAmount: wholeNumber,
});

/** `AUTHORIZED` is a hold: the bank may still let it go, so it is not money. */
const STATES: ReadonlyMap<string, ProviderPaymentState> = new Map([
  ['NEW', 'pending'],
  ['FORM_SHOWED', 'pending'],
  ['PREAUTHORIZING', 'pending'],
  ['AUTHORIZING', 'pending'],
  ['3DS_CHECKING', 'pending'],
  ['3DS_CHECKED', 'pending'],
  ['PAY_CHECKING', 'pending'],
  ['AUTHORIZED', 'authorised'],
  ['CONFIRMING', 'authorised'],
  ['CONFIRM_CHECKING', 'authorised'],
  ['REVERSING', 'authorised'],
  ['CONFIRMED', 'settled'],
  // Under way: the money has not left yet.
  ['REFUNDING', 'settled'],
  ['ASYNC_REFUNDING', 'settled'],
  ['REFUNDED', 'settled'],
  ['REVERSED', 'cancelled'],
  ['CANCELED', 'cancelled'],
  ['DEADLINE_EXPIRED', 'cancelled'],
  // A later card on the same form may still pay: late money counts (payment.ts).
  ['REJECTED', 'cancelled'],
  ['AUTH_FAIL', 'cancelled'],
]);

/** Words of a cancellation that `payment.ts` understands; the others are the bank's status itself. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['CANCELED', 'canceled_by_merchant'],
  ['REVERSED', 'canceled_by_merchant'],
  ['DEADLINE_EXPIRED', 'deadline_expired'],
]);

export function stateOf(name: string): ProviderPaymentState {
  return STATES.get(name) ?? 'unrecognised';
}

/** How a payment was made, as `Params` of its state name it: by card through the bank itself. */
const CARD_ROUTE = 'ACQ';

type Sums = Readonly<{ status: string; amount: Money; refunded: Money }>;
type Named = Readonly<{ reference: string; orderId: string }>;

/** It may say that a part went back and not how much: what it shows is for the core to know. */
function shown({ status, amount, refunded }: Sums) {
  const sums = { amount, refunded };
  return status === 'PARTIAL_REFUNDED' ? { ...sums, partlyBack: true as const } : sums;
}

/** Reads answers to one terminal; all of it throws `ProviderProtocolError` for what is no answer. */
export function createReader(terminalKey: string) {
  // The vendor says no time of creation, and a DEMO terminal takes no real money.
  const isTest = terminalKey.endsWith('DEMO');

  function payment({ reference, orderId }: Named, sums: Sums): ProviderPayment {
    const state = stateOf(sums.status);
    const reason =
      state === 'unrecognised'
        ? `status ${sums.status}`
        : (REASONS.get(sums.status) ?? (state === 'cancelled' ? sums.status : undefined));
    const common = { reference, ...shown(sums), createdAt: undefined, isTest };
    return { ...common, state, reason, paymentId: paymentIdOf(orderId) };
  }

  function checkTerminal(key: string | null | undefined): void {
    if (key != null && key !== terminalKey) {
      throw new ProviderProtocolError('tkassa: an answer for another terminal');
    }
  }

  /**
   * What `GetState` says. After a partial refund it does not say how much is left (and after a
   * whole one perhaps no sum at all): that is `unrecognised`, for staff, never a guess.
   */
  function readState(answer: unknown): ProviderPayment {
    const said = parse(stateSchema, answer, 'state');
    checkTerminal(said.TerminalKey);
    const isWhole = said.Status === 'REFUNDED';
    const isClear = said.Amount > 0n && (said.Success || stateOf(said.Status) === 'cancelled');
    return payment(
      { reference: said.PaymentId, orderId: said.OrderId },
      {
        status: isClear ? said.Status : `${said.Status} without its sum or success`,
        amount: rubles(said.Amount),
        refunded: rubles(isWhole ? said.Amount : 0n),
      },
    );
  }

  return {
    readState,
    /** What has to be known before money is given back. */
    readRefundable(answer: unknown): { reference: string; status: string; isByCard: boolean } {
      const { reference } = readState(answer);
      const { Status: status, Params } = parse(stateSchema, answer, 'state');
      const route = Params?.find(({ Key }) => Key === 'Route')?.Value;
      return { reference, status, isByCard: route === CARD_ROUTE };
    },
    readStarted(answer: unknown): { payment: ProviderPayment; checkoutUrl: string } {
      const { PaymentURL } = parse(startedSchema, answer, 'started payment');
      if (PaymentURL == null) throw new ProviderProtocolError('tkassa: no link to pay');
      return { payment: readState(answer), checkoutUrl: PaymentURL };
    },
    /** The answer of a `Cancel` that takes back a link or a hold. */
    readCancelled(answer: unknown): ProviderPayment {
      const said = parse(cancelledSchema, answer, 'cancelled payment');
      const isMoney = stateOf(said.Status) === 'settled';
      const refunded = isMoney ? said.OriginalAmount - said.NewAmount : 0n;
      return payment(
        { reference: said.PaymentId, orderId: said.OrderId },
        {
          status: said.Status,
          amount: rubles(said.OriginalAmount),
          refunded: rubles(refunded),
        },
      );
    },
  };
}

/** Whose card the order of this state asked to keep, once there is money. */
export function readCustomer(answer: unknown): string | undefined {
  const { Status, OrderId } = parse(stateSchema, answer, 'state');
  return stateOf(Status) === 'settled' ? customerOf(OrderId) : undefined;
}

export function readCode(answer: unknown): string {
  return parse(z.object({ ErrorCode: errorCode }), answer, 'answer').ErrorCode;
}

export type Attempt = Readonly<{ reference: string; status: string; code: string }>;

/** Every attempt to pay an order that the bank shows. */
export function readAttempts(answer: unknown, orderId: string): Attempt[] {
  const said = parse(attemptsSchema, answer, 'list of attempts');
  if (said.OrderId !== orderId)
    throw new ProviderProtocolError('tkassa: attempts of another order');
  return said.Payments.map(({ PaymentId, Status, ErrorCode }) => ({
    reference: PaymentId,
    status: Status,
    code: ErrorCode,
  }));
}

/** A status we do not know is `pending`: the money may have left. */
export function readRefund(
  answer: unknown,
  asked: Readonly<{ reference: string; refundId: string }>,
): RefundOutcome {
  const said = parse(cancelledSchema, answer, 'refund');
  if (said.PaymentId !== asked.reference || said.NewAmount > said.OriginalAmount) {
    throw new ProviderProtocolError('tkassa: the refund is not the one asked for');
  }
  if (said.Status !== 'REFUNDED' && said.Status !== 'PARTIAL_REFUNDED') {
    return { state: 'pending', reference: asked.refundId, reason: `status ${said.Status}` };
  }
  const left = rubles(said.NewAmount);
  return { state: 'refunded', reference: asked.refundId, reason: undefined, left };
}

function rubles(minor: bigint): Money {
  return money(minor, 'RUB');
}

function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be personal data.
  throw new ProviderProtocolError(`tkassa: answer is no ${what} (${where.slice(0, 200)})`);
}
