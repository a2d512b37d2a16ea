import type { CoinCode } from './currencies.ts';
import type { InvoiceOrder } from './order.ts';
import { refuse } from './refusal.ts';

/** What the API tells; a deleted bill is not there any more, the vendor only remembers it. */
export const INVOICE_STATUSES = ['active', 'paid', 'expired'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number] | 'deleted';

/** What the buyer's wallet gave for the bill; sums are decimal text. */
export type Paid = Readonly<{
  at: string;
  asset: CoinCode;
  amount: string;
  fee: string;
  /** One coin in the fiat of the bill; absent when the bill is in a coin. */
  fiatRate: string | undefined;
  usdRate: string;
}>;

/** A bill: `active` until it is paid, its time is over or its owner takes it back, for ever. */
export type Invoice = InvoiceOrder &
  Readonly<{
    /** The vendor's number, as text. */
    id: string;
    hash: string;
    status: InvoiceStatus;
    createdAt: string;
    /** Absent: the bill never expires. */
    deadlineAt: string | undefined;
    /** The buyer promised to pay then; the deadline waits for them. */
    payAt?: string | undefined;
    paid?: Paid;
  }>;

const later = (at: Date, ms: number): string => new Date(at.getTime() + ms).toISOString();

export function opened(
  order: InvoiceOrder,
  mark: Readonly<{ id: string; hash: string; at: Date }>,
): Invoice {
  const { id, hash, at } = mark;
  const seconds = order.expiresInSeconds;
  const deadlineAt = seconds === undefined ? undefined : later(at, seconds * 1_000);
  return { ...order, id, hash, status: 'active', createdAt: at.toISOString(), deadlineAt };
}

export function paidWith(invoice: Invoice, paid: Paid): Invoice {
  expectActive(invoice);
  return { ...invoice, status: 'paid', paid, payAt: undefined };
}

export function ended(invoice: Invoice, status: 'expired' | 'deleted'): Invoice {
  expectActive(invoice);
  return { ...invoice, status, payAt: undefined };
}

/** The buyer pays in `delayMs`; the bill stays open at least until then. */
export function promised(invoice: Invoice, at: Date, delayMs: number): Invoice {
  expectActive(invoice);
  const payAt = later(at, delayMs);
  const { deadlineAt } = invoice;
  const short = deadlineAt !== undefined && deadlineAt <= payAt;
  return { ...invoice, payAt, deadlineAt: short ? later(at, delayMs + 1) : deadlineAt };
}

function expectActive(invoice: Invoice): void {
  if (invoice.status !== 'active') refuse('INVOICE_NOT_ACTIVE');
}
