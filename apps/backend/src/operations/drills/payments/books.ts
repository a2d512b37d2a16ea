/**
 * Everything the judge looks at, as collected from outside: the provider's books, the panel, the
 * chats, and our own tables. Sums are minor units, times are milliseconds since 1970.
 */

/** A payment as the provider remembers it. */
export type ProviderEntry = Readonly<{
  id: string;
  /** Ours, as the provider was told. */
  paymentId: string | undefined;
  status: string;
  amountMinor: bigint;
  currency: string;
}>;

/** A delivery of a notice that we answered with "received": how the key of its row begins. */
export type AcceptedNotice = Readonly<{ key: string }>;

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
  personId: string;
  product: string;
  state: string;
  amountMinor: bigint;
  currency: string;
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
  state: string;
  amountMinor: bigint;
  refundedMinor: bigint;
  currency: string;
}>;

/** A refund that was asked for and done. */
export type RefundRow = Readonly<{ paymentId: string; amountMinor: bigint }>;

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
  provider: Readonly<{
    name: string;
    payments: readonly ProviderEntry[];
    /** Per currency: everything taken less everything given back, by the provider's own sum. */
    heldMinor: Readonly<Record<string, bigint>>;
    accepted: readonly AcceptedNotice[];
  }>;
  panel: readonly PanelUser[];
  chats: readonly BotMessage[];
  orders: readonly OrderRow[];
  payments: readonly PaymentRow[];
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
  R1: 'every payment taken by the provider is in our ledger once, and nothing else is',
  R2: 'every paid order is granted and delivered exactly once, an unpaid one never',
  R3: 'the ledger sums to zero, and its clearing account is what the provider holds',
  R4: 'the panel holds what was bought: one user per subscription, to the day',
  R5: 'every customer was told of what they paid',
  R6: 'every notice that was acknowledged is stored, and judged after it came',
  R7: 'every order whose money was taken is paid',
  R8: 'nobody waits for what they paid',
  R9: 'money that goes back goes back once, is told, and takes its access once',
} as const;
export type Rule = keyof typeof RULES;

export type Violation = Readonly<{ rule: Rule; what: string }>;
