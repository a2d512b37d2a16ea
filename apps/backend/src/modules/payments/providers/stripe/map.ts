/** The vendor's objects as ours: narrow, tolerant schemas and the table of states. */
import { compareMoney, money, type Money } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, ProviderPaymentState, RefundOutcome } from '../../provider.ts';
import { declineSchema, savedIn } from './saved.ts';
import { fromUnits } from './sums.ts';

const OBJECT_ID = /^[a-z]{2,10}_\w{1,200}$/;
/** Ids go into paths and keys: anything but the vendor's alphabet is refused. */
export const objectId = z.string().regex(OBJECT_ID);
/** A reference to another object: its id, or the object itself where it was expanded. */
export const link = z.union([objectId, z.object({ id: objectId }).transform(({ id }) => id)]);

export const units = z.int().nonnegative();
export const word = z.string().max(64);

const chargeSchema = z.object({
  amount_refunded: units,
  disputed: z.boolean().nullish(),
  payment_method_details: z.unknown().optional(),
});
export const intentSchema = z.object({
  id: objectId,
  status: word,
  latest_charge: z.union([chargeSchema, objectId]).nullish(),
  cancellation_reason: word.nullish(),
  last_payment_error: declineSchema.nullish(),
  // Read only once it is paid.
  setup_future_usage: z.unknown().optional(),
  customer: z.unknown().optional(),
  payment_method: z.unknown().optional(),
});
const sessionSchema = z.object({
  id: z.string().regex(/^cs_\w{1,200}$/),
  livemode: z.boolean().nullish(),
  mode: word.nullish(),
  status: word.nullish(),
  payment_status: word,
  amount_total: units,
  currency: word,
  created: z.int().positive(),
  metadata: z.record(z.string(), z.unknown()).nullish(),
  payment_intent: z.union([intentSchema, objectId]).nullish(),
  url: z.url({ protocol: /^https?$/ }).nullish(),
});
const refundSchema = z.object({
  id: objectId,
  status: word.nullish(),
  amount: units,
  currency: word,
  payment_intent: link,
  failure_reason: z.string().max(200).nullish(),
});
const listSchema = z.object({ data: z.array(z.unknown()).max(100), has_more: z.boolean() });
const disputeSchema = z.object({ status: word, amount: units, currency: word });
const chargeLinkSchema = z.object({ id: objectId, payment_intent: link.nullish() });

type Session = z.infer<typeof sessionSchema>;
type Intent = z.infer<typeof intentSchema>;

export type ReadSession = Readonly<{
  payment: ProviderPayment;
  checkoutUrl: string | undefined;
  /** The object that holds the money; undefined until the buyer has tried to pay the session. */
  intent: string | undefined;
  /** The buyer's bank has asked: what became of it is in the list of disputes. */
  isDisputed: boolean;
}>;

/**
 * Throws `ProviderProtocolError` when the answer is no session of money. What was given back is in
 * the charge, so an answer of the API must show it (`expanded`); a notice never does.
 */
export function readSession(answer: unknown, shows: 'expanded' | 'links'): ReadSession {
  const session = parse(sessionSchema, answer, 'checkout session');
  const amount = sum(session.amount_total, session.currency, session.id);
  const intent = typeof session.payment_intent === 'object' ? session.payment_intent : undefined;
  const charge = typeof intent?.latest_charge === 'object' ? intent.latest_charge : undefined;
  const verdict = stateOf(session, intent ?? undefined);
  const isPaid = verdict.state === 'settled';
  const savedMethod = isPaid ? savedIn(intent, charge?.payment_method_details) : undefined;
  if (shows === 'expanded' && isPaid && !charge) {
    throw new ProviderProtocolError(`stripe: ${session.id} does not show its charge`);
  }
  const paymentId = session.metadata?.['payment_id'];
  return {
    checkoutUrl: session.url ?? undefined,
    intent: intent?.id ?? linkOf(session.payment_intent),
    isDisputed: charge?.disputed === true,
    payment: {
      reference: session.id,
      state: verdict.state,
      amount,
      refunded: sum(charge?.amount_refunded ?? 0, session.currency, session.id),
      // Not `client_reference_id`: of a payment link the buyer's own browser can set it.
      paymentId: typeof paymentId === 'string' ? paymentId : undefined,
      reason: verdict.reason,
      createdAt: new Date(session.created * 1000),
      // An object that does not say that it is live is not taken for real money.
      isTest: session.livemode !== true,
      ...(savedMethod === undefined ? {} : { savedMethod }),
    },
  };
}

export type Verdict = Readonly<{ state: ProviderPaymentState; reason: string | undefined }>;
export const only = (state: ProviderPaymentState): Verdict => ({ state, reason: undefined });

