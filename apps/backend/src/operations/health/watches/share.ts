/** What share of the calls of the last two minutes was bad, out of counters that only grow. */

const SPAN_MS = 120_000;
/** So few are chance, not a rate: a share of three calls says nothing. */
const BAD_MIN = 5;

type Count = Readonly<{ atMs: number; all: number; bad: number }>;

export interface Share {
  /** The counters now; answers the share in percent. */
  add(count: Count): number;
}

export function createShare(): Share {
  let counts: readonly Count[] = [];
  return {
    add(count) {
      const last = counts.at(-1);
      // A counter that fell belongs to a new process.
      if (last !== undefined && count.all < last.all) counts = [];
      counts = [...counts, count];
      // The newest of those that are old enough is where the span begins.
      const from = counts.findLastIndex(({ atMs }) => count.atMs - atMs >= SPAN_MS);
      counts = counts.slice(Math.max(0, from));
      const first = counts[0] ?? count;
      const bad = count.bad - first.bad;
      return bad < BAD_MIN ? 0 : (100 * bad) / (count.all - first.all);
    },
  };
}
