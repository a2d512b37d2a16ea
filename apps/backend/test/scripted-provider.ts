/**
 * A payment provider in memory that does what its real siblings do: one payment per key, truth
 * only by `lookup`, refunds by key. A test moves its payments and can take it away.
 */
import { money, type Money, type Secret } from '@opora/kernel';
import {
  ProviderPaymentMissing,
  ProviderRefused,
  ProviderUnavailable,
  UnsupportedByProvider,
  WebhookRejected,
} from '../src/modules/payments/errors.ts';
import type {
  Capabilities,
  Notice,
  PaymentOrder,
  PaymentProvider,
  ProviderId,
  ProviderPayment,
  RawWebhook,
  RefundOutcome,
  RefundRequest,
  StartedPayment,
  TimeWindow,
} from '../src/modules/payments/provider.ts';

/** What happens to the next call: nothing, refused before it is done, or the answer is lost after. */
export type Fault = 'none' | 'away' | 'answer lost';

export class ScriptedProvider implements PaymentProvider {
  readonly id: ProviderId;
  readonly capabilities: { -readonly [Key in keyof Capabilities]: Capabilities[Key] } = {
    currencies: ['RUB'],
    webhookProof: 'lookup',
    capture: true,
    cancel: true,
    refunds: 'partial',
    lists: true,
    savedMethods: 'merchant',
  };
  readonly lookups: string[] = [];
  /** The sum the last look-up was told. */
  lookedFor: Money | undefined;
  fault: Fault = 'none';
  refundAnswer: RefundOutcome['state'] | 'error' | 'unsupported' = 'refunded';
  /** As T-Kassa: a link is shown once, and only the answer to a refund tells what it left. */
  isTaciturn = false;
  /** What a charge of a saved method ends as. */
  chargeAnswer: Partial<ProviderPayment> = { state: 'settled' };
  /** Its memory of keys has run out: asked again, it charges again. */
  forgetsKeys = false;
  /** Payments that were charged, one for each key. */
  readonly charged: string[] = [];
  readonly removed: string[] = [];
  refusesCharges = false;
  /** Runs inside each charge, before it is taken. */
  duringCharge: () => Promise<unknown> = () => Promise.resolve();
  /** Runs inside each lookup, before it answers: where a test lets the world move on. */
  duringLookup: () => Promise<void> = () => Promise.resolve();
  /** Runs before the list gives its next object; throwing here is a vendor that fails in the middle. */
  duringList: (given: number) => Promise<void> = () => Promise.resolve();
  readonly windows: TimeWindow[] = [];
  readonly #payments = new Map<string, ProviderPayment>();
  readonly #refunds = new Map<string, Money>();
  /** What was asked under each key. */
  readonly #asked = new Map<string, string>();

  constructor(id: ProviderId = 'yookassa') {
    this.id = id;
  }

