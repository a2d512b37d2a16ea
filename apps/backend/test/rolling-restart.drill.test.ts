/** Every role restarts and nobody sees it; processes that open their own listeners must be noticed. */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-rolling.ts';
import { runRolling } from '../src/operations/drills/rolling/run.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 300_000;
/** What the drill says of the calls that failed: without it a failure in CI cannot be explained. */
const said: string[] = [];
const deps = {
  ...{ clock: systemClock, ids: systemIds, say: (line: string) => said.push(line), keep: false },
  stopping: new AbortController().signal,
};

describe('the drill about restarts', () => {
  it(
    'passes: every role is restarted under load, no call fails, no job is lost or done twice',
    async () => {
      const report = await runRolling(SHORT, deps);
      // How quick is the machine's matter here; the long form judges it.
      const isSlow = (one: (typeof report.violations)[number]): boolean =>
        typeof one === 'object' && one.what.includes('only after');
      expect(report.failures, said.join('\n')).toEqual({});
      expect(report.violations.filter((one) => !isSlow(one))).toEqual([]);
      expect(Object.values(report.restarts)).toEqual([1, 1, 1, 1, 1, 1, 1]);
      expect(report.sold).toBeGreaterThan(0);
      expect(report.commands).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );

  it(
    'fails when each process opens its listener itself',
    async () => {
      const report = await runRolling({ ...SHORT, ownListeners: true }, deps);
      expect(report.verdict).toBe('failed');
      expect(report.failed).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
