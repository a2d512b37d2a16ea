/**
 * T-Kassa (T-Bank acquiring): cards, SBP and T-Pay in roubles. Our payment id is the bank's
 * `OrderId`, its `PaymentId` is our reference.
 *
 * States at the vendor: NEW -> FORM_SHOWED -> ... -> AUTHORIZED (held) -> CONFIRMED (ours) ->
 * REFUNDED; `map.ts` has all of them. The bank keeps no idempotence key and shows a link once, so
 * `start` asks for the order first. Limits: no list of payments, and no figure of what a partial
 * refund left except in the answer to that refund.
 */
import { assert, isPositive, money, type Currency, type Money, type Secret } from '@opora/kernel';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
  UnsupportedByProvider,
} from '../../errors.ts';
import {
  CALL_TIMEOUT_MS,
  type Capabilities,
  type PaymentOrder,
  type PaymentProvider,
  type ProviderPayment,
  type RefundOutcome,
  type RefundRequest,
  type StartedPayment,
} from '../../provider.ts';
import { createAddressFilter } from '../networks.ts';
import { asked, chargeCard, keptWith, removeCard } from './charges.ts';
import { createClient, type ClientDeps, type TkassaClient } from './client.ts';
import { createReader, paymentId, readAttempts, readRefund, stateOf, type Attempt } from './map.ts';
import { orderIdOf } from './saved.ts';
import { kopecks, refundFields, startFields, type FfdVersion } from './requests.ts';
import { acknowledgeNotice, verifyNotice } from './webhook.ts';

/** After so long no call of ours can still bring the link of a payment: it is lost. */
const LINK_LOST_AFTER_MS = 2 * CALL_TIMEOUT_MS;

/** Why a charge failed whose answers were lost before the card was asked. */
const NEVER_CHARGED = 'never_charged';

/** The bank's ids are numbers: this one is longer than it has made payments. */
const NOBODYS = '9'.repeat(20);

const CURRENCIES: readonly Currency[] = ['RUB'];
const capabilities: Capabilities = {
  currencies: CURRENCIES,
  webhookProof: 'signature',
  capture: true,
  cancel: true,
  refunds: 'partial',
  lists: false,
  savedMethods: 'merchant',
};

/** This vendor's slice of the configuration. */
export type TkassaSettings = Readonly<{
  terminalKey: string | undefined;
  password: Secret | undefined;
  apiUrl: string;
  /** Where notices may come from besides being signed; undefined: anywhere. */
  networks: readonly string[] | undefined;
  /** Format of fiscal documents the shop's cash register has. */
  ffd: FfdVersion;
}>;

type Vendor = Readonly<{
  client: TkassaClient;
  reader: ReturnType<typeof createReader>;
  clock: ClientDeps['clock'];
  ffd: FfdVersion;
}>;

/**
 * The provider, or undefined when terminal key or password is missing: a closed endpoint. Throws
 * `NetworkInvalid` when a configured network is none.
 */
export function createTkassa(
  config: TkassaSettings,
  deps: ClientDeps,
): PaymentProvider | undefined {
  const { terminalKey, password, apiUrl, networks, ffd } = config;
  if (terminalKey === undefined || terminalKey === '') return undefined;
  if (password === undefined || password.reveal() === '') return undefined;
  const client = createClient({ apiUrl, terminalKey, password }, deps);
  const vendor: Vendor = { client, reader: createReader(terminalKey), clock: deps.clock, ffd };
  const isSenderAllowed = networks === undefined ? () => true : createAddressFilter(networks);
  const judge = { terminalKey, password, isSenderAllowed };
  const lookup = (reference: string) => lookUp(vendor, reference);

  return {
    id: 'tkassa',
    capabilities,
    nobodys: NOBODYS,
    start: together((order) => start(vendor, order)),
    charge: (method, order) => charge(vendor, method, order),
    removeMethod: (method) => removeCard(vendor, method),
    verify: (raw) => Promise.try(() => verifyNotice(raw, judge)),
    acknowledge: acknowledgeNotice,
    lookup,
    find: (orderId, isLost) => find(vendor, orderId, isLost),
    list: () => ({ [Symbol.asyncIterator]: () => ({ next: refuseList }) }),
    async capture(reference, _paymentId, amount) {
      checkSum(amount);
      await client.call('Confirm', { PaymentId: known(reference), Amount: kopecks(amount) });
      return lookup(reference);
    },
    async cancel(reference) {
      const { state } = await lookup(reference);
      // The same call gives money back once it is ours: that is a refund, and not asked for here.
      if (state === 'settled') throw new ProviderRefused('tkassa: the money is ours already');
      return giveUp(vendor, reference);
    },
    refund: (request) => refund(vendor, request),
  };
}

function refuseList(): Promise<never> {
  return Promise.reject(new UnsupportedByProvider('tkassa: the bank gives no list of payments'));
}

/** Clicks at the same time share one call: the second would find the order taken, without its link. */
function together(
  begin: (order: PaymentOrder) => Promise<StartedPayment>,
): (order: PaymentOrder) => Promise<StartedPayment> {
  const underway = new Map<string, Promise<StartedPayment>>();
  return (order) => {
    const known = underway.get(order.paymentId);
    if (known !== undefined) return known;
    const started = begin(order).finally(() => underway.delete(order.paymentId));
    underway.set(order.paymentId, started);
    return started;
  };
}

