/** The loss of an auth instance is seen by nobody; with one instance alone the drill must say so. */
import { describe, expect, it } from 'vitest';
import { SHORT, SHORT_HANG, SHORT_REVOCATION } from '../src/commands/drill-auth.ts';
import { runAuthHang } from '../src/operations/drills/auth/hang.ts';
import { runAuthLoss } from '../src/operations/drills/auth/loss.ts';
import { runRevocation } from '../src/operations/drills/auth/revocation.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 180_000;
const deps = { clock: systemClock, ids: systemIds, say: () => undefined, keep: false };

describe('the drill about the loss of auth', () => {
  it(
    'passes: two instances killed in turn, no call fails',
    async () => {
      const report = await runAuthLoss(SHORT, deps);
      expect(report.failures).toEqual({});
      expect(report).toMatchObject({ failed: 0, kills: 2 });
      // The time of a call is the machine's matter here; the long form judges it.
      expect(report.violations.filter((one) => !one.includes('p99'))).toEqual([]);
      expect(report.requests).toBeGreaterThan(500);
    },
    LIMIT_MS,
  );

  it(
    'fails when there is one instance to lose',
    async () => {
      const report = await runAuthLoss({ ...SHORT, instances: 1, kills: 1 }, deps);
      expect(report.verdict).toBe('failed');
      expect(report.failed).toBeGreaterThan(0);
    },
    LIMIT_MS,
  );
});

describe('the drill about an auth that hangs or is gray', () => {
  it(
    'passes: the instance is taken out, people do not see it',
    async () => {
      const report = await runAuthHang(SHORT_HANG, deps);
      // How quick is the machine's matter here; the long form judges it. That it happens is ours.
      expect(report.violations.filter((one) => !one.includes('taken out after'))).toEqual([]);
      expect(report.ejections.map(({ fault, tookMs }) => [fault, tookMs !== null])).toEqual([
        ['hang', true],
        ['hang', true],
        ['gray-errors', true],
        ['gray-slow', true],
      ]);
    },
    2 * LIMIT_MS,
  );
});

describe('the drill about ended sessions', () => {
  it(
    'passes: with the feed, without it, and while auth is away',
    async () => {
      const report = await runRevocation(SHORT_REVOCATION, deps);
      expect(report).toMatchObject({ accepted: 0, ended: 40, endedWithoutFeed: 4 });
      // How quick is the machine's matter here; the long form judges it.
      const isSlow = (one: string): boolean => /p99 of an end|lived for/.test(one);
      expect(report.violations.filter((one) => !isSlow(one))).toEqual([]);
    },
    2 * LIMIT_MS,
  );
});
