/** Shapes that every part of the API shares: ids, instants, pages, people in short. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';

/** Bounds of every list of the API. */
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 50;
/** Largest number of rows in one exported file. */
export const EXPORT_ROWS_MAX = 100_000;
export const REASON_MIN = 3;
export const REASON_MAX = 500;

export const Instant = z.iso.datetime();
/** A calendar day in UTC, `2026-11-24`. */
export const Day = z.iso.date();
export const Id = z.string().regex(/^[a-z]{3}_[0-9a-z]{26}$/);
/** Bytes or another whole number above 2^53, as digits. */
export const Digits = z.string().regex(/^(0|[1-9]\d{0,18})$/);
export const Words = z.object({ ru: z.string().max(2000), en: z.string().max(2000) });
/** Short text from outside: cut by whoever stores it, shown as text. */
export const Text = z.string().max(2000);

/** Opaque key of a row: given back as `after` (older rows) or `before` (newer rows). */
const Cursor = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_.:-]+$/);

export const PageQuery = z.strictObject({
  after: Cursor.optional(),
  before: Cursor.optional(),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(PAGE_DEFAULT),
});

/** What a file leaves out of its list's filters: it has all pages. */
export const NO_PAGE = { after: true, before: true, limit: true } as const;

/** Newest first; `older` and `newer` are null at the ends. */
export function pageOf<Row extends z.ZodType>(row: Row) {
  return z.object({
    items: z.array(row).max(PAGE_MAX),
    older: Cursor.nullable(),
    newer: Cursor.nullable(),
  });
}

/** Filters by time that lists share: from the beginning of `from` to the end of `to`, UTC days. */
export const PeriodQuery = PageQuery.extend({ from: Day.optional(), to: Day.optional() });

export const PersonBrief = z.object({
  id: Id,
  name: z.string().max(128),
  telegramUsername: z.string().max(64).nullable(),
});
export type PersonBrief = z.infer<typeof PersonBrief>;

export const TIMELINE_KINDS = [
  'created',
  'sent',
  'notice',
  'refused',
  'asked',
  'authorised',
  'settled',
  'posted',
  'granted',
  'delivered',
  'told',
  'declined',
  'expired',
  'refund_requested',
  'refunded',
  'act',
  'failed',
  'other',
] as const;

export const TimelineEntry = z.object({
  at: Instant,
  kind: z.enum(TIMELINE_KINDS),
  tone: z.enum(['plain', 'info', 'good', 'warn', 'bad']),
  /** Facts without words of a language: ids, states, sums, milliseconds. */
  detail: z.string().max(500),
  /** The raw notice behind the entry, for `notices.raw`. */
  noticeId: Id.nullable(),
  /** How often the same came again. */
  repeats: z.int().nonnegative(),
  /** What staff does about a refused notice. */
  check: Words.optional(),
});
export type TimelineEntry = z.infer<typeof TimelineEntry>;

export const Timeline = z.array(TimelineEntry).max(500);
export const Sums = z.array(MoneyWire).max(8);

export const exampleIds = {
  person: 'per_01jd0000000000000000000001',
  staff: 'per_01jd0000000000000000000009',
  order: 'ord_01jd0000000000000000000002',
  payment: 'pay_01jd0000000000000000000003',
  subscription: 'sub_01jd0000000000000000000004',
  plan: 'pln_01jd0000000000000000000005',
  notice: 'ntc_01jd0000000000000000000006',
  audit: 'aud_01jd0000000000000000000007',
  refund: 'ref_01jd0000000000000000000008',
  method: 'mth_01jd000000000000000000000a',
  hand: 'hnd_01jd000000000000000000000b',
  announcement: 'ann_01jd000000000000000000000d',
  extension: 'ext_01jd000000000000000000000c',
  key: 'key_01jd000000000000000000000d',
} as const;
export const exampleAt = '2026-11-24T14:02:11.000Z';
export const examplePerson: PersonBrief = {
  id: exampleIds.person,
  name: 'Olga',
  telegramUsername: 'olga',
};
