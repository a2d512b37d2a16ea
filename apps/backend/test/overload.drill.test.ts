/** Too much does no harm: what must never give way is served, the rest is told to come back. */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-overload.ts';
import { runOverload, type OverloadReport } from '../src/operations/drills/overload/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 300_000;
const deps = { clock: systemClock, ids: systemIds, say: () => undefined, keep: false };

/** How much is the machine's matter here, the long form judges it: only kinds are compared. */
function roundOf({ rounds }: OverloadReport) {
  const [round] = rounds;
  if (round === undefined) throw new Error('nothing was tried');
  const inTime = ({ good, late, failed }: (typeof round.byKind)['read']): number =>
    good / Math.max(1, good + late + failed);
  return { ...round.byKind, inTime };
}

/** Played once for whoever compares with it. */
let played: Promise<OverloadReport> | undefined;
const withoutFault = (): Promise<OverloadReport> => (played ??= runOverload(SHORT, deps));

describe('the drill about overload', () => {
  it(
    'sees the rest give way, and notices and token checks served',
    async () => {
      const report = await withoutFault();
      const { read, token, notice, inTime } = roundOf(report);
      expect(report.exits).toBe(0);
      expect(read.shed).toBeGreaterThan(0);
      expect([token.shed, notice.shed]).toEqual([0, 0]);
      expect(inTime(token)).toBeGreaterThan(0.5);
      expect(inTime(notice)).toBeGreaterThan(0.5);
      // What was let in was not let in to grow old.
      expect(inTime(read)).toBeGreaterThan(0.5);
    },
    LIMIT_MS,
  );

  it(
    'fails when nothing gives way',
    async () => {
      const { read: givingWay } = roundOf(await withoutFault());
      const report = await runOverload({ ...SHORT, patient: true }, deps);
      const { read, inTime } = roundOf(report);
      expect(report.verdict).toBe('failed');
      expect(inTime(read)).toBeLessThan(inTime(givingWay));
    },
    LIMIT_MS,
  );
});
