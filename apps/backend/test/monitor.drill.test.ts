/** Every incident is told once, and its end; a monitor that is broken must be noticed by the drill. */
import { describe, expect, it } from 'vitest';
import { SHORT } from '../src/commands/drill-monitor.ts';
import { runMonitorDrill } from '../src/operations/drills/monitor/run.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 300_000;
const deps = { clock: systemClock, ids: systemIds, say: () => undefined, keep: false };

describe('the drill about the monitor', () => {
  it(
    'passes: 190 on the manual clock are told once each and in time, and their ends',
    async () => {
      const report = await runMonitorDrill({ ...SHORT, real: [] }, deps);
      expect(report.violations).toEqual([]);
      expect(report.rehearsed).toMatchObject({ missed: 0, doubled: 0, invented: 0, untoldEnds: 0 });
      expect(report.rehearsed.incidents).toBeGreaterThanOrEqual(190);
      expect(report.rehearsed.killed).toBeGreaterThan(20);
    },
    LIMIT_MS,
  );

  it(
    'fails when an alert is forgotten by a monitor that dies',
    async () => {
      const planted = { ...SHORT, real: [], planted: 'forgotten-alert' } as const;
      const report = await runMonitorDrill(planted, deps);
      expect(report.verdict).toBe('failed');
      expect(report.rehearsed.missed).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});
