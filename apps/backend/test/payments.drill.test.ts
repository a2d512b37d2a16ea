/**
 * The proof that the drill proves something: in a small run the platform passes, and each planted
 * bug is found by the rule that is about it. One platform after another, each of its own.
 */
import { describe, expect, it } from 'vitest';
import type { PLANTED_BUGS } from '../src/config/schema.ts';
import {
  runPaymentDrill,
  type DrillOptions,
  type DrillReport,
} from '../src/operations/drills/payments/index.ts';
import { VENDOR_NAMES } from '../src/operations/drills/vendors.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';

const LIMIT_MS = 180_000;
/** Without kills nothing hides a bug that needs none, and a run takes a third of the time. */
const CALM = { payments: 16, kills: 0 };
const STORMY = { payments: 24, kills: 4 };
/** Enough kills that one of them meets the api between its answer and its commit. */
const VIOLENT = { payments: 24, kills: 8 };
/** Enough deliveries that one of them meets its twin. */
const CROWDED = { payments: 32, kills: 0 };
/** A planted bug is in the core: one vendor is enough to find it. */
const ONE_VENDOR = ['yookassa'] as const;

const EXPECTED: Readonly<
  Record<(typeof PLANTED_BUGS)[number], { rules: readonly string[]; size: typeof CALM }>
> = {
  'acknowledge-before-commit': { rules: ['R6'], size: VIOLENT },
  'missing-unique-key': { rules: ['R2', 'R4'], size: CALM },
  'lost-update': { rules: ['R4'], size: STORMY },
  'forget-to-rearm': { rules: ['R6'], size: CALM },
  'deliver-twice': { rules: ['R4'], size: CROWDED },
};

describe('the drill about payments', () => {
  const stopping = new AbortController();

  async function drill(change: Partial<DrillOptions>): Promise<DrillReport> {
    const options = {
      ...{ ...STORMY, providers: ONE_VENDOR, seed: 1, short: true, planted: undefined },
      ...change,
    };
    return await runPaymentDrill(options, {
      ...{ clock: systemClock, ids: systemIds, stopping: stopping.signal, keep: false },
      say: () => undefined,
    });
  }

  it(
    'passes: 32 payments through all eight vendors, every one faulty, four processes killed',
    async () => {
      const report = await drill({ payments: 32, providers: VENDOR_NAMES });
      // How quick is the machine's matter here; the long form judges it.
      expect(report.violations.filter(({ what }) => !what.includes('only after'))).toEqual([]);
      expect(report).toMatchObject({ inVain: {} });
      // A vendor that took money once more than was planned has done so openly: it is surplus.
      expect(report.sold).toBeGreaterThanOrEqual(32);
      const sold = Object.entries(report.vendors).filter(([, vendor]) => vendor.sold > 0);
      expect(sold.map(([name]) => name)).toEqual(VENDOR_NAMES);
      expect(Object.values(report.kills).reduce((sum, count) => sum + count)).toBe(4);
    },
    LIMIT_MS,
  );

  it.each(Object.entries(EXPECTED))(
    'finds the planted bug %s',
    // Whether two acts meet in the planted gap is a matter of chance: a bug may be looked for twice.
    // The drill without a bug has no second try.
    { timeout: LIMIT_MS, retry: 1 },
    async (planted, { rules, size }) => {
      const bug = planted as (typeof PLANTED_BUGS)[number]; // a key of the table; Object.entries forgets which
      const report = await drill({ ...size, planted: bug });
      expect(report.verdict).toBe('failed');
      expect(report.violations.map(({ rule }) => rule)).toEqual(expect.arrayContaining([...rules]));
    },
  );
});
