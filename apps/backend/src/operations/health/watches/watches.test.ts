/** Figures from the first bad reading to the word of recovery, over the whole monitor. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWorld, memoryStore } from '../testing/world.ts';
import { WATCHES, type Standing } from '../standing.ts';
import { judgeFigure, UNSEEN, type Watched } from './rule.ts';
import { RULES, ruleOf } from './rules.ts';

const kept = () => createWorld({ keeps: true });
const MINUTE_MS = 60_000;

describe('a figure beyond its bound', () => {
  it('is told at once where it may not wait, is critical when it is worse, and ends', async () => {
    const { clock, chat, measure, watch } = kept();
    const stop = watch();
    measure('disk', '/data', 40);
    await clock.advance(10_000);
    expect(chat()).toEqual([]);
    measure('disk', '/data', 14.2);
    await clock.advance(6_000);
    measure('disk', '/data', 4.96);
    await clock.advance(6_000);
    measure('disk', '/data', 30);
    await clock.advance(20_000);
    expect(chat()).toEqual([
      '🟡 <b>WARNING /data</b> has 14 % of its disk free, limit 15 %',
      '🔴 <b>CRITICAL /data</b> has 5 % of its disk free, limit 15 %',
      expect.stringContaining('INFO /data</b> is well again'),
    ]);
    await stop();
  });

  it('is no news before it lasts, where a moment says nothing', async () => {
    const { clock, chat, measure, watch } = kept();
    const stop = watch();
    measure('cpu', 'machine', 97);
    await clock.advance(4.5 * MINUTE_MS);
    expect(chat()).toEqual([]);
    await clock.advance(MINUTE_MS);
    expect(chat()).toEqual([
      '🟡 <b>WARNING this machine</b> has been 97 % busy for five minutes, limit 50 %',
    ]);
    await stop();
  });

  it('that trembles at its bound is one incident', async () => {
    const { clock, chat, measure, watch } = kept();
    const stop = watch();
    for (let times = 0; times < 60; times += 1) {
      measure('disk', '/data', times % 2 === 0 ? 14.9 : 15.1);
      await clock.advance(20_000);
    }
    expect(chat()).toHaveLength(1);
    await stop();
  });

  it('that nobody can tell any more neither ends nor begins anything', async () => {
    const { clock, chat, measure, watch } = kept();
    const stop = watch();
    measure('queue', 'payments', 61);
    measure('queue', 'others', 61);
    await clock.advance(6_000);
    measure('queue', 'payments', undefined);
    await clock.advance(10 * MINUTE_MS);
    measure('queue', 'payments', 0);
    await clock.advance(20_000);
    expect(chat().map((text) => text?.replace(/It lasted.*/, ''))).toEqual([
      '🟡 <b>WARNING money and access</b> the oldest job waits for 1 min 1 s',
      '🟢 <b>INFO money and access</b> is well again. ',
    ]);
    await stop();
  });

  it('is told again as often as it is worth', async () => {
    const { clock, chat, measure, watch } = kept();
    const stop = watch();
    measure('certificate', 'shop.example', 20);
    // Other warnings are told again each hour.
    await clock.advance(62 * MINUTE_MS);
    expect(chat()).toHaveLength(1);
    measure('certificate', 'shop.example', 0);
    await clock.advance(6_000);
    expect(chat()[1]).toBe('🔴 <b>CRITICAL shop.example</b> its certificate does not hold');
    await stop();
  });

  it('that payments tell of themselves is only shown', async () => {
    const { clock, chat, measure, watch, monitor } = kept();
    const stop = watch();
    measure('silent', 'yookassa', 1);
    await clock.advance(10_000);
    expect(chat()).toEqual([]);
    expect(monitor.report().watches).toEqual([
      { watch: 'silent', name: 'yookassa', value: 1, unit: 'flag', state: 'warning', bounds: [0] },
    ]);
    await stop();
  });

  it('is remembered over a restart of the monitor', async () => {
    const store = memoryStore();
    const first = createWorld({ keeps: true, store });
    const stopFirst = first.watch();
    first.measure('cpu', 'machine', 70);
    await first.clock.advance(6 * MINUTE_MS);
    await stopFirst();
    const second = createWorld({ keeps: true, store, clock: first.clock });
    const stopSecond = second.watch();
    second.measure('cpu', 'machine', 70);
    await second.clock.advance(4 * MINUTE_MS);
    expect([first.chat().length, second.chat()]).toEqual([1, []]);
    await stopSecond();
  });
});

describe('what follows from another trouble', () => {
  it('is not told beside it, and is when it stays', async () => {
    const { clock, chat, measure, states, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    states.set('postgres#0', 'down');
    await clock.advance(5_000);
    measure('queue', 'payments', 90);
    measure('pool', 'api#0', 150);
    measure('errors', 'api', 40);
    await clock.advance(45_000);
    expect(chat()).toHaveLength(1);
    states.delete('postgres#0');
    measure('queue', 'payments', 0);
    measure('pool', 'api#0', 5);
    await clock.advance(2 * MINUTE_MS);
    expect(chat().filter((text) => !text?.includes('postgres'))).toEqual([]);
    await clock.advance(MINUTE_MS);
    expect(chat().filter((text) => !text?.includes('postgres'))).toEqual([
      '🔴 <b>CRITICAL api</b> fails 40 % of its answers, limit 1 %',
    ]);
    await stop();
  });
});

describe('the rule', () => {
  it('never says fine of a bad figure nor bad of a good one, whatever came before', () => {
    const readings = fc.array(fc.option(fc.double({ min: -10, max: 2_000, noNaN: true })), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(fc.constantFrom(...WATCHES), readings, (watch, values) => {
        const rule = ruleOf(watch, '');
        let watched: Watched = UNSEEN;
        values.forEach((value, at) => {
          const about = { watch, rule, nowMs: at * 30_000 };
          watched = judgeFigure(watched, value ?? undefined, about);
          expect(allowed(watch, value)).toContain(nameOf(watched.standing));
        });
      }),
    );
  });

  it('tells of everything that is watched, each with a bound beyond the one that is well', () => {
    for (const watch of WATCHES) {
      const { steps, wellAt, badIs } = RULES[watch];
      const bounds = steps.map(({ bound }) => bound);
      const isOrdered = bounds.every((bound, at) => {
        const before = bounds[at - 1] ?? wellAt;
        return badIs === 'above' ? bound >= before : bound <= before;
      });
      expect([watch, isOrdered, bounds.length > 0]).toEqual([watch, true, true]);
    }
  });
});

function nameOf(standing: Standing): string {
  return typeof standing === 'string' ? standing : 'trouble';
}

function allowed(watch: (typeof WATCHES)[number], value: number | null): string[] {
  const { badIs, wellAt } = RULES[watch];
  if (value === null) return ['unknown'];
  const isWell = badIs === 'above' ? value <= wellAt : value >= wellAt;
  return isWell ? ['fine'] : ['trouble', 'unknown'];
}
