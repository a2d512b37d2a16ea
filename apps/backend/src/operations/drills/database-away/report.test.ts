import { describe, expect, it } from 'vitest';
import type { Sample } from './load.ts';
import { judgeAway, type Facts, type Spell } from './report.ts';

const spell = (change: Partial<Spell> = {}): Spell => ({
  ...{
    fault: 'stop',
    fromMs: 1_000,
    goneMs: 1_100,
    noticedMs: 3_000,
    untilMs: 10_000,
    servedMs: 12_000,
  },
  incidents: ['postgres#0'],
  ...change,
});

const sample = (change: Partial<Sample>): Sample => ({
  ...{ kind: 'own', status: 200, isMarked: true, mayRepeat: false, atMs: 5_000, tookMs: 4 },
  ...change,
});

const refusal = sample({ kind: 'notice', status: 503, isMarked: false, mayRepeat: true });
const kept = { acknowledged: 1, lost: 0, doubled: 0 };

const facts = (change: Partial<Facts> = {}): Facts => ({
  options: {
    visitors: 1,
    rates: { window: 1, own: 1, command: 1, notice: 1, update: 1 },
    outageMs: 9_000,
  },
  samples: [sample({}), refusal],
  spells: [spell(), spell({ fault: 'kill' })],
  kept: { command: kept, notice: kept, update: kept },
  ...{ skipped: 0, exits: 0 },
  ...change,
});

describe('the judge of the database away', () => {
  it('passes what kept everything, served copies and refused at once', () => {
    expect(judgeAway(facts())).toMatchObject({ verdict: 'passed', violations: [] });
  });

  it.each<[string, Partial<Facts>]>([
    ['lost', { kept: { command: kept, notice: { ...kept, lost: 1 }, update: kept } }],
    ['twice', { kept: { command: { ...kept, doubled: 1 }, notice: kept, update: kept } }],
    ['served', { samples: [refusal, sample({ status: 503, mayRepeat: true })] }],
    ['not marked', { samples: [refusal, sample({ isMarked: false })] }],
    ['not marked', { samples: [refusal, sample({ isMarked: false, atMs: 1_100 })] }],
    ['refusals have a p99', { samples: [sample({}), { ...refusal, tookMs: 301 }] }],
    ['reads have a p99', { samples: [sample({ tookMs: 1_001 }), refusal] }],
    [
      'before it was noticed',
      { samples: [sample({}), refusal, { ...refusal, atMs: 2_999, tookMs: 5_001 }] },
    ],
    ['otherwise', { samples: [sample({}), refusal, { ...refusal, status: 504 }] }],
    ['otherwise', { samples: [sample({}), refusal, { ...refusal, mayRepeat: false }] }],
    ['was not away', { samples: [sample({})] }],
    ['full service', { spells: [spell({ servedMs: 15_001 }), spell()] }],
    ['noticed', { spells: [spell({ noticedMs: 31_001, untilMs: 40_000 }), spell()] }],
    ['incidents about api#0', { spells: [spell({ incidents: ['api#0'] }), spell()] }],
    ['ended', { exits: 1 }],
    ['took place', { spells: [spell()] }],
  ])('says what was %s', (words, change) => {
    const { verdict, violations } = judgeAway(facts(change));
    expect(verdict).toBe('failed');
    expect(violations.join('\n')).toContain(words);
  });

  it('does not blame those who could not know yet, nor an answer of the last moment', () => {
    const last = sample({ isMarked: false, atMs: 1_099 });
    const early = { ...refusal, atMs: 1_500, tookMs: 2_000 };
    expect(judgeAway(facts({ samples: [sample({}), last, refusal, early] })).verdict).toBe(
      'passed',
    );
  });
});
