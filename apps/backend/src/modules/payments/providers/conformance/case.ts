/** What a vendor's test file says of its vendor, and what every promise of the suite needs. */
import { money, Secret, type Currency, type Money } from '@opora/kernel';
import type {
  ScriptedAnswer,
  ScriptedServer,
} from '../../../../platform/http-client/scripted-server.ts';
import type {
  DeclineAdvice,
  PaymentOrder,
  PaymentProvider,
  ProviderPaymentState,
  RawWebhook,
} from '../../provider.ts';
import type { ProvidersDeps } from '../registry.ts';

export type Shown = Readonly<{ status: string; amount: Money; refunded: Money }>;

/** Places (names joined by points) of what decides whether a true notice or answer is our money. */
export type Matters = Readonly<{
  /** Sum, currency, status, merchant: with anything else there it is not the money we asked for. */
  facts: readonly string[];
  /** Our payment's id. */
  order: string | undefined;
}>;

/** What the random part of the suite has to know of a vendor. */
export type Fuzzed = Readonly<{
  /** The provider whose notices `signs` can sign; absent: as everywhere else. */
  create?: ProviderCase['create'];
  /** That text as the vendor would send it: signed with our secret, from its address. */
  signs(text: Buffer | string): RawWebhook;
  /** True notices as JSON; the first one is of money. Changed ones are made of them. */
  notices: readonly unknown[];
  /** Absent: a notice of this vendor claims nothing. */
  inNotice?: Matters;
  /** In the answer to `lookup`. */
  inAnswer: Matters;
}>;

/** What a vendor's test file says of its vendor. */
export type ProviderCase = Readonly<{
  name: string;
  /** The provider as the registry makes it, its API at `baseUrl`; undefined when not offered. */
  create(baseUrl: string, deps: ProvidersDeps): PaymentProvider | undefined;
  /** The same with empty secrets: must not be offered. */
  createWithoutSecrets(baseUrl: string, deps: ProvidersDeps): PaymentProvider | undefined;
  /** Every form in which a secret could show: plain, encoded. */
  secrets: readonly string[];
  /** A payment the scripted vendor knows. */
  reference: string;
  /** Every status of the vendor's documents. */
  statuses: Readonly<Record<string, ProviderPaymentState>>;
  /** How a sum stands in our request; absent: as decimal text. */
  sent?: (amount: Money) => string;
  /** False: its `lookup` knows only payments of which all or nothing went back. */
  tellsParts?: boolean;
  /** True: `start` makes a link and asks nobody, so no answer can spoil it. */
  startsOffline?: boolean;
  script: Readonly<{
    /** What every call needs before its own answer, as a token. */
    prepares?(server: ScriptedServer): void;
    /** Makes a payment per idempotency key and repeats it for the same key. */
    starts(server: ScriptedServer): void;
    /** Shows `reference` in that state to `lookup`. */
    shows(server: ScriptedServer, shown: Shown): void;
    /** Answers a refund of `reference` as the vendor does when `remainder` is left. */
    refunds(server: ScriptedServer, remainder: Money): void;
    /** The vendor's own "no such payment". */
    missing: ScriptedAnswer;
    /** The vendor's own "too many requests", asking for `retryAfterMs`. */
    tooMany: ScriptedAnswer;
    retryAfterMs: number | undefined;
  }>;
  /** What a vendor adds whose saved methods we charge. */
  charging?: Readonly<{
    /** A saved method as the vendor names it. */
    method: string;
    /** What of it stands in our requests; absent: the whole as it is. */
    sent?: readonly string[];
    /** Makes one settled payment per idempotency key and repeats it for the same key. */
    charges(server: ScriptedServer): void;
    /** Declines every charge with that word. */
    declines(server: ScriptedServer, reason: string): void;
    /** Every documented word of a decline. */
    advice: Readonly<Record<string, DeclineAdvice>>;
    /** Shows `reference` settled, with `method` saved or not. */
    saves(server: ScriptedServer, isSaved: boolean): void;
    title: string;
  }>;
  notice: RawWebhook;
  /** Notices that must be refused, by what is wrong with them. */
  forged: Readonly<Record<string, RawWebhook>>;
  fuzz: Fuzzed;
}>;

export function orderOf(amount: Money, paymentId = 'pay_01JD0005'): PaymentOrder {
  return {
    paymentId,
    orderId: 'ord_01JD0005',
    amount,
    createdAt: new Date('2026-11-20T20:46:30Z'),
    description: 'Заказ №72',
    returnUrl: 'https://shop.example/return',
    language: 'ru',
    captureAtOnce: true,
    receipt: undefined,
  };
}

/** Every call of the port, so that a promise of one is a promise of all. */
export function calls(
  made: PaymentProvider,
  reference: string,
): Record<string, () => Promise<unknown>> {
  const amount = sum(made, 100n);
  const refund = { refundId: 'ref_1', reference, amount, reason: 'asked', receipt: undefined };
  const window = { from: new Date('2026-11-20T00:00:00Z'), to: new Date('2026-11-21T00:00:00Z') };
  return {
    start: () => made.start(orderOf(amount)),
    lookup: () => made.lookup(reference),
    list: () => Array.fromAsync(made.list(window)),
    capture: () => made.capture(reference, 'pay_1', amount),
    cancel: () => made.cancel(reference, 'pay_1'),
    refund: () => made.refund(refund),
    charge: () => made.charge(new Secret('method_1'), orderOf(amount)),
  };
}

/** The calls that ask the vendor. */
export function declaredCalls(made: PaymentProvider, { reference, startsOffline }: ProviderCase) {
  const missing = [...undeclared(made), ...(startsOffline === true ? ['start'] : [])];
  return Object.entries(calls(made, reference)).filter(([name]) => !missing.includes(name));
}

export function undeclared(made: PaymentProvider): string[] {
  const { capture, cancel, refunds, lists, savedMethods } = made.capabilities;
  return [
    ...(capture ? [] : ['capture']),
    ...(cancel ? [] : ['cancel']),
    ...(refunds === 'none' ? ['refund'] : []),
    ...(lists ? [] : ['list']),
    ...(savedMethods === 'merchant' ? [] : ['charge']),
  ];
}

/** A sum in the provider's first currency. */
export function sum(made: PaymentProvider, minor: bigint): Money {
  const currency: Currency = made.capabilities.currencies[0] ?? 'RUB';
  return money(minor, currency);
}
