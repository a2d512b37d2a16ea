/** Without auth nothing is granted above the table; a leaked key must be noticed by the drill. */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-fallback.ts';
import { runFallback } from '../src/operations/drills/fallback/run.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 240_000;
const deps = { clock: systemClock, ids: systemIds, say: () => undefined, keep: false };

describe('the drill about the levels of authorization', () => {
  it(
    'passes: nothing above the table, everything it leaves is served',
    async () => {
      const report = await runFallback(SHORT, deps);
      // How quick is the machine's matter here; the long form judges it.
      expect(report.violations.filter((one) => !one.includes('only after'))).toEqual([]);
      expect(report).toMatchObject({ aboveTable: 0, untold: 0 });
      expect(report.rows).toBeGreaterThan(500);
    },
    LIMIT_MS,
  );

  it(
    'fails when strangers hold the key',
    async () => {
      const report = await runFallback({ ...SHORT, isKeyLeaked: true }, deps);
      expect(report.verdict).toBe('failed');
      expect(report.aboveTable).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
