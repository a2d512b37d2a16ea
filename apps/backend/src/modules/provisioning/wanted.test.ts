import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PanelAccount, WantedAccount } from './panel.ts';
import { compare, ENDS_SOON_MS, EXPIRY_TOLERANCE_MS, inLine } from './wanted.ts';

const AT = new Date('2026-11-27T00:00:00.000Z');
const DAY_MS = 86_400_000;
const inDays = (days: number): Date => new Date(AT.getTime() + days * DAY_MS);

const WANTED: WantedAccount = {
  username: 'sub_1',
  expiresAt: inDays(30),
  trafficLimitBytes: 100n,
  trafficReset: 'month_rolling',
  deviceLimit: 3,
  squads: ['a', 'b'],
  description: 'sub_1',
  telegramId: undefined,
};

const held = (part: Partial<PanelAccount> = {}): PanelAccount => ({
  ...WANTED,
  id: '1',
  key: '1',
  shortId: 'short',
  status: 'ACTIVE',
  subscriptionUrl: 'https://panel.test/short',
  trafficUsedBytes: 0n,
  updatedAt: AT,
  ...part,
});

const resets = fc.constantFrom('none', 'day', 'week', 'month', 'month_rolling');
const days = fc.integer({ min: -60, max: 60 });
const squads = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
const accounts = fc
  .record({
    expiresAt: days.map(inDays),
    trafficLimitBytes: fc.bigInt(0n, 300n),
    trafficReset: fc.option(resets, { nil: undefined }),
    deviceLimit: fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined }),
    squads,
  })
  .map(held);
const wishes = fc
  .record({
    expiresAt: days.map(inDays),
    trafficLimitBytes: fc.bigInt(0n, 300n),
    trafficReset: resets,
    deviceLimit: fc.integer({ min: 0, max: 6 }),
    squads,
  })
  .map((part): WantedAccount => ({ ...WANTED, ...part }));

const asNumber = (limit: number | bigint | undefined): number =>
  Number(limit ?? -1) === 0 ? Infinity : Number(limit ?? -1);

describe('what a repair makes of an account', () => {
  it('is never less than the account has or than was bought, unless it has ended', () => {
    fc.assert(
      fc.property(wishes, accounts, (wanted, account) => {
        const after = inLine(wanted, account, AT);
        for (const before of [wanted, account]) {
          expect(asNumber(after.deviceLimit)).toBeGreaterThanOrEqual(asNumber(before.deviceLimit));
          expect(asNumber(after.trafficLimitBytes)).toBeGreaterThanOrEqual(
            asNumber(before.trafficLimitBytes),
          );
          expect(after.squads).toEqual(expect.arrayContaining([...before.squads]));
          if (wanted.expiresAt > AT) {
            expect(after.expiresAt.getTime()).toBeGreaterThanOrEqual(before.expiresAt.getTime());
          }
        }
      }),
    );
  });

  it('differs from nothing once it is done', () => {
    fc.assert(
      fc.property(wishes, accounts, (wanted, account) => {
        const after = held(inLine(wanted, account, AT));
        expect(compare(wanted, after, new Date(AT.getTime() + 1)).lacks).toEqual([]);
      }),
    );
  });

  it('ends soon what has ended by our books, and never earlier than now', () => {
    const ended = { ...WANTED, expiresAt: inDays(-1) };
    const soon = new Date(AT.getTime() + ENDS_SOON_MS);
    expect(inLine(ended, held({ expiresAt: inDays(9) }), AT).expiresAt).toEqual(soon);
    expect(compare(ended, held({ expiresAt: inDays(9) }), AT).lacks).toMatchObject([
      { aspect: 'expiry' },
    ]);
    const over = held({ expiresAt: inDays(-3), deviceLimit: 1, squads: [] });
    expect(inLine(ended, over, AT).expiresAt).toEqual(inDays(-3));
    expect(compare(ended, over, AT)).toEqual({ lacks: [], exceeds: [] });
  });
});

describe('a comparison', () => {
  it('says nothing of milliseconds, of the order of squads, or of an account as bought', () => {
    const almost = new Date(WANTED.expiresAt.getTime() - EXPIRY_TOLERANCE_MS);
    const account = held({ expiresAt: almost, squads: ['b', 'a'] });
    expect(compare(WANTED, account, AT)).toEqual({ lacks: [], exceeds: [] });
  });

  it.each<[string, Partial<PanelAccount>, string[], string[]]>([
    ['an earlier expiry', { expiresAt: inDays(29) }, ['expiry'], []],
    ['a later expiry', { expiresAt: inDays(31) }, [], ['expiry']],
    ['less traffic', { trafficLimitBytes: 99n }, ['traffic'], []],
    ['unlimited traffic', { trafficLimitBytes: 0n }, [], ['traffic']],
    ['a rarer reset', { trafficReset: 'none' }, ['reset'], []],
    ['a reset of no known period', { trafficReset: undefined }, ['reset'], []],
    ['fewer devices', { deviceLimit: 2 }, ['devices'], []],
    ['the limit of the whole panel', { deviceLimit: undefined }, ['devices'], []],
    ['no limit of devices', { deviceLimit: 0 }, [], ['devices']],
    ['a missing and a further squad', { squads: ['a', 'c'] }, ['squads'], ['squads']],
  ])('tells %s', (_name, part, lacking, exceeding) => {
    const { lacks, exceeds } = compare(WANTED, held(part), AT);
    expect(lacks.map(({ aspect }) => aspect)).toEqual(lacking);
    expect(exceeds.map(({ aspect }) => aspect)).toEqual(exceeding);
  });
});
