/**
 * PORT: a payment provider. One folder of `providers/` implements it per vendor; the registry
 * lists them; `conformance.ts` holds all of them to the same promises.
 *
 * States of a payment at the provider, as we normalise them:
 * - `pending`     asked for, no money yet (also: held funds not yet visible)
 * - `authorised`  held, not ours until captured
 * - `settled`     ours
 * - `cancelled`   will never become money
 * - `disputed`    was ours, the buyer's bank asks for it back: nobody knows yet whose it is
 * - `unrecognised` the vendor said something we do not know: nothing changes, staff is told
 *
 * Limits: every call ends (answer, refusal or `ProviderUnavailable`) within `CALL_TIMEOUT_MS`.
 */
import type { Currency, Money, Secret } from '@opora/kernel';
import type { WebhookRefusal } from './errors.ts';

/** Every provider there is an adapter for or will be; the registry says which are configured. */
export type ProviderId =
  'yookassa' | 'tkassa' | 'stripe' | 'paypal' | 'cryptopay' | 'freekassa' | 'stars' | 'tribute';

/** Longest time a call to a vendor may take, connect to last byte, in milliseconds. */
export const CALL_TIMEOUT_MS = 10_000;

/**
 * How long a repeated `charge` is certainly the same one: below the shortest memory of a vendor's
 * (PayPal's six hours).
 */
export const CHARGE_KEY_MS = 5 * 3_600_000;

export type Capabilities = Readonly<{
  currencies: readonly Currency[];
  /** How a notice proves itself. `lookup`: it proves nothing, the object is read back. */
  webhookProof: 'signature' | 'address' | 'lookup';
  capture: boolean;
  cancel: boolean;
  refunds: 'none' | 'full' | 'partial';
  lists: boolean;
  /**
   * `merchant`: it saves the buyer's method and we charge it; `provider`: it charges by its own
   * schedule and tells us of every charge.
   */
  savedMethods: 'none' | 'merchant' | 'provider';
  /** How often a `provider` charges, in days: only such terms can be sold so. */
  chargesEveryDays?: number;
  /** How long after the end of a term its charge may still come, in days; absent: one. */
  chargesLateDays?: number;
}>;

/** What the provider is asked to collect. `paymentId` is ours and the idempotency key. */
export type PaymentOrder = Readonly<{
  paymentId: string;
  orderId: string;
  amount: Money;
  /** When we first meant to ask: a repeat of `start` is told from two clicks at once by its age. */
  createdAt: Date;
  /** What the buyer reads at the vendor, 128 characters at most. */
  description: string;
  returnUrl: string;
  language: 'ru' | 'en';
  /** `false` holds the money until `capture`. */
  captureAtOnce: boolean;
  receipt: Receipt | undefined;
  /** The buyer agreed that the method they pay with is kept for renewals. Absent: it is not. */
  saveMethod?: true;
}>;

/** What charges a buyer again: opaque to us, a secret, and only for the vendor that gave it. */
export type MethodToken = Readonly<{
  token: Secret;
  /** What its owner knows it by: `•• 4477`, 40 characters at most. */
  title: string;
  /** From then on it does not work; undefined where the vendor does not say. */
  expiresAt: Date | undefined;
}>;

/**
 * What to do after a declined charge: try again later; ask the buyer for another method; never try
 * this method again (the schemes forbid it, or the buyer took the consent back).
 */
export const DECLINE_ADVICE = ['retry', 'another_method', 'stop'] as const;
export type DeclineAdvice = (typeof DECLINE_ADVICE)[number];

/** 54-FZ: what the fiscal receipt says. Sums are those of the order, never computed by a vendor. */
export type Receipt = Readonly<{
  customer: Readonly<{ email?: string; phone?: string }>;
  items: readonly Readonly<{
    description: string;
    quantity: number;
    /** Price of one unit. */
    amount: Money;
    vatCode: number;
    paymentMode: string;
    paymentSubject: string;
  }>[];
  taxSystemCode: number | undefined;
}>;

/** The vendor's own id of its payment object: with the provider it is the key of money. */
export type ProviderReference = string;

export type StartedPayment = Readonly<{
  /**
   * Undefined: the vendor names its object only when it is paid. Until then the payment is known by
   * our id, and `lookup` takes that id too.
   */
  reference: ProviderReference | undefined;
  /** Where the buyer pays; absent when nothing is left to do there. */
  checkoutUrl: string | undefined;
  payment: ProviderPayment;
}>;

export type ProviderPaymentState =
  'pending' | 'authorised' | 'settled' | 'cancelled' | 'disputed' | 'unrecognised';

/** What the provider says of one payment, read with our credentials: the truth (principle 4). */
export type ProviderPayment = Readonly<{
  reference: ProviderReference;
  state: ProviderPaymentState;
  amount: Money;
  /** Total given back so far, same currency. */
  refunded: Money;
  /** Our payment id as the vendor stored it; undefined when the object is not one of ours. */
  paymentId: string | undefined;
  /** Vendor's reason of a cancellation, its own word; for staff. */
  reason: string | undefined;
  /** Undefined where the vendor does not say. */
  createdAt: Date | undefined;
  /** A test-mode object must never count in production. */
  isTest: boolean;
  /** What was saved with it, when that was asked for and the vendor did. */
  savedMethod?: MethodToken;
  /** Of a charge that was declined; absent: `another_method`. */
  advice?: DeclineAdvice;
  /**
   * Money of its own, also when the payment it names was paid by another object: a vendor's link that
   * can be paid more than once.
   */
  countsAlone?: true;
  /**
   * A charge by the vendor's own schedule: beside the payment it names it pays the next term, and not
   * the same one again.
   */
  renews?: true;
  /**
   * A part of it went back, and the vendor does not say how much: `amount` is the sum it shows, the
   * part or the rest, and `state` is `unrecognised`. Our own refunds say whether that is news.
   */
  partlyBack?: true;
  /** Such further objects of the same payment, where reading one shows the others. */
  again?: readonly ProviderPayment[];
}>;

