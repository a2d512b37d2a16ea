/** Payments in the order of their life: start, accept, judge, ask, refund. */
import type { Currency, Money } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { Acted, StaffAct } from '../audit/index.ts';
import { acceptNotice } from './accept.ts';
import { createPaymentsAdmin, type PaymentsAdmin } from './admin.ts';
import { payFromBalance, restBeside } from './balance.ts';
import { chargePayment, type ChargeRequest } from './charge.ts';
import type { PaymentsDeps } from './deps.ts';
import { PaymentNotFound } from './errors.ts';
import { askDue, judgeNotices } from './janitor.ts';
import { createMethods, type Methods } from './methods.ts';
import type { Payment } from './payment.ts';
import { createNoticeStore, type NoticeStore } from './notice-store.ts';
import type { HttpAnswer, ProviderId, RawWebhook } from './provider.ts';
import {
  checkRefund,
  refundByStaff,
  refundPayment,
  retryRefunds,
  type RefundWish,
} from './refund.ts';
import type { Refund } from './repository-refunds.ts';
import { selectEvents, selectNewest, selectOfOrder, selectPayment } from './repository.ts';
import { selectOfPerson, type PageAsked, type PaymentPage } from './repository-own.ts';
import { createAskedRuns, type AskedRuns } from './reconcile-asked.ts';
import { reconcile, type ReconciliationWish } from './reconcile.ts';
import { reconcileDue } from './reconcile-nightly.ts';
import type { ReconciliationRun } from './repository-reconciliation.ts';
import { applyFacts } from './settle.ts';
import { watchProviders, type Watched } from './silence.ts';
import { providerOf, startPayment, type StartRequest } from './start.ts';
import { refuseSwitchedOff, restingProviders, switchByStaff } from './switches.ts';
import { createHandPayments, type HandPayments } from './hand.ts';
import { truthOf } from './truth.ts';
import { createVendorCharges, type VendorCharges } from './vendor-charges.ts';
import { freeHeld, topUpWays, walletOf, type TopUpWay, type Wallet } from './wallet.ts';

/** More than anybody tries to pay one order. */
const ORDER_TRIES_MAX = 50;

export interface Payments extends VendorCharges {
  readonly admin: PaymentsAdmin;
  /** Money that staff enters from documents. */
  readonly byHand: HandPayments;
  /** The providers that are configured, in the order customers see them. */
  readonly offered: readonly ProviderId[];
  /** Those that fail right now (breaker open here) or are switched off: shown, not choosable. */
  resting(): Promise<ReadonlySet<ProviderId>>;
  /** Staff switches a way to pay off or on, in every process at once. */
  switchByStaff(act: StaffAct, wish: { provider: string; isOff: boolean }): Promise<Acted>;
  /** The price of this provider among a plan's; undefined when it takes none of them. */
  priceAt(provider: ProviderId, prices: readonly Money[]): Money | undefined;
  /** What customers let us charge again. */
  readonly methods: Methods;
  /**
   * Charges a saved method for an open order, once however often it is asked; `confirm` has the
   * last word in the transaction of the intent. Undefined: nothing is charged.
   */
  charge(
    request: ChargeRequest,
    confirm: (tx: Tx) => Promise<boolean>,
  ): Promise<Payment | undefined>;
  /**
   * A link to pay an open order; asked twice it gives the same link. Throws `ProviderSwitchedOff`.
   */
  start(request: StartRequest): Promise<Payment>;
  /**
   * Pays an open order wholly by the balance, at once; a second press finds the same payment. Throws
   * `BalanceTooSmall`, `OrderNotOpen`.
   */
  payFromBalance(orderId: string): Promise<Payment>;
  /** What this person could pay an order with. */
  wallet(personId: string): Promise<Wallet>;
  /** Takes back what of the balance is held for this person's other unpaid orders. */
  freeHeld(personId: string, exceptOrder: string): Promise<void>;
  /** Which of the ways top up a balance, with the sums each is offered in. */
  topUpWays(given: { ways: readonly string[]; currencies: readonly Currency[] }): TopUpWay[];
  /**
   * What a provider would be asked for if the balance paid first; undefined when there is nothing in
   * it, or nothing left to ask for.
   */
  restBeside(price: Money, balance: Money): Money | undefined;
  /** Judges and durably stores one incoming notice; the answer is in the provider's own form. */
  accept(provider: string, raw: RawWebhook & { isFlood?: boolean }): Promise<HttpAnswer>;
  /** The customer came back or pressed "check": asks the provider now. Never decides by itself. */
  look(paymentId: string): Promise<Payment>;
  refund(wish: RefundWish): Promise<Refund>;
  /**
   * Throws what `refund` would throw now: `PaymentStateConflict`, `RefundExceedsPayment`, and
   * `BalanceTooSmall` when the money was on the balance and is spent.
   */
  checkRefund(wish: Pick<RefundWish, 'paymentId' | 'amount' | 'target'>): Promise<void>;
  /** The same by staff, with its audit entry; an unanswered one is done and still `requested`. */
  refundByStaff(
    act: StaffAct,
    wish: Pick<RefundWish, 'paymentId' | 'amount' | 'target'>,
  ): Promise<Acted & { refund: Refund }>;
  /** Throws `PaymentNotFound`. */
  find(paymentId: string): Promise<Payment>;
  newestOf(orderId: string): Promise<Payment | undefined>;
  /** An order's payments, newest first, `ORDER_TRIES_MAX` at most. */
  ofOrder(orderId: string): Promise<readonly Payment[]>;
  /** A person's payments, newest first, by pages. */
  ofPerson(personId: string, page: PageAsked): Promise<PaymentPage>;
  timeline(paymentId: string): Promise<{ at: Date; kind: string; detail: string }[]>;
  /** One round each; the worker calls them in a loop. They return how much there was to do. */
  judgeNotices(): Promise<number>;
  askDue(): Promise<number>;
  retryRefunds(): Promise<number>;
  reconcileDue(): Promise<number>;
  /** How all did in the last day; staff is told once when notices stop, and when they come again. */
  watchProviders(): Promise<Watched>;
  /** The provider's book of a day against ours; undefined while another process does it. */
  reconcile(wish: ReconciliationWish): Promise<ReconciliationRun | undefined>;
  /** The same, asked for by staff and done by a job. */
  readonly askedRuns: AskedRuns;
}

