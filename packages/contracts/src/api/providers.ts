/** How each payment provider does: staff's overview of them. */
import { z } from 'zod';
import { endpoint } from './endpoint.ts';
import { Day, exampleAt, Instant, PageQuery, Text } from './shapes.ts';
import { RECONCILIATION_STATES } from './reconciliation.ts';
import { BREAKER_STATES } from './today.ts';

const Count = z.int().nonnegative();

export const ProviderOverviewWire = z.object({
  provider: z.string().max(32),
  /** Payments created in the span, and those of them that are settled. */
  created: Count,
  settled: Count,
  /** Milliseconds from created to settled; null: none was settled. */
  settleMs: z.object({ median: Count, p95: Count }).nullable(),
  noticesAccepted: Count,
  duplicates: Count,
  refused: z.array(z.object({ reason: z.string().max(64), count: Count })).max(20),
  oldestPendingAt: Instant.nullable(),
  lastNoticeAt: Instant.nullable(),
  /** Paid after the last notice: known by asking alone. */
  settledUnannounced: Count,
  /** Notices stopped coming while payments are being made. */
  isSilent: z.boolean(),
  /** The newest comparison of the books; null: never. */
  reconciliation: z
    .object({
      day: Day,
      state: z.enum(RECONCILIATION_STATES),
      startedAt: Instant,
      found: Count,
    })
    .nullable(),
  openDifferences: Count,
  breaker: z.enum(BREAKER_STATES),
  /** Staff switched it off: since when, who and why; null: it is on. */
  switchedOff: z.object({ since: Instant, by: z.string().max(200), reason: Text }).nullable(),
});
export type ProviderOverviewWire = z.infer<typeof ProviderOverviewWire>;

export const providers = {
  overview: endpoint({
    method: 'GET',
    path: '/api/v1/admin/providers',
    permission: 'payments:read',
    about: 'How each payment provider did in the last 1 to 30 days, and whether its notices come.',
    query: PageQuery.pick({}).extend({ days: z.coerce.number().int().min(1).max(30).default(1) }),
    answer: z.object({ asOf: Instant, items: z.array(ProviderOverviewWire).max(16) }),
    example: {
      query: { days: 7 },
      answer: {
        asOf: exampleAt,
        items: [
          {
            provider: 'yookassa',
            created: 120,
            settled: 96,
            settleMs: { median: 41_000, p95: 180_000 },
            noticesAccepted: 101,
            duplicates: 4,
            refused: [{ reason: 'foreign_address', count: 2 }],
            oldestPendingAt: exampleAt,
            lastNoticeAt: exampleAt,
            settledUnannounced: 0,
            isSilent: false,
            reconciliation: { day: '2026-11-23', state: 'agreed', startedAt: exampleAt, found: 0 },
            openDifferences: 0,
            breaker: 'closed',
            switchedOff: null,
          },
        ],
      },
    },
  }),
} as const;