/** One HTTP call as it came in; bytes and headers untouched. Header names in lower case. */
export type RawWebhook = Readonly<{
  method: 'POST' | 'GET';
  query: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  /** The sender's address by the trusted-hop rule. */
  remoteAddress: string;
  receivedAt: Date;
}>;

/** A judged notice. `confirmed: false` means: acceptable, but the provider must be asked. */
export type Notice = Readonly<{
  confirmed: boolean;
  /** The vendor's name of the event (`payment.succeeded`), for staff. */
  event: string;
  /** The payment it speaks about; a refund's notice names the payment it belongs to. */
  reference: ProviderReference;
  /**
   * What makes it the same notice when it comes again: money object, event and state; never a
   * body hash or a delivery counter.
   */
  dedupeKey: string;
  /** What the notice itself claims; only believed when `confirmed`. */
  claims: ProviderPayment | undefined;
}>;

/** The exact bytes a vendor takes for "received" or "refused". */
export type HttpAnswer = Readonly<{
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}>;

export type RefundRequest = Readonly<{
  /** Ours, and the idempotency key at the vendor. */
  refundId: string;
  reference: ProviderReference;
  amount: Money;
  reason: string;
  receipt: Receipt | undefined;
}>;

export type RefundOutcome = Readonly<{
  /** `pending`: asked, not finished; `lookup` of the payment tells later. */
  state: 'pending' | 'refunded' | 'refused';
  reference: string | undefined;
  reason: string | undefined;
  /** What is left of the payment after it, from a vendor whose `lookup` does not tell that. */
  left?: Money;
}>;

export type TimeWindow = Readonly<{ from: Date; to: Date }>;

export interface PaymentProvider {
  readonly id: ProviderId;
  readonly capabilities: Capabilities;
  /** Headers, in lower case, that carry a secret itself: judged by `verify`, never stored. */
  readonly secretHeaders?: readonly string[];
  /** A reference that no payment has and the vendor could have made; absent: any text is one. */
  readonly nobodys?: ProviderReference;
  /**
   * Idempotent by `paymentId`: a repeat gives the same payment. A vendor that shows its link only
   * once may answer a late repeat with that payment `cancelled`; the caller makes another one.
   */
  start(order: PaymentOrder): Promise<StartedPayment>;
  /**
   * Judges a notice; throws `WebhookRejected`. Never a call to the vendor's API; where the key to
   * judge by must be fetched first and cannot be, `ProviderUnavailable`: the vendor repeats.
   */
  verify(raw: RawWebhook): Promise<Notice>;
  /** `reason` lets a vendor's answer tell a malformed notice from a forbidden one. */
  acknowledge(outcome: 'accepted' | 'rejected', reason?: WebhookRefusal): HttpAnswer;
  /**
   * Reads one payment; throws `ProviderPaymentMissing` when the vendor does not know it. A vendor
   * that learns of a payment only from its buyer says `pending` of the sum we `asked`, if told.
   * Where a vendor leaves the last step to us after the buyer's yes, reading takes it (under its own
   * key).
   */
  lookup(reference: ProviderReference, asked?: Money): Promise<ProviderPayment>;
  /**
   * Every payment created in the window, its end excluded, each once and in any order; pages behind
   * the scenes, bounded. Where the vendor's dates have no zone, those of a day around come too.
   */
  list(window: TimeWindow): AsyncIterable<ProviderPayment>;
  /**
   * The payment that our id began there, for a vendor that is asked by our id and gives no list; with
   * `isLost` no call of ours can be underway any more, and what was begun and never charged is given
   * up. Undefined: it knows none, or nothing can be said yet.
   */
  find?(paymentId: string, isLost: boolean): Promise<ProviderPayment | undefined>;
  capture(reference: ProviderReference, paymentId: string, amount: Money): Promise<ProviderPayment>;
  cancel(reference: ProviderReference, paymentId: string): Promise<ProviderPayment>;
  refund(request: RefundRequest): Promise<RefundOutcome>;
  /**
   * Charges a saved method without its owner. Idempotent by `paymentId` like `start`, for
   * `CHARGE_KEY_MS` at least. A decline is an answer (`cancelled` with its `advice`), not an error.
   */
  charge(method: Secret, order: PaymentOrder): Promise<StartedPayment>;
  /**
   * Forgets a saved method at a vendor that can, and ends charges by its own schedule; a repeat changes
   * nothing. Absent: it cannot.
   */
  removeMethod?(method: Secret): Promise<void>;
  /** Whether it is this payer's: for a vendor that tells news of its charges by who pays them. */
  isPayer?(method: Secret, payer: string): boolean;
}