export function createPayments(
  given: Omit<PaymentsDeps, 'notices' | 'find'> & { notices?: NoticeStore },
): Payments {
  const find = async (paymentId: string): Promise<Payment> => {
    const payment = await selectPayment(given.db.read, paymentId);
    if (payment === undefined) throw new PaymentNotFound(`no payment ${paymentId}`);
    return payment;
  };
  const deps: PaymentsDeps = { ...given, notices: given.notices ?? createNoticeStore(given), find };
  const priceAt: Payments['priceAt'] = (provider, prices) => {
    const { currencies } = providerOf(deps, provider).capabilities;
    return prices.find(({ currency }) => currencies.includes(currency));
  };
  return {
    admin: createPaymentsAdmin(deps.db),
    byHand: createHandPayments(deps),
    offered: [...deps.providers.keys()],
    resting: () => restingProviders(deps),
    switchByStaff: (act, wish) => switchByStaff(deps, act, wish),
    priceAt,
    methods: createMethods(deps),
    ...createVendorCharges(deps),
    charge: (request, confirm) => chargePayment(deps, request, confirm),
    async start(request) {
      await refuseSwitchedOff(deps, request.provider);
      return startPayment(deps, request);
    },
    payFromBalance: (orderId) => payFromBalance(deps, orderId),
    wallet: (personId) => walletOf(deps, personId),
    freeHeld: (personId, exceptOrder) => freeHeld(deps, personId, exceptOrder),
    topUpWays({ ways, currencies }) {
      const offered = [...deps.providers.keys()];
      const ours = ways.flatMap((way) => offered.filter((each) => each === way));
      return topUpWays(priceAt, { ways: ours, currencies });
    },
    restBeside,
    accept: (provider, raw) => acceptNotice(deps, provider, raw),
    async look(paymentId) {
      const payment = await find(paymentId);
      // An end without money is asked about all the same: a late payment is a payment.
      const truth = payment.settledAt === undefined ? await truthOf(deps, payment) : undefined;
      if (truth === undefined) return payment;
      await applyFacts(deps, [
        { provider: payment.provider, payment: truth, source: 'janitor', notices: [] },
      ]);
      return find(paymentId);
    },
    refund: (wish) => refundPayment(deps, wish),
    checkRefund: (wish) => checkRefund(deps, wish),
    refundByStaff: (act, wish) => refundByStaff(deps, act, wish),
    find,
    newestOf: (orderId) => selectNewest(deps.db.read, orderId),
    ofOrder: (orderId) => selectOfOrder(deps.db.read, orderId, ORDER_TRIES_MAX),
    ofPerson: (personId, page) => selectOfPerson(deps.db.read, personId, page),
    timeline: (paymentId) => selectEvents(deps.db.read, paymentId),
    judgeNotices: () => judgeNotices(deps),
    askDue: () => askDue(deps),
    retryRefunds: () => retryRefunds(deps),
    reconcileDue: () => reconcileDue(deps),
    watchProviders: () => watchProviders(deps),
    reconcile: (wish) => reconcile(deps, wish),
    askedRuns: createAskedRuns(deps),
  };
}