/** A session of another mode, or words that contradict each other, are never money. */
function stateOf(session: Session, intent: Intent | undefined): Verdict {
  if ((session.mode ?? 'payment') !== 'payment') return odd(`mode ${session.mode ?? ''}`);
  const words = `${session.status ?? ''}/${session.payment_status}`;
  switch (words) {
    case 'open/unpaid':
      return only('pending');
    case 'expired/unpaid':
      return { state: 'cancelled', reason: 'expired' };
    case 'complete/paid':
      return paidState(intent);
    case 'complete/unpaid':
      return unpaidState(intent);
    default:
      return odd(`status ${words}`);
  }
}

function paidState(intent: Intent | undefined): Verdict {
  if (intent === undefined || intent.status === 'succeeded') return only('settled');
  return intent.status === 'requires_capture' ? only('authorised') : odd(`paid, ${intent.status}`);
}

/** The page is done, the money is not here: a slow method, a hold, or a final no. */
function unpaidState(intent: Intent | undefined): Verdict {
  switch (intent?.status) {
    case undefined:
    case 'processing':
    case 'requires_action':
    case 'requires_confirmation':
    case 'succeeded': // the session's own word rules; it follows in a moment
      return only('pending');
    case 'requires_capture':
      return only('authorised');
    case 'canceled':
      return {
        state: 'cancelled',
        reason: intent.cancellation_reason ?? 'canceled_by_merchant',
      };
    case 'requires_payment_method':
      return { state: 'cancelled', reason: intent.last_payment_error?.code ?? 'payment_failed' };
    default:
      return odd(`unpaid, ${intent?.status ?? ''}`);
  }
}

export function odd(reason: string): Verdict {
  return { state: 'unrecognised', reason };
}

function linkOf(value: Intent | string | null | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.id;
}

/** Disputes that ended in nothing: the money is ours again, or was never taken. */
const OVER: ReadonlySet<string> = new Set(['won', 'warning_closed', 'prevented']);

/** An open dispute is nobody's money; a lost one is money given back, all of it when in doubt. */
export function withDisputes(payment: ProviderPayment, answer: unknown): ProviderPayment {
  const disputes = readList(answer).items.map((item) => parse(disputeSchema, item, 'dispute'));
  const lost = disputes.filter(({ status }) => status === 'lost');
  const isOpen = disputes.some(({ status }) => status !== 'lost' && !OVER.has(status));
  const { amount } = payment;
  const back = lost.reduce((total, dispute) => {
    const taken = fromUnits(dispute.amount, dispute.currency);
    return total + (taken?.currency === amount.currency ? taken.minor : amount.minor);
  }, payment.refunded.minor);
  const refunded = money(back, amount.currency);
  return {
    ...payment,
    ...(isOpen ? { state: 'disputed', reason: 'disputed' } : {}),
    refunded: compareMoney(refunded, amount) > 0 ? amount : refunded,
  };
}

/**
 * A refund that answers another question than ours is a protocol error; a status we do not know is
 * `pending`, because the money may have left.
 */
export function readRefund(
  answer: unknown,
  asked: Readonly<{ intent: string; amount: Money }>,
): RefundOutcome {
  const refund = parse(refundSchema, answer, 'refund');
  const amount = sum(refund.amount, refund.currency, refund.id);
  const isOurs =
    refund.payment_intent === asked.intent &&
    amount.currency === asked.amount.currency &&
    amount.minor === asked.amount.minor;
  if (!isOurs) throw new ProviderProtocolError(`stripe: refund ${refund.id} is not the one asked`);
  const reference = refund.id;
  switch (refund.status) {
    case 'succeeded':
      return { state: 'refunded', reference, reason: undefined };
    case 'failed':
    case 'canceled':
      return { state: 'refused', reference, reason: refund.failure_reason ?? refund.status };
    default:
      return { state: 'pending', reference, reason: `status ${refund.status ?? ''}` };
  }
}

/** One page: its items unread, so that one odd item does not hide the others. */
export function readList(answer: unknown): { items: unknown[]; hasMore: boolean } {
  const page = parse(listSchema, answer, 'list');
  return { items: page.data, hasMore: page.has_more };
}

/** The payment intent a charge belongs to. */
export function readChargeLink(answer: unknown): string | undefined {
  return parse(chargeLinkSchema, answer, 'charge').payment_intent ?? undefined;
}

export function sum(amount: number, currency: string, id: string): Money {
  const read = fromUnits(amount, currency);
  if (read !== undefined) return read;
  throw new ProviderProtocolError(`stripe: ${id} is in a currency we do not know`);
}

export function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be personal data.
  throw new ProviderProtocolError(`stripe: answer is no ${what} (${where.slice(0, 200)})`);
}