async function start(vendor: Vendor, order: PaymentOrder): Promise<StartedPayment> {
  checkSum(order.amount);
  const earlier = await findAttempt(vendor, orderIdOf(order));
  if (earlier !== undefined) return resume(vendor, order, earlier);
  const answer = await vendor.client.call('Init', startFields(order, vendor.ffd));
  const { payment, checkoutUrl } = vendor.reader.readStarted(answer);
  asked(order, payment);
  return { reference: payment.reference, checkoutUrl, payment };
}

/** The attempt that counts: money before a hold before an open one; the last of equals. */
async function findAttempt(vendor: Vendor, orderId: string): Promise<Attempt | undefined> {
  try {
    const answer = await vendor.client.call('CheckOrder', { OrderId: orderId });
    const weight = ({ status }: Attempt): number =>
      ['cancelled', 'pending', 'unrecognised', 'authorised', 'settled'].indexOf(stateOf(status));
    return readAttempts(answer, orderId)
      .toSorted((one, other) => weight(one) - weight(other))
      .at(-1);
  } catch (error) {
    if (error instanceof ProviderPaymentMissing) return undefined;
    throw error;
  }
}

/**
 * An earlier call arrived and its answer did not. The bank never shows the link again, so a payment
 * nobody can have opened is given up, and the caller makes another; anything else is told as it is.
 */
async function resume(
  vendor: Vendor,
  order: PaymentOrder,
  { reference, status }: Attempt,
): Promise<StartedPayment> {
  const told = (payment: ProviderPayment) => ({ reference, checkoutUrl: undefined, payment });
  if (stateOf(status) !== 'pending') return told(await lookUp(vendor, reference));
  const age = vendor.clock.now().getTime() - order.createdAt.getTime();
  if (status !== 'NEW' || age < LINK_LOST_AFTER_MS) {
    throw new ProviderUnavailable(`tkassa: payment ${reference} is being opened elsewhere`);
  }
  return told(await giveUp(vendor, reference));
}

/**
 * `ExternalRequestId` keeps a repeat from giving back twice, except for SBP. So the state is asked
 * first: a refund under way or done is told as it is, and a second part of a payment that was not
 * made by card is left to staff, because it may be the first part again.
 */
async function refund(vendor: Vendor, request: RefundRequest): Promise<RefundOutcome> {
  checkSum(request.amount);
  const { client, reader, ffd } = vendor;
  const { reference, refundId } = request;
  const answer = await client.call('GetState', { PaymentId: known(reference) });
  const state = reader.readRefundable(answer);
  if (state.reference !== reference) throw otherObject(reference, state.reference);
  if (state.status === 'REFUNDING' || state.status === 'ASYNC_REFUNDING') {
    return { state: 'pending', reference: refundId, reason: `status ${state.status}` };
  }
  if (state.status === 'REFUNDED') {
    const left = money(0n, request.amount.currency);
    return { state: 'refunded', reference: refundId, reason: undefined, left };
  }
  if (state.status === 'PARTIAL_REFUNDED' && !state.isByCard) {
    throw new ProviderProtocolError('tkassa: a second part of a payment not made by card');
  }
  return readRefund(await client.call('Cancel', refundFields(request, ffd)), request);
}

async function charge(
  vendor: Vendor,
  method: Secret,
  order: PaymentOrder,
): Promise<StartedPayment> {
  checkSum(order.amount);
  const earlier = await findAttempt(vendor, order.paymentId);
  const lookup = (reference: string) => lookUp(vendor, reference);
  const fields = startFields(order, vendor.ffd);
  return chargeCard({ ...vendor, earlier, fields, lookup }, { method, order });
}

/** What was begun for a charge that never came is taken back: nobody else can pay it. */
async function find(
  vendor: Vendor,
  orderId: string,
  isLost: boolean,
): Promise<ProviderPayment | undefined> {
  const attempt = await findAttempt(vendor, orderId);
  if (attempt === undefined) return undefined;
  if (attempt.status !== 'NEW') return lookUp(vendor, attempt.reference);
  if (!isLost) return undefined;
  const given = await giveUp(vendor, attempt.reference);
  // Nobody declined anything: the next try may be made, and no later money comes of this one.
  return given.state === 'cancelled' ? { ...given, reason: NEVER_CHARGED, advice: 'retry' } : given;
}

async function lookUp(vendor: Vendor, reference: string): Promise<ProviderPayment> {
  const answer = await vendor.client.call('GetState', { PaymentId: known(reference) });
  const payment = sameObject(vendor.reader.readState(answer), reference);
  const savedMethod = await keptWith(vendor, answer);
  return savedMethod === undefined ? payment : { ...payment, savedMethod };
}

async function giveUp({ client, reader }: Vendor, reference: string): Promise<ProviderPayment> {
  const answer = await client.call('Cancel', { PaymentId: known(reference) });
  return sameObject(reader.readCancelled(answer), reference);
}

function known(reference: string): string {
  if (paymentId.safeParse(reference).success) return reference;
  throw new ProviderPaymentMissing('tkassa: the reference is no id of this vendor');
}

function checkSum(amount: Money): void {
  assert(isPositive(amount), 'a payment or refund must be positive');
  if (!CURRENCIES.includes(amount.currency)) {
    throw new UnsupportedByProvider(`tkassa: currency ${amount.currency}`, {
      facts: { currency: amount.currency },
    });
  }
}

function sameObject(payment: ProviderPayment, reference: string): ProviderPayment {
  if (payment.reference === reference) return payment;
  throw otherObject(reference, payment.reference);
}

function otherObject(asked: string, got: string): ProviderProtocolError {
  return new ProviderProtocolError(`tkassa: asked for ${asked}, got ${got}`);
}
