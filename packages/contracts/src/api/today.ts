/** The first page of staff: what was sold, what waits, whether the books agree. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';
import { Day, exampleAt, exampleIds, Id, Instant, Sums } from './shapes.ts';
import { endpoint } from './endpoint.ts';

export const SERIES_DAYS = 14;

const Series = z
  .array(z.object({ day: Day, value: z.string().regex(/^-?\d{1,19}$/) }))
  .max(SERIES_DAYS);

export const BREAKER_STATES = ['closed', 'open', 'half_open', 'unknown'] as const;

export const ProviderHealthWire = z.object({
  provider: z.string().max(32),
  /** Null: never. */
  lastNoticeAt: Instant.nullable(),
  /** Of the last hour. */
  started: z.int().nonnegative(),
  settled: z.int().nonnegative(),
  declined: z.int().nonnegative(),
  refusedNotices: z.int().nonnegative(),
  pending: z.int().nonnegative(),
  oldestPendingAt: Instant.nullable(),
  breaker: z.enum(BREAKER_STATES),
  /** Staff switched it off. */
  switchedOff: z.boolean(),
});

export const TodayWire = z.object({
  asOf: Instant,
  /** Money in since midnight UTC, and until the same hour a week ago; one sum per currency. */
  sales: z.object({ today: Sums, weekAgo: Sums, currency: MoneyWire.shape.currency, days: Series }),
  people: z.object({ today: z.int(), weekAgo: z.int(), days: Series }),
  /** Orders placed today and how many of them are paid. */
  conversion: z.object({
    placed: z.int(),
    paid: z.int(),
    placedWeekAgo: z.int(),
    paidWeekAgo: z.int(),
  }),
  undelivered: z.object({
    count: z.int().nonnegative(),
    oldest: z
      .object({
        orderId: Id,
        subscriptionId: Id.nullable(),
        paidAt: Instant,
        attempts: z.int(),
        lastError: z.string().max(500).nullable(),
      })
      .nullable(),
  }),
  /** Payments whose outcome nobody knows yet. */
  unknown: z.object({ count: z.int().nonnegative(), oldestAt: Instant.nullable() }),
  refusedNotices: z.object({ day: z.int().nonnegative(), lastAt: Instant.nullable() }),
  quarantinedNotices: z.int().nonnegative(),
  openRefunds: z.int().nonnegative(),
  /** Payments whose money the buyer's bank asks back. */
  openDisputes: z.int().nonnegative(),
  /** What providers' books and ours do not agree about. */
  openDifferences: z.int().nonnegative(),
  /** Their notices stopped coming while payments are being made. */
  silentProviders: z.array(z.string().max(32)).max(50),
  providers: z.array(ProviderHealthWire).max(16),
  books: z.object({
    /** Debits minus credits over all accounts, per currency: zero or something is very wrong. */
    ledger: Sums,
    /** Subscriptions whose newest revision the panel does not have yet. */
    behindPanel: z.int().nonnegative(),
  }),
});
export type TodayWire = z.infer<typeof TodayWire>;

const rub = (minor: string) => ({ minor, currency: 'RUB' as const });
const example: TodayWire = {
  asOf: exampleAt,
  sales: {
    today: [rub('4179000')],
    weekAgo: [rub('3870000')],
    currency: 'RUB',
    days: [{ day: '2026-11-24', value: '4179000' }],
  },
  people: { today: 312, weekAgo: 322, days: [{ day: '2026-11-24', value: '312' }] },
  conversion: { placed: 250, paid: 46, placedWeekAgo: 240, paidWeekAgo: 40 },
  undelivered: {
    count: 1,
    oldest: {
      orderId: exampleIds.order,
      subscriptionId: exampleIds.subscription,
      paidAt: exampleAt,
      attempts: 4,
      lastError: 'the panel does not answer',
    },
  },
  unknown: { count: 0, oldestAt: null },
  refusedNotices: { day: 2, lastAt: exampleAt },
  quarantinedNotices: 0,
  openRefunds: 0,
  openDisputes: 0,
  openDifferences: 0,
  silentProviders: [],
  providers: [
    {
      provider: 'yookassa',
      lastNoticeAt: exampleAt,
      started: 20,
      settled: 18,
      declined: 1,
      refusedNotices: 0,
      pending: 1,
      oldestPendingAt: exampleAt,
      breaker: 'closed',
      switchedOff: false,
    },
  ],
  books: { ledger: [rub('0')], behindPanel: 1 },
};

export const today = {
  read: endpoint({
    method: 'GET',
    path: '/api/v1/admin/today',
    permission: 'today:read',
    about: 'The figures of today and what needs attention.',
    answer: TodayWire,
    example: { answer: example },
  }),
  stream: endpoint({
    method: 'GET',
    path: '/api/v1/admin/today/stream',
    permission: 'today:read',
    about: 'The same figures as server-sent events `today`, sent when they change.',
    media: 'text/event-stream',
    answer: TodayWire,
    example: { answer: example },
  }),
} as const;
