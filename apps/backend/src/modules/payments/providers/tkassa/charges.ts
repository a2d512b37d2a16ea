/**
 * Charges of kept cards. The bank has no key of idempotence, but takes money for one `PaymentId` once:
 * the order is asked for first, a payment that was begun and not charged is charged, and anything
 * else is told as it stands.
 */
import { sameMoney, type Secret } from '@opora/kernel';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
} from '../../errors.ts';
import type { MethodToken, PaymentOrder, ProviderPayment, StartedPayment } from '../../provider.ts';
import type { TkassaClient } from './client.ts';
import { readCode, readCustomer, type Attempt, type createReader } from './map.ts';
import { chargeFields, declineOf, readCards, readToken } from './saved.ts';
import type { Fields } from './token.ts';

/** The code of what was not declined. */
const GOOD = '0';

type Bank = Readonly<{ client: TkassaClient; reader: ReturnType<typeof createReader> }>;

export type Charging = Bank &
  Readonly<{
    /** The attempt at this order that the bank knows. */
    earlier: Attempt | undefined;
    /** What `Init` is sent. */
    fields: Fields;
    lookup: (reference: string) => Promise<ProviderPayment>;
  }>;

export async function chargeCard(
  { client, reader, earlier, fields, lookup }: Charging,
  { method, order }: { method: Secret; order: PaymentOrder },
): Promise<StartedPayment> {
  const { RebillId } = readToken(method);
  if (earlier !== undefined && earlier.status !== 'NEW') {
    return told(order, await lookup(earlier.reference), earlier.code);
  }
  const PaymentId = earlier?.reference ?? (await begin({ client, reader, fields }, order));
  const answer = await client.call('Charge', { PaymentId, RebillId });
  const payment = reader.readState(answer);
  if (payment.reference !== PaymentId) {
    throw new ProviderProtocolError(`tkassa: charged ${PaymentId}, got ${payment.reference}`);
  }
  return told(order, payment, readCode(answer));
}

/** The bank's payment that will be charged: nothing is charged for another sum or order. */
async function begin(
  { client, reader, fields }: Pick<Charging, 'client' | 'reader' | 'fields'>,
  order: PaymentOrder,
): Promise<string> {
  const answer = await client.call('Init', { ...fields, ...chargeFields() });
  return asked(order, reader.readStarted(answer).payment).reference;
}

/** Throws `ProviderProtocolError` for an answer about something else. */
export function asked(order: PaymentOrder, payment: ProviderPayment): ProviderPayment {
  if (payment.paymentId === order.paymentId && sameMoney(payment.amount, order.amount)) {
    return payment;
  }
  throw new ProviderProtocolError(`tkassa: ${payment.reference} is not the payment asked for`);
}

function told(order: PaymentOrder, payment: ProviderPayment, code: string): StartedPayment {
  const { reference, state } = asked(order, payment);
  const decline = state === 'cancelled' && code !== GOOD ? declineOf(code) : {};
  return { reference, checkoutUrl: undefined, payment: { ...payment, ...decline } };
}

/** What was kept with the payment whose state this is; money never waits for the bank's "no". */
export async function keptWith(
  { client }: Pick<Bank, 'client'>,
  state: unknown,
): Promise<MethodToken | undefined> {
  const CustomerKey = readCustomer(state);
  if (CustomerKey === undefined) return undefined;
  try {
    return readCards(await client.call('GetCardList', { CustomerKey }), CustomerKey);
  } catch (error) {
    const isAnswer = error instanceof ProviderUnavailable && 'vendorCode' in error.facts;
    const isNo = error instanceof ProviderRefused || error instanceof ProviderPaymentMissing;
    if (isNo || isAnswer) return undefined;
    throw error;
  }
}

/** Gone, or removed before: nobody can charge it any more. */
export async function removeCard({ client }: Pick<Bank, 'client'>, method: Secret): Promise<void> {
  const { CustomerKey, CardId } = readToken(method);
  try {
    await client.call('RemoveCard', { CustomerKey, CardId });
  } catch (error) {
    if (!(error instanceof ProviderPaymentMissing)) throw error;
  }
}
