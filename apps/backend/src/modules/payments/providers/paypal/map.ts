/** The vendor's objects as ours: narrow, tolerant schemas and the table of states. */
import {
  isCurrency,
  MoneyFormatError,
  money,
  parseMajor,
  sameMoney,
  type Money,
} from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { ProviderPayment, ProviderPaymentState, RefundOutcome } from '../../provider.ts';
import { savedIn } from './saved.ts';

/** Ids go into paths and keys: anything but the vendor's alphabet is refused. */
export const vendorId = z.string().regex(/^[A-Z0-9-]{1,64}$/);
export const word = z.string().max(64);

/** What the answer lacks is undefined; what it has must have the documented form. */
export const amountSchema = z
  .object({ value: z.string(), currency_code: z.string() })
  .transform(({ value, currency_code: currency }, context) => {
    try {
      const sum = isCurrency(currency) ? parseMajor(value, currency) : undefined;
      if (sum !== undefined && sum.minor >= 0n) return sum;
    } catch (error) {
      if (!(error instanceof MoneyFormatError)) throw error;
    }
    context.addIssue({ code: 'custom', message: 'not a sum in a known currency' });
    return z.NEVER;
  });
const dateSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const ownId = z.string().max(255).nullish();
const statusDetails = z.object({ reason: word.nullish() }).nullish();

const captureSchema = z.object({
  id: vendorId,
  status: word,
  status_details: statusDetails,
  amount: amountSchema,
});
const refundSchema = z.object({
  id: vendorId,
  status: word,
  status_details: statusDetails,
  amount: amountSchema,
});
const unitSchema = z.object({
  custom_id: ownId,
  invoice_id: ownId,
  amount: amountSchema,
  payments: z
    .object({
      captures: z.array(captureSchema).max(100).nullish(),
      refunds: z.array(refundSchema).max(1_000).nullish(),
    })
    .nullish(),
});
const orderSchema = z.object({
  id: vendorId,
  status: word,
  intent: word.nullish(),
  create_time: dateSchema,
  purchase_units: z.array(unitSchema).length(1),
  links: z
    .array(z.object({ rel: word, href: z.string().max(2_048) }))
    .max(100)
    .nullish(),
});
const relatedSchema = z.object({ related_ids: z.object({ order_id: vendorId.nullish() }) });
const noticeCaptureSchema = captureSchema.extend({
  create_time: dateSchema,
  custom_id: ownId,
  invoice_id: ownId,
});
const captureLinkSchema = z.object({ supplementary_data: relatedSchema.nullish() });

type Capture = z.infer<typeof captureSchema>;
type Order = z.infer<typeof orderSchema>;
type Verdict = Readonly<{ state: ProviderPaymentState; reason: string | undefined }>;

export type ReadOrder = Readonly<{
  payment: ProviderPayment;
  checkoutUrl: string | undefined;
  /** The capture that holds our money. */
  capture: string | undefined;
  /** The buyer said yes and the money is waiting for us to take it; only orders of ours. */
  isApproved: boolean;
  /** Something is left to do at the order; what waits at its capture does not count. */
  isOpen: boolean;
}>;

/** Throws `ProviderProtocolError` when the answer is no order of one unit. */
export function readOrder(answer: unknown, isTest: boolean): ReadOrder {
  const order = parse(orderSchema, answer, 'order');
  const [unit] = order.purchase_units;
  if (unit === undefined) throw new ProviderProtocolError(`paypal: order ${order.id} is empty`);
  const captures = unit.payments?.captures ?? [];
  const paid = captures.filter(({ status }) => HAS_MONEY.has(status));
  const capture = paid.length === 1 ? paid[0] : undefined;
  const verdict = stateOf(order, captures, paid.length);
  const amount = capture?.amount ?? unit.amount;
  const paymentId = ourId(unit);
  const savedMethod = verdict.state === 'settled' ? savedIn(answer) : undefined;
  return {
    checkoutUrl: checkoutUrl(order),
    capture: capture?.id,
    isApproved:
      order.status === 'APPROVED' && verdict.state === 'pending' && paymentId !== undefined,
    isOpen: verdict.state === 'pending' && order.status !== 'COMPLETED',
    payment: {
      reference: order.id,
      ...verdict,
      amount,
      refunded: capture === undefined ? money(0n, amount.currency) : refundedOf(order, capture),
      paymentId,
      createdAt: order.create_time,
      isTest,
      ...(savedMethod === undefined ? {} : { savedMethod }),
    },
  };
}

