/** The database may go: nothing acknowledged is lost. An early acknowledgement must be noticed. */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-database.ts';
import { runDatabaseAway } from '../src/operations/drills/database-away/run.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 300_000;
const deps = { clock: systemClock, ids: systemIds, say: () => undefined, keep: false };

describe.skipIf(process.platform !== 'linux')('the drill about the database away', () => {
  it(
    'passes: copies are served, nothing acknowledged is lost, nobody ends',
    async () => {
      const report = await runDatabaseAway(SHORT, deps);
      // How quick is the machine's matter here, and what is slow to the monitor; the long form judges it.
      const slow = /p99|full service only after|noticed after|incidents about|reads were served/;
      expect(report.violations.filter((one) => !slow.test(one))).toEqual([]);
      expect(report.outages).toHaveLength(2);
      for (const { reads, readsServed } of report.outages) {
        expect(readsServed).toBeGreaterThan(reads * 0.9);
      }
    },
    LIMIT_MS,
  );

  it(
    'fails when notices are acknowledged before they are stored',
    async () => {
      const report = await runDatabaseAway(
        { ...SHORT, planted: 'acknowledge-before-commit' },
        deps,
      );
      expect(report.verdict).toBe('failed');
      expect(report.kept.notice.lost).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
