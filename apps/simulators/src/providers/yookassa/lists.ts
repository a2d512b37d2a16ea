import type { Book } from '../book.ts';
import { PAYMENT_STATUSES } from './payment.ts';
import { presentPayment, presentRefund } from './present.ts';
import { refuse } from './refusal.ts';
import type { Shop } from './shop.ts';

/** A list as the API answers it; `next_cursor` is there only when more follows. */
type List = Readonly<{ type: 'list'; items: unknown[]; next_cursor: string | undefined }>;

const LIMIT = { standard: 10, max: 100 };
const BOUNDS: Readonly<Record<string, (difference: number) => boolean>> = {
  gte: (difference) => difference >= 0,
  gt: (difference) => difference > 0,
  lte: (difference) => difference <= 0,
  lt: (difference) => difference < 0,
};
const TIME_FILTER = /^created_at\.(gte|gt|lte|lt)$/;

/** `GET /payments`: filters by creation time and status, newest first. */
export function listPayments(shop: Shop, query: URLSearchParams): List {
  const status = query.get('status');
  if (status !== null && !PAYMENT_STATUSES.some((each) => each === status)) {
    refuse('status', 'Unknown status');
  }
  const inTime = readTimes(query);
  return list(shop.payments, query, {
    fits: (payment) => (status === null || payment.status === status) && inTime(payment.createdAt),
    present: (payment) => presentPayment(payment, shop.face),
  });
}

/** `GET /refunds`: filters by payment and creation time, newest first. */
export function listRefunds(shop: Shop, query: URLSearchParams): List {
  const paymentId = query.get('payment_id');
  const inTime = readTimes(query);
  return list(shop.refunds, query, {
    fits: (refund) =>
      (paymentId === null || refund.paymentId === paymentId) && inTime(refund.createdAt),
    present: presentRefund,
  });
}

function list<T extends Readonly<{ id: string }>>(
  book: Book<T>,
  query: URLSearchParams,
  how: { fits: (item: T) => boolean; present: (item: T) => unknown },
): List {
  const limit = Number(query.get('limit') ?? LIMIT.standard);
  if (!Number.isInteger(limit) || limit < 1 || limit > LIMIT.max) {
    refuse('limit', `Must be a whole number from 1 to ${String(LIMIT.max)}`);
  }
  const after = query.get('cursor') ?? undefined;
  const page = book.page({ after, limit, fits: how.fits });
  if (page === undefined) return refuse('cursor', 'Unknown cursor');
  return { type: 'list', items: page.items.map(how.present), next_cursor: page.next };
}

function readTimes(query: URLSearchParams): (createdAt: string) => boolean {
  const bounds: ((at: number) => boolean)[] = [];
  for (const [name, text] of query) {
    const kind = TIME_FILTER.exec(name)?.[1];
    const holds = kind === undefined ? undefined : BOUNDS[kind];
    if (holds === undefined) continue;
    const bound = Date.parse(text);
    if (Number.isNaN(bound)) refuse(name, 'Must be a moment in ISO 8601');
    bounds.push((at) => holds(at - bound));
  }
  return (createdAt) => bounds.every((holds) => holds(Date.parse(createdAt)));
}
