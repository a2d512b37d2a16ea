/**
 * The short form of the drill that loses the process at every point, and the proof that it proves
 * something: a bug that shows only when the process dies between two steps is found there.
 */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-crash.ts';
import {
  runCrashDrill,
  type CrashOptions,
  type CrashReport,
} from '../src/operations/drills/crash-points/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 240_000;

async function drill(change: Partial<CrashOptions>): Promise<CrashReport> {
  return await runCrashDrill(
    { ...SHORT, ...change },
    { clock: systemClock, ids: systemIds, keep: false, say: () => undefined },
  );
}

const broken = ({ stories }: CrashReport): string[] =>
  stories.flatMap(({ violations }) => violations.map(({ rule }) => rule));

describe('the drill about crash points', () => {
  it(
    'passes: the process dies at six points of a payment, nothing is lost or done twice',
    async () => {
      const report = await drill({});
      expect(report.stories.flatMap(({ violations }) => violations)).toEqual([]);
      expect(report).toMatchObject({ verdict: 'passed', aborts: 6, missed: 0 });
      expect(report.points).toBeGreaterThan(40);
    },
    LIMIT_MS,
  );

  it(
    'finds jobs that are added after the commit: paid, and nothing given',
    async () => {
      const only = /^after the commit of .*ledger_transfer/;
      const report = await drill({ planted: 'react-after-commit', only });
      expect(report.verdict).toBe('failed');
      expect(broken(report)).toEqual(expect.arrayContaining(['R2', 'R8']));
    },
    LIMIT_MS,
  );

  it(
    'finds an answer that is given before the commit: the notice is lost',
    async () => {
      const only = /^after the answer to /;
      const report = await drill({ planted: 'acknowledge-before-commit', only });
      expect(report.verdict).toBe('failed');
      expect(broken(report)).toContain('R6');
    },
    LIMIT_MS,
  );
});
