/** The figures that a script may make bad, as people would call too much or too little. */
import type { Watch } from '../../health/standing.ts';

const MINUTE_MS = 60_000;

/** By watch: a good and a bad figure, how long it must be bad, and whether it is critical at once. */
export const FIGURES: readonly Readonly<{
  watch: Watch;
  name: string;
  shown: string;
  good: number;
  bad: number;
  worst?: number;
  lastsMs: number;
}>[] = [
  { watch: 'disk', name: '/data', shown: '/data', good: 40, bad: 12, worst: 3, lastsMs: 0 },
  ...[
    { watch: 'memory' as const, good: 50, bad: 85, worst: 97, lastsMs: MINUTE_MS },
    { watch: 'cpu' as const, good: 10, bad: 80, lastsMs: 5 * MINUTE_MS },
  ].map((each) => ({ ...each, name: 'machine', shown: 'this machine' })),
  { watch: 'resident', name: 'api#0', shown: 'api#0', good: 90, bad: 300, lastsMs: 2 * MINUTE_MS },
  { watch: 'loop', name: 'api#1', shown: 'api#1', good: 20, bad: 450, lastsMs: MINUTE_MS },
  { watch: 'pool', name: 'api#0', shown: 'api#0', good: 10, bad: 130, lastsMs: MINUTE_MS },
  {
    ...{ watch: 'queue', name: 'payments', shown: 'money and access', lastsMs: 0 },
    ...{ good: 1, bad: 75, worst: 1_000 },
  },
  { watch: 'queue', name: 'others', shown: 'other jobs', good: 1, bad: 400, lastsMs: 0 },
  {
    ...{ watch: 'undelivered', name: 'undelivered', shown: 'orders', lastsMs: 0 },
    ...{ good: 0, bad: 90, worst: 2_000 },
  },
  { watch: 'errors', name: 'api', shown: 'api', good: 0, bad: 3, worst: 60, lastsMs: 0 },
  { watch: 'late', name: 'bot', shown: 'bot', good: 0, bad: 9, lastsMs: 0 },
  {
    ...{ watch: 'certificate', name: 'shop.example', shown: 'shop.example', lastsMs: 0 },
    ...{ good: 60, bad: 20, worst: 0 },
  },
  { watch: 'away', name: 'panel', shown: 'the panel', good: 0, bad: 2, lastsMs: 0 },
  { watch: 'audit', name: 'audit', shown: 'audit log', good: 2, bad: 700, lastsMs: 0 },
];
