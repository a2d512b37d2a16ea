/**
 * Everything the judge looks at, as collected from outside: the vendors' books, the panel, the
 * chats, and our own tables. Sums are minor units, times are milliseconds since 1970.
 */

/** A bill as its vendor remembers it. */
export type ProviderEntry = Readonly<{
  id: string;
  /** Our payment, as the vendor was told. */
  paymentId: string | undefined;
  status: string;
  /** What is asked. */
  amountMinor: bigint;
  /** Everything ever taken for it: nothing, the sum, the sum twice, or another sum. */
  takenMinor: bigint;
  currency: string;
}>;

/** A delivery of a notice that we answered with "received": how the key of its row begins. */
export type AcceptedNotice = Readonly<{ key: string }>;

export type ProviderBooks = Readonly<{
  name: string;
  payments: readonly ProviderEntry[];
  /** Per currency: everything taken less everything given back, by the vendor's own sum. */
  heldMinor: Readonly<Record<string, bigint>>;
  accepted: readonly AcceptedNotice[];
  /** How often the vendor knocked with a notice, whatever we answered. */
  deliveries: number;
}>;

export type PanelUser = Readonly<{
  username: string;
  /** Switched off: it has no access, whatever its end says. */
  isOff: boolean;
  expiresAtMs: number;
  shortId: string;
  creates: number;
}>;

export type BotMessage = Readonly<{ chatId: string; messageId: string; text: string }>;

export type OrderRow = Readonly<{
  id: string;
  /** A `plan` gives access; a `top_up` only brings money to the balance. */
  kind: 'plan' | 'top_up';
  personId: string;
  product: string;
  state: string;
  amountMinor: bigint;
  currency: string;
  /** Zero for a top-up. */
  termDays: number;
  /** Of the payment that paid it. */
  paymentId: string | undefined;
  paidAtMs: number | undefined;
  /** The buyer's bank asks the money back. */
  isDisputed: boolean;
}>;

export type PaymentRow = Readonly<{
  id: string;
  orderId: string;
  personId: string;
  /** A vendor, or `balance`. */
  provider: string;
  state: string;
  /** Its money came, whatever became of it later. */
  isSettled: boolean;
  amountMinor: bigint;
  refundedMinor: bigint;
  creditedMinor: bigint;
  currency: string;
  /** The payment whose link was paid once more. */
  secondOf: string | undefined;
}>;

/** A refund that was asked for and done. */
export type RefundRow = Readonly<{
  paymentId: string;
  amountMinor: bigint;
  target: 'provider' | 'balance';
}>;

export type TransferRow = Readonly<{
  id: string;
  debit: string;
  credit: string;
  amountMinor: bigint;
  currency: string;
  kind: string;
  reference: string;
}>;

export type GrantRow = Readonly<{ orderId: string; subscriptionId: string; revision: number }>;

/** What a paid order had given, taken back or given again, because of its money. */
export type TurnRow = Readonly<{
  kind: 'withdraw' | 'restore';
  subscriptionId: string;
  revision: number;
  /** Of the grant it is about. */
  ofRevision: number;
  lengthMs: number;
  atMs: number;
}>;

export type NoticeRow = Readonly<{
  provider: string;
  dedupeKey: string;
  state: string;
  outcome: string | undefined;
  receipts: number;
  lastReceivedAtMs: number;
  judgedAtMs: number | undefined;
}>;

export type ToldRow = Readonly<{
  key: string;
  state: string;
  chatId: string | undefined;
  messageId: string | undefined;
}>;

export type Books = Readonly<{
  providers: readonly ProviderBooks[];
  panel: readonly PanelUser[];
  chats: readonly BotMessage[];
  orders: readonly OrderRow[];
  payments: readonly PaymentRow[];
  /** Ids of payments of which something was kept aside for staff. */
  setAside: readonly string[];
  transfers: readonly TransferRow[];
  /** Currency of each account by its code. */
  accounts: Readonly<Record<string, string>>;
  refunds: readonly RefundRow[];
  grants: readonly GrantRow[];
  turns: readonly TurnRow[];
  /** Order ids. */
  deliveries: readonly string[];
  notices: readonly NoticeRow[];
  told: readonly ToldRow[];
}>;

export const RULES = {
  R1: 'every sum a vendor took is in our ledger once, or kept aside and shown; nothing else is',
  R2: 'every paid order is granted and delivered exactly once, an unpaid one never',
  R3: 'the ledger sums to zero, its clearing accounts are what the vendors hold, its balances add up',
  R4: 'the panel holds what was bought: one user per subscription, to the day',
  R5: 'every customer was told of what they paid',
  R6: 'every notice that was acknowledged is stored, and judged after it came',
  R7: 'every order whose money was taken is paid',
  R8: 'nobody waits for what they paid',
  R9: 'money that goes back goes back once, is told, and takes its access once',
} as const;
export type Rule = keyof typeof RULES;

export type Violation = Readonly<{ rule: Rule; what: string }>;

/** What pays when no vendor does. */
export const BALANCE = 'balance';

/** How often a bill brought what it asked for; zero also when it brought another sum. */
export function timesTaken({ takenMinor, amountMinor }: ProviderEntry): number {
  return takenMinor % amountMinor === 0n ? Number(takenMinor / amountMinor) : 0;
}

/** It brought money, and not the sum that was asked for. */
export function isOtherSum(entry: ProviderEntry): boolean {
  return entry.takenMinor > 0n && timesTaken(entry) === 0;
}