/** We write the same id into both; another shop of the same account would write only its own. */
function ourId(
  unit: Pick<z.infer<typeof unitSchema>, 'custom_id' | 'invoice_id'>,
): string | undefined {
  return unit.custom_id && unit.custom_id === unit.invoice_id ? unit.custom_id : undefined;
}

const HAS_MONEY: ReadonlySet<string> = new Set(['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED']);

/** Only a capture is money: an order may be `COMPLETED` while its capture waits or has failed. */
function stateOf(order: Order, captures: readonly Capture[], paid: number): Verdict {
  if ((order.intent ?? 'CAPTURE') !== 'CAPTURE') return odd(`intent ${order.intent ?? ''}`);
  if (paid > 1) return odd('several captures');
  switch (order.status) {
    case 'CREATED':
    case 'SAVED':
    case 'PAYER_ACTION_REQUIRED':
    case 'APPROVED':
      return paid === 0 ? only('pending') : odd(`captured, but ${order.status}`);
    case 'VOIDED':
      return paid === 0 ? { state: 'cancelled', reason: 'voided' } : odd('captured, but VOIDED');
    case 'COMPLETED': {
      const last = captures.find(({ status }) => HAS_MONEY.has(status)) ?? captures.at(-1);
      return last === undefined ? odd('COMPLETED without a capture') : captureState(last);
    }
    default:
      return odd(`status ${order.status}`);
  }
}

function captureState({ status, status_details: details }: Capture): Verdict {
  const reason = details?.reason ?? undefined;
  switch (status) {
    case 'COMPLETED':
    case 'PARTIALLY_REFUNDED':
    case 'REFUNDED':
      return only('settled');
    case 'PENDING':
      return { state: 'pending', reason };
    case 'DECLINED':
    case 'FAILED':
      return { state: 'cancelled', reason: reason ?? status.toLowerCase() };
    default:
      return odd(`capture ${status}`);
  }
}

function only(state: ProviderPaymentState): Verdict {
  return { state, reason: undefined };
}

function odd(reason: string): Verdict {
  return { state: 'unrecognised', reason };
}

/** A reversal has no refund of its own: then the capture's word says that everything went back. */
function refundedOf(order: Order, capture: Capture): Money {
  const { amount } = capture;
  if (capture.status === 'REFUNDED') return amount;
  const refunds = (order.purchase_units[0]?.payments?.refunds ?? []).filter(
    ({ status }) => status === 'COMPLETED',
  );
  if (refunds.some((refund) => refund.amount.currency !== amount.currency)) {
    throw new ProviderProtocolError(`paypal: order ${order.id} mixes currencies`);
  }
  const back = refunds.reduce((total, refund) => total + refund.amount.minor, 0n);
  return money(back, amount.currency);
}

function checkoutUrl({ links }: Order): string | undefined {
  const link = links?.find(({ rel }) => rel === 'payer-action' || rel === 'approve');
  return /^https?:$/.test(URL.parse(link?.href ?? '')?.protocol ?? '') ? link?.href : undefined;
}

/** What a notice of a capture says of its order. */
export function readCapture(resource: unknown, order: string, isTest: boolean): ProviderPayment {
  const capture = parse(noticeCaptureSchema, resource, 'capture');
  const { amount } = capture;
  return {
    reference: order,
    ...captureState(capture),
    amount,
    refunded: money(capture.status === 'REFUNDED' ? amount.minor : 0n, amount.currency),
    paymentId: ourId(capture),
    createdAt: capture.create_time,
    isTest,
  };
}

/** The order a capture or a refund belongs to, where the object says it. */
export function readOrderLink(answer: unknown): string | undefined {
  const { supplementary_data: data } = parse(captureLinkSchema, answer, 'capture');
  return data?.related_ids.order_id ?? undefined;
}

/** A refund of another sum than ours is a protocol error; an unknown status may be money that left. */
export function readRefund(answer: unknown, amount: Money): RefundOutcome {
  const refund = parse(refundSchema, answer, 'refund');
  if (!sameMoney(refund.amount, amount)) {
    throw new ProviderProtocolError(`paypal: refund ${refund.id} is not the one asked for`);
  }
  const reference = refund.id;
  const reason = refund.status_details?.reason ?? undefined;
  switch (refund.status) {
    case 'COMPLETED':
      return { state: 'refunded', reference, reason };
    case 'FAILED':
    case 'CANCELLED':
      return { state: 'refused', reference, reason: reason ?? refund.status.toLowerCase() };
    default:
      return { state: 'pending', reference, reason: reason ?? `status ${refund.status}` };
  }
}

export function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be personal data.
  throw new ProviderProtocolError(`paypal: answer is no ${what} (${where.slice(0, 200)})`);
}
