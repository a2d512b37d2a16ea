/** The vendor's objects as ours: narrow, tolerant schemas and the table of states. */
import { isCurrency, MoneyFormatError, money, parseMajor, Secret, type Money } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type {
  MethodToken,
  ProviderPayment,
  ProviderPaymentState,
  RefundOutcome,
} from '../../provider.ts';
import { adviceOf, cardExpiry, methodTitle, type AdviceTable } from '../saved-methods.ts';

/** What the vendor's reasons of a cancellation mean for a charge of a saved method. */
export const ADVICE: AdviceTable = {
  insufficient_funds: 'retry',
  internal_timeout: 'retry',
  issuer_unavailable: 'retry',
  payment_method_limit_exceeded: 'retry',
  // The owner took the consent back, or the bank calls it theft: this method is never tried again.
  permission_revoked: 'stop',
  fraud_suspected: 'stop',
};

/** Ids go into paths and keys: anything but the vendor's alphabet is refused. */
export const vendorId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);

/** What the answer lacks is undefined; what it has must have the documented form. */
const amountSchema = z
  .object({ value: z.string(), currency: z.string() })
  .transform((amount, context) => {
    try {
      const sum = isCurrency(amount.currency) && parseMajor(amount.value, amount.currency);
      if (sum && sum.minor >= 0n) return sum;
    } catch (error) {
      if (!(error instanceof MoneyFormatError)) throw error;
    }
    context.addIssue({ code: 'custom', message: 'not a sum in a known currency' });
    return z.NEVER;
  });
const cancellationSchema = z.object({ reason: z.string().max(200) }).nullish();
const dateSchema = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

const paymentSchema = z.object({
  id: vendorId,
  status: z.string().max(64),
  paid: z.boolean().optional(),
  amount: amountSchema,
  refunded_amount: amountSchema.nullish(),
  created_at: dateSchema,
  metadata: z.record(z.string(), z.unknown()).nullish(),
  recipient: z.object({ account_id: z.union([z.string(), z.int()]).transform(String) }).nullish(),
  cancellation_details: cancellationSchema,
  confirmation: z
    .object({ confirmation_url: z.url({ protocol: /^https?$/ }).optional() })
    .nullish(),
  test: z.boolean().nullish(),
  payment_method: z
    .object({
      id: vendorId,
      saved: z.boolean().optional(),
      type: z.string().max(40),
      title: z.string().max(200).nullish(),
      card: z
        .object({
          last4: z.string().regex(/^\d{4}$/),
          expiry_year: z.coerce.number().int().min(2_000).max(9_999).optional(),
          expiry_month: z.coerce.number().int().min(1).max(12).optional(),
        })
        .nullish(),
    })
    .nullish(),
});
type PaymentObject = z.infer<typeof paymentSchema>;

const refundSchema = z.object({
  id: vendorId,
  payment_id: vendorId,
  status: z.string().max(64),
  amount: amountSchema,
  cancellation_details: cancellationSchema,
});

const listSchema = z.object({
  items: z.array(z.unknown()).max(1_000),
  next_cursor: z.string().max(1_000).nullish(),
});

type ReadPayment = Readonly<{ payment: ProviderPayment; checkoutUrl: string | undefined }>;

/** Throws `ProviderProtocolError` when the answer is no payment. */
export function readPayment(answer: unknown, shopId: string): ReadPayment {
  const object = parse(paymentSchema, answer, 'payment');
  const isForeign = (object.recipient?.account_id ?? shopId) !== shopId;
  const refunded = object.refunded_amount ?? money(0n, object.amount.currency);
  if (refunded.currency !== object.amount.currency) {
    throw new ProviderProtocolError(`yookassa: payment ${object.id} mixes currencies`);
  }
  const state = isForeign ? 'unrecognised' : stateOf(object.status, object.paid);
  const paymentId = object.metadata?.['payment_id'];
  const reason = object.cancellation_details?.reason;
  const savedMethod = isForeign ? undefined : savedIn(object);
  return {
    checkoutUrl: object.confirmation?.confirmation_url,
    payment: {
      reference: object.id,
      state,
      amount: object.amount,
      refunded,
      // Our credentials cannot read another shop's payment: such an object is not one of ours.
      paymentId: typeof paymentId === 'string' && !isForeign ? paymentId : undefined,
      reason: isForeign
        ? 'foreign_recipient'
        : state === 'unrecognised'
          ? `status ${object.status}`
          : reason,
      createdAt: object.created_at,
      isTest: object.test === true,
      ...(state === 'cancelled' ? { advice: adviceOf(ADVICE, reason) } : {}),
      ...(savedMethod === undefined ? {} : { savedMethod }),
    },
  };
}

/** What can be charged again: only what the vendor says it saved. */
function savedIn({ payment_method: method }: PaymentObject): MethodToken | undefined {
  if (method?.saved !== true) return undefined;
  const { last4, expiry_year: year, expiry_month: month } = method.card ?? {};
  return {
    token: new Secret(method.id),
    title: methodTitle(last4, method.title ?? method.type),
    expiresAt: year === undefined || month === undefined ? undefined : cardExpiry(year, month),
  };
}

/** `succeeded` that was not paid contradicts itself and is not money. */
function stateOf(status: string, paid: boolean | undefined): ProviderPaymentState {
  switch (status) {
    case 'pending':
      return 'pending';
    case 'waiting_for_capture':
      return 'authorised';
    case 'succeeded':
      return paid === true ? 'settled' : 'unrecognised';
    case 'canceled':
      return 'cancelled';
    default:
      return 'unrecognised';
  }
}

/**
 * A refund that answers another question than ours is a protocol error; a status we do not know is
 * `pending`, because the money may have left.
 */
export function readRefund(
  answer: unknown,
  asked: Readonly<{ reference: string; amount: Money }>,
): RefundOutcome {
  const object = parse(refundSchema, answer, 'refund');
  const isOurs =
    object.payment_id === asked.reference &&
    object.amount.minor === asked.amount.minor &&
    object.amount.currency === asked.amount.currency;
  if (!isOurs) {
    throw new ProviderProtocolError(`yookassa: refund ${object.id} is not the one asked for`);
  }
  const reason = object.cancellation_details?.reason;
  switch (object.status) {
    case 'succeeded':
      return { state: 'refunded', reference: object.id, reason };
    case 'canceled':
      return { state: 'refused', reference: object.id, reason };
    case 'pending':
      return { state: 'pending', reference: object.id, reason };
    default:
      return { state: 'pending', reference: object.id, reason: `status ${object.status}` };
  }
}

/** One page: its items unread, so that one odd item does not hide the others. */
export function readPage(answer: unknown): { items: unknown[]; cursor: string | undefined } {
  const page = parse(listSchema, answer, 'list');
  return { items: page.items, cursor: page.next_cursor ?? undefined };
}

function parse<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const where = result.error.issues.map((issue) => issue.path.join('.')).join(', ');
  // Only places are named: values of an answer may be personal data.
  throw new ProviderProtocolError(`yookassa: answer is no ${what} (${where.slice(0, 200)})`);
}