  start(order: PaymentOrder): Promise<StartedPayment> {
    return this.#answering(() => {
      this.#sameAs(order.paymentId, order);
      const reference = `ref-${order.paymentId}`;
      const earlier = this.#payments.get(reference);
      if (earlier !== undefined && this.isTaciturn) {
        this.change(reference, { state: 'cancelled', reason: 'canceled_by_merchant' });
        return { reference, checkoutUrl: undefined, payment: this.#known(reference) };
      }
      const payment = earlier ?? asked(reference, order);
      this.#payments.set(reference, payment);
      return { reference, checkoutUrl: `https://pay.test/${reference}`, payment };
    });
  }

  async charge(method: Secret, order: PaymentOrder): Promise<StartedPayment> {
    await this.duringCharge();
    return this.#answering(() => {
      if (this.refusesCharges || !method.reveal().startsWith('token-'))
        throw new ProviderRefused('no such method');
      this.#sameAs(order.paymentId, order);
      const tries = this.forgetsKeys ? this.charged.length : 0;
      const reference = `ref-${order.paymentId}${'+'.repeat(tries)}`;
      if (!this.#payments.has(reference)) {
        this.charged.push(order.paymentId);
        this.#payments.set(reference, { ...asked(reference, order), ...this.chargeAnswer });
      }
      return { reference, checkoutUrl: undefined, payment: this.#known(reference) };
    });
  }

  removeMethod(method: Secret): Promise<void> {
    if (this.fault === 'away') return Promise.reject(new ProviderUnavailable('away'));
    this.removed.push(method.reveal());
    return Promise.resolve();
  }

  verify({ body }: RawWebhook): Promise<Notice> {
    const [event = '', reference = ''] = body.toString('utf8').split(' ');
    if (reference === '') return Promise.reject(new WebhookRejected('malformed', 'no reference'));
    return Promise.resolve({
      confirmed: false,
      event,
      reference,
      dedupeKey: `${reference}:${event}`,
      claims: undefined,
    });
  }

  acknowledge(outcome: 'accepted' | 'rejected') {
    return { status: outcome === 'accepted' ? 200 : 403, headers: {}, body: '' };
  }

  async lookup(reference: string, asked?: Money): Promise<ProviderPayment> {
    this.lookups.push(reference);
    this.lookedFor = asked;
    await this.duringLookup();
    return this.#answering(() => {
      const payment = this.#known(reference);
      const isPart = payment.refunded.minor > 0n && payment.refunded.minor < payment.amount.minor;
      return this.isTaciturn && isPart ? { ...payment, state: 'unrecognised' } : payment;
    });
  }

  async *list(window: TimeWindow): AsyncIterable<ProviderPayment> {
    this.windows.push(window);
    let given = 0;
    // Objects as they are when their turn comes: the world moves while a list is read.
    for (const reference of [...this.#payments.keys()]) {
      await this.duringList(given);
      const payment = this.#payments.get(reference);
      const at = payment?.createdAt;
      if (payment === undefined || at === undefined || at < window.from || at >= window.to)
        continue;
      given += 1;
      yield payment;
    }
    await this.duringList(given);
  }

  capture(reference: string): Promise<ProviderPayment> {
    return this.#answering(() => this.#known(reference));
  }

  cancel(reference: string): Promise<ProviderPayment> {
    return this.#answering(() => this.#known(reference));
  }

  refund(request: RefundRequest): Promise<RefundOutcome> {
    const { refundId, reference, amount } = request;
    return this.#answering(() => {
      this.#sameAs(refundId, request);
      if (this.refundAnswer === 'error') throw new ProviderRefused('no refunds of this method');
      if (this.refundAnswer === 'unsupported') throw new UnsupportedByProvider('no refunds');
      const done = this.refundAnswer === 'refunded';
      if (done && !this.#refunds.has(refundId)) {
        this.#refunds.set(refundId, amount);
        const { refunded } = this.#known(reference);
        this.change(reference, { refunded: money(refunded.minor + amount.minor, amount.currency) });
      }
      const answer = { state: this.refundAnswer, reference: `r-${refundId}`, reason: undefined };
      const { amount: paid, refunded } = this.#known(reference);
      const left = money(paid.minor - refunded.minor, paid.currency);
      return this.isTaciturn && done ? { ...answer, left } : answer;
    });
  }

  /** The world moves: somebody paid, gave back, declined. */
  change(reference: string, change: Partial<ProviderPayment>): void {
    this.#payments.set(reference, { ...this.#known(reference), ...change });
  }

  /** An object that did not begin with us: made in the cabinet, by another shop of the account. */
  put(payment: ProviderPayment): void {
    this.#payments.set(payment.reference, payment);
  }

  /** The vendor has it no more. */
  lose(reference: string): void {
    this.#payments.delete(reference);
  }

  /** As YooKassa: one key with other words, sums or receipts is another request, and refused. */
  #sameAs(key: string, request: PaymentOrder | RefundRequest): void {
    const asked = JSON.stringify(request, (_name, value: unknown) =>
      typeof value === 'bigint' ? value.toString() : value,
    );
    const known = this.#asked.get(key) ?? asked;
    this.#asked.set(key, known);
    if (known !== asked) throw new ProviderRefused('this key came with another request');
  }

  #known(reference: string): ProviderPayment {
    const payment = this.#payments.get(reference);
    if (payment === undefined) throw new ProviderPaymentMissing(`no payment ${reference}`);
    return payment;
  }

  #answering<T>(work: () => T): Promise<T> {
    return Promise.try(() => {
      if (this.fault === 'away') throw new ProviderUnavailable('the provider is away');
      const answer = work();
      if (this.fault === 'answer lost') throw new ProviderUnavailable('the answer was lost');
      return answer;
    });
  }
}

function asked(reference: string, { amount, paymentId, createdAt }: PaymentOrder): ProviderPayment {
  return {
    reference,
    state: 'pending',
    amount,
    refunded: money(0n, amount.currency),
    paymentId,
    reason: undefined,
    createdAt,
    isTest: false,
  };
}
