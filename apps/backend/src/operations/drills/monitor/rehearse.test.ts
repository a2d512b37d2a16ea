/** What must be found when the monitor is broken; that it is not is for test/monitor.drill.test.ts. */
import { describe, expect, it } from 'vitest';
import { rehearse, REHEARSED_FAULTS, type Rehearsed } from './rehearse.ts';
import { judgePlay, type Told } from './judge.ts';

const quiet = (): void => undefined;
const LIMIT_MS = 180_000;

const faultsOf = (all: readonly Rehearsed[]) =>
  all.flatMap(({ missed, doubled, invented, untoldEnds, late }) => [
    ...missed.map((words) => `missed ${words}`),
    ...doubled.map((words) => `doubled ${words}`),
    ...invented.map((words) => `invented ${words}`),
    ...untoldEnds.map((words) => `no end ${words}`),
    ...late.map((words) => `late ${words}`),
  ]);

describe('incidents on a manual clock', () => {
  it.each(REHEARSED_FAULTS)(
    'find a monitor that is broken: %s',
    async (fault) => {
      const all = await rehearse({ incidents: 30, seed: 1, fault }, quiet);
      expect(faultsOf(all)).not.toEqual([]);
    },
    LIMIT_MS,
  );
});

describe('the judge', () => {
  const trouble = {
    ...{ shown: 'api#0', fromMs: 1_000, toMs: 100_000, seenWithinMs: 1_000 },
    ...{ calmWithinMs: 20_000, criticalWithinMs: 65_000 },
  };
  const play = { name: 'p', troubles: [trouble], deafUntilMs: 0 };
  const news = (what: string, level: string, atMs: number, shown = 'api#0'): Told => ({
    ...{ atMs, channel: 'telegram', id: `20261127_1_${what}_${String(atMs)}` },
    text: `🟡 <b>${level} ${shown}</b> words`,
  });
  const whole = [
    news('opened', 'WARNING', 1_100),
    news('escalated', 'CRITICAL', 62_000),
    news('recovered', 'INFO', 115_000),
  ];
  const judge = (told: readonly Told[]) => judgePlay(play, told, ['telegram']);
  const nothing = { missed: [], doubled: [], invented: [], untoldEnds: [], late: [] };

  it('is content with one opening, one escalation and one end, in time', () => {
    expect(judge(whole)).toMatchObject({ ...nothing, incidents: 1, alertMs: [100] });
  });

  it.each([
    ['nobody was told', [], 'missed'],
    ['it did not become critical', [whole[0], whole[2]], 'missed'],
    ['it was told late', [news('opened', 'WARNING', 9_000), ...whole.slice(1)], 'late'],
    ['its end was not told', whole.slice(0, 2), 'untoldEnds'],
    ['it was told twice', [...whole, news('opened', 'WARNING', 3_000)], 'doubled'],
    [
      'another was told without a cause',
      [...whole, news('opened', 'WARNING', 1, 'bot')],
      'invented',
    ],
  ] as const)('finds that %s', (_name, told, fault) => {
    const found = judge([...told].filter((one): one is Told => one !== undefined));
    expect(found[fault]).not.toEqual([]);
  });
});
