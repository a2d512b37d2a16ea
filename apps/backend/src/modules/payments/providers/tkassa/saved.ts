/**
 * Cards the buyer lets us charge again. The bank keeps a card under a customer's key; ours is the id
 * of the payment that asked for it, so the list of that customer holds its card and no other. What a
 * notice says of a card is not believed (`webhook.ts`): the list is read back.
 */
import { Secret } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError } from '../../errors.ts';
import type { DeclineAdvice, MethodToken, PaymentOrder } from '../../provider.ts';
import { adviceOf, cardExpiry, methodTitle, type AdviceTable } from '../saved-methods.ts';
import type { Fields } from './token.ts';

/** Ends the order id of a payment that asked for it: the bank's states do not tell otherwise. */
const KEEPS = '-keep';
/** Between the parts of a token; none of them has it. */
const AND = ' ';
/** Nobody is at the till: the bank refuses any other word with a `RebillId`. */
const BY_MERCHANT = 'R';

/** Codes of a declined charge: the networks' two digits after a 1, and the bank's own. */
export const ADVICE: AdviceTable = {
  '1051': 'retry',
  '1061': 'retry',
  '1065': 'retry',
  '1091': 'retry',
  '1096': 'retry',
  '1013': 'retry',
  '1030': 'retry',
  '1041': 'stop',
  '1043': 'stop',
};
/** Codes that customers understand, in the words of `payment.ts`. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ['1051', 'insufficient_funds'],
  ['1054', 'card_expired'],
]);

const number = z.string().regex(/^\d{1,20}$/);
const cardSchema = z.object({
  CardId: number,
  Pan: z.string().max(40),
  Status: z.string().max(8),
  RebillId: number.nullish(),
  ExpDate: z
    .string()
    .regex(/^(0[1-9]|1[0-2])\d{2}$/)
    .nullish()
    .catch(undefined),
});
const listSchema = z.array(cardSchema).max(100);
type Token = Readonly<{ CustomerKey: string; CardId: string; RebillId: string }>;

/** What the bank calls the order: it must be the same whenever the same payment is asked for. */
export function orderIdOf({ paymentId, saveMethod }: PaymentOrder): string {
  return saveMethod === true ? paymentId + KEEPS : paymentId;
}

export function paymentIdOf(orderId: string): string {
  return orderId.endsWith(KEEPS) ? orderId.slice(0, -KEEPS.length) : orderId;
}

/** The customer whose card this order asked the bank to keep; undefined: it did not. */
export function customerOf(orderId: string): string | undefined {
  return orderId.endsWith(KEEPS) ? paymentIdOf(orderId) : undefined;
}

/** What `Init` says of keeping the card. */
export function keepFields({ paymentId, saveMethod }: PaymentOrder): Fields {
  return saveMethod === true ? { Recurrent: 'Y', CustomerKey: paymentId } : {};
}

/** What `Init` of a charge says besides. */
export function chargeFields(): Fields {
  return { DATA: { OperationInitiatorType: BY_MERCHANT } };
}

/** The active card of the list that can be charged; throws `ProviderProtocolError` when it is none. */
export function readCards(answer: unknown, CustomerKey: string): MethodToken | undefined {
  const cards = listSchema.safeParse(answer);
  if (!cards.success) throw new ProviderProtocolError('tkassa: answer is no list of cards');
  const card = cards.data.findLast((one) => one.Status === 'A' && one.RebillId != null);
  if (card?.RebillId == null) return undefined;
  const { CardId, RebillId, Pan, ExpDate } = card;
  return {
    token: new Secret([CustomerKey, CardId, RebillId].join(AND)),
    title: methodTitle(/\d{4}$/.exec(Pan)?.[0], 'T-Bank'),
    expiresAt:
      ExpDate == null
        ? undefined
        : cardExpiry(2_000 + Number(ExpDate.slice(2)), Number(ExpDate.slice(0, 2))),
  };
}

export function readToken(method: Secret): Token {
  const [CustomerKey = '', CardId = '', RebillId = ''] = method.reveal().split(AND);
  return { CustomerKey, CardId, RebillId };
}

/** What a declined charge means: our reason for people, and the next try. */
export function declineOf(code: string): { reason: string; advice: DeclineAdvice } {
  return { reason: REASONS.get(code) ?? `error ${code}`, advice: adviceOf(ADVICE, code) };
}
