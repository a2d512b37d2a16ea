/** Providers' books against ours: the runs of the comparison, and what they found. */
import { z } from 'zod';
import { MoneyWire } from '../wire.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';
import {
  Day,
  exampleAt,
  exampleIds,
  Id,
  Instant,
  NO_PAGE,
  PageQuery,
  pageOf,
  Words,
} from './shapes.ts';

export const RECONCILIATION_STATES = [
  'running',
  'agreed',
  'differs',
  'partial',
  'abandoned',
] as const;
export const DIFFERENCE_STATES = ['open', 'repaired', 'gone'] as const;

const Count = z.int().nonnegative();
const Provider = z.string().max(32);

export const ReconciliationRunWire = z.object({
  id: Id,
  provider: Provider,
  day: Day,
  /** `partial`: the provider failed in the middle; `abandoned`: our process did. */
  state: z.enum(RECONCILIATION_STATES),
  /** Objects of theirs and payments of ours that were compared. */
  theirs: Count,
  ours: Count,
  found: Count,
  repaired: Count,
  /** What the provider answered when its book was not read to the end. */
  failure: z.string().max(500).nullable(),
  startedAt: Instant,
  finishedAt: Instant.nullable(),
});
export type ReconciliationRunWire = z.infer<typeof ReconciliationRunWire>;

/** What one book says of a payment. */
export const BookEntryWire = z.object({
  state: z.string().max(64),
  amount: MoneyWire,
  refunded: MoneyWire,
});
export type BookEntryWire = z.infer<typeof BookEntryWire>;

export const DifferenceWire = z.object({
  id: Id,
  provider: Provider,
  day: Day,
  kind: z.string().max(32),
  state: z.enum(DIFFERENCE_STATES),
  /** The provider's id of its object, or ours where it has none. */
  reference: z.string().max(200),
  paymentId: Id.nullable(),
  /** Null: nothing there. */
  ours: BookEntryWire.nullable(),
  theirs: BookEntryWire.nullable(),
  means: Words,
  todo: Words,
  /** Asking the provider about this payment may settle it. */
  mayBeAsked: z.boolean(),
  foundAt: Instant,
  lastFoundAt: Instant,
});
export type DifferenceWire = z.infer<typeof DifferenceWire>;

const runFilters = PageQuery.extend({ provider: Provider.optional(), day: Day.optional() });
const differenceFilters = PageQuery.extend({
  provider: Provider.optional(),
  state: z.enum(DIFFERENCE_STATES).default('open'),
});

export const reconciliation = {
  runs: endpoint({
    method: 'GET',
    path: '/api/v1/admin/reconciliation/runs',
    permission: 'payments:read',
    about: "Comparisons of a provider's book of a day with ours, newest first.",
    query: runFilters,
    answer: pageOf(ReconciliationRunWire),
    example: {
      query: { provider: 'yookassa' },
      answer: {
        items: [
          {
            ...{ id: 'rec_01jd000000000000000000000d', provider: 'yookassa', day: '2026-11-23' },
            ...{ state: 'differs', theirs: 96, ours: 97, found: 2, repaired: 1, failure: null },
            ...{ startedAt: exampleAt, finishedAt: exampleAt },
          },
        ],
        older: null,
        newer: null,
      },
    },
  }),
  exportRuns: csvFile({
    name: 'comparisons',
    query: runFilters.omit(NO_PAGE),
    example: { query: { day: '2026-11-23' }, answer: 'id,provider,day,state,theirs,ours\r\n' },
  }),
  differences: endpoint({
    method: 'GET',
    path: '/api/v1/admin/reconciliation/differences',
    permission: 'payments:read',
    about: 'What the books do not agree about, what it means and what staff does; newest first.',
    query: differenceFilters,
    answer: pageOf(DifferenceWire),
    example: {
      query: { state: 'open' },
      answer: {
        items: [
          {
            ...{ id: 'dif_01jd000000000000000000000e', provider: 'yookassa', day: '2026-11-23' },
            ...{ kind: 'wrong_amount', state: 'open', reference: '30b1', mayBeAsked: false },
            paymentId: exampleIds.payment,
            ours: exampleEntry('pending', '19900'),
            theirs: exampleEntry('settled', '19800'),
            means: { ru: 'Там другая сумма.', en: 'Another amount there.' },
            todo: { ru: 'Верните деньги там.', en: 'Give it back there.' },
            ...{ foundAt: exampleAt, lastFoundAt: exampleAt },
          },
        ],
        older: null,
        newer: null,
      },
    },
  }),
  exportDifferences: csvFile({
    name: 'differences',
    about: 'The same rows as the list of differences, as a file for the accountant.',
    query: differenceFilters.omit(NO_PAGE),
    example: { query: { state: 'open' }, answer: 'id,provider,day,kind,reference\r\n' },
  }),
} as const;

function exampleEntry(state: string, minor: string): z.input<typeof BookEntryWire> {
  return {
    state,
    amount: { minor, currency: 'RUB' },
    refunded: { minor: '0', currency: 'RUB' },
  };
}
