/** Incidents from the first sign to the word of recovery, over the whole monitor on manual time. */
import { describe, expect, it } from 'vitest';
import { judge, type Death } from '../supervisor/restart-policy.ts';
import { createWorld, memoryStore } from './testing/world.ts';

const kept = () => createWorld({ keeps: true });

describe('a crash', () => {
  it('is told at once, and so is the recovery, once each', async () => {
    const { clock, chat, end, change, watch, told } = kept();
    const stop = watch();
    await clock.advance(1_000);
    end('api#0');
    await clock.advance(1_000);
    expect(chat()).toEqual(['🟡 <b>WARNING api#0</b> ended (SIGKILL) and is started again']);
    expect(told[0]?.atMs).toBeLessThanOrEqual(2_000);
    change('api#0', { state: 'ready' });
    await clock.advance(30_000);
    expect(chat()).toHaveLength(2);
    expect(chat()[1]).toMatch(/^🟢 <b>INFO api#0<\/b> is well again\. It lasted \d+ s\.$/);
    expect(told.filter(({ channel }) => channel === 'mail')).toHaveLength(2);
    await stop();
  });

  it('is critical after a minute, reminded of every quarter of an hour, and ends', async () => {
    const { clock, chat, end, change, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    end('api#0');
    await clock.advance(70_000);
    expect(chat()[1]).toMatch(/^🔴 <b>CRITICAL api#0<\/b> down for 1 min/);
    await clock.advance(31 * 60_000);
    expect(chat().slice(2)).toEqual([
      expect.stringContaining('still: ended'),
      expect.stringContaining('still: ended'),
    ]);
    change('api#0', { state: 'ready' });
    await clock.advance(30_000);
    expect(chat().at(-1)).toContain('INFO api#0');
    await stop();
  });

  it('that the keeper gives up on is critical at once', async () => {
    const { clock, chat, change, end, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    end('web#0', { words: 'exit code 1' });
    change('web#0', { state: 'given_up' });
    await clock.advance(2_000);
    expect(chat()).toEqual([
      '🟡 <b>WARNING web#0</b> ended (exit code 1) and is started again',
      expect.stringMatching(/^🔴 <b>CRITICAL web#0<\/b> .*cannot start \(exit code 1\)/),
    ]);
    await stop();
  });

  it('that the real policy of restarts meets five times in ten minutes ends it, and pages', async () => {
    const { clock, chat, change, end, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    const deaths: Death[] = [];
    for (let isOver = false; !isOver;) {
      end('api#0', { words: 'exit code 1' });
      deaths.push({ atMs: clock.monotonicMs(), readyAtMs: undefined });
      const verdict = judge(deaths, 0.5);
      isOver = verdict.outcome === 'give_up';
      if (verdict.outcome === 'give_up') change('api#0', { state: 'given_up' });
      else {
        await clock.advance(verdict.delayMs);
        change('api#0', { state: 'starting' });
        await clock.advance(2_000);
      }
    }
    await clock.advance(5_000);
    expect(deaths).toHaveLength(5);
    expect(chat()).toEqual([
      '🟡 <b>WARNING api#0</b> ended (exit code 1) and is started again',
      expect.stringMatching(/^🔴 <b>CRITICAL api#0<\/b> .*cannot start \(exit code 1\)/),
    ]);
    // Nobody starts it again; it is reminded of until people have.
    await clock.advance(16 * 60_000);
    expect(chat()).toHaveLength(3);
    change('api#0', { state: 'ready' });
    await clock.advance(30_000);
    expect(chat().at(-1)).toContain('INFO api#0');
    await stop();
  });

  it('that comes again and again is told of once, and closed late', async () => {
    const { clock, chat, end, change, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    for (let times = 0; times < 6; times += 1) {
      end('api#0');
      await clock.advance(1_000);
      change('api#0', { state: 'ready' });
      await clock.advance(30_000);
    }
    const openings = chat().filter((text) => text?.includes('ended'));
    expect(openings).toHaveLength(3);
    await clock.advance(6 * 60_000);
    expect(chat().filter((text) => text?.includes('INFO'))).toHaveLength(3);
    await stop();
  });
});

describe('a hang', () => {
  it('is found within ten seconds, told within five more, and replaced', async () => {
    const { clock, told, states, asked, watch, change, end } = kept();
    const stop = watch();
    await clock.advance(5_100);
    states.set('api#1', 'hang');
    const sinceMs = clock.monotonicMs();
    await clock.advance(10_000);
    expect(told[0]?.alert.html).toContain('WARNING api#1</b> hangs');
    expect((told[0]?.atMs ?? Infinity) - sinceMs).toBeLessThanOrEqual(10_000);
    expect(asked).toEqual([]);
    await clock.advance(10_000);
    expect(asked).toEqual(['replace api#1']);
    states.delete('api#1');
    end('api#1');
    change('api#1', { state: 'ready' });
    await clock.advance(30_000);
    expect(told.filter(({ channel }) => channel === 'telegram')).toHaveLength(2);
    expect(asked).toHaveLength(1);
    await stop();
  });

  it('of two is replaced one after the other, and not for ever', async () => {
    const { clock, states, asked, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    states.set('api#0', 'hang').set('api#1', 'hang');
    await clock.advance(15_000);
    expect(asked).toHaveLength(1);
    await clock.advance(8 * 60_000);
    // Five in ten minutes, as of any crash loop; then people must look.
    expect(asked.filter((one) => one === 'replace api#0')).toHaveLength(5);
    expect(asked.filter((one) => one === 'replace api#1')).toHaveLength(5);
    states.clear();
    await clock.advance(5_000);
    await stop();
  });
});

describe('what is no incident', () => {
  it.each([
    ['a restart on purpose', { isRestarting: true }],
    ['a first start', { state: 'starting' as const }],
  ])('%s', async (_name, facts) => {
    const { clock, states, change, chat, asked, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    change('api#0', facts);
    states.set('api#0', 'down');
    await clock.advance(20_000);
    states.delete('api#0');
    change('api#0', { state: 'ready', isRestarting: false });
    await clock.advance(30_000);
    expect([chat(), asked]).toEqual([[], []]);
    await stop();
  });

  it.each([
    ['with a keeper', true],
    ['where the host starts it', false],
  ])('a site that is being built, %s', async (_name, keeps) => {
    const { clock, states, change, chat, watch } = createWorld({ keeps });
    // It answers "not yet" from its first moment on.
    states.set('web#0', 'not_ready');
    if (keeps) change('web#0', { state: 'starting' });
    const stop = watch();
    await clock.advance(9 * 60_000 + 2_000);
    states.delete('web#0');
    if (keeps) change('web#0', { state: 'ready' });
    await clock.advance(60_000);
    expect(chat()).toEqual([]);
    states.set('web#0', 'not_ready');
    await clock.advance(60_000);
    expect(chat()).toEqual(['🟡 <b>WARNING web#0</b> is not ready for traffic']);
    states.delete('web#0');
    await clock.advance(30_000);
    await stop();
  });

  it('is one when its patience is over', async () => {
    const { clock, states, chat, watch } = createWorld();
    states.set('web#0', 'not_ready');
    const stop = watch();
    await clock.advance(11 * 60_000);
    expect(chat()[0]).toBe('🟡 <b>WARNING web#0</b> is not ready for traffic');
    await stop();
  });

  it('roles that miss the database: only the database is told of, nobody is killed', async () => {
    const { clock, states, end, chat, asked, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    states.set('postgres#0', 'down').set('api#0', 'not_ready').set('api#1', 'not_ready');
    await clock.advance(40_000);
    end('api#1', { words: 'exit code 75', isForeign: true });
    await clock.advance(20_000);
    expect(chat()).toEqual([
      '🟡 <b>WARNING postgres#0</b> hangs: its process lives and does not answer',
    ]);
    expect(asked.filter((one) => one.includes('api'))).toEqual([]);
    await stop();
  });

  it('roles whose calls failed without the database: nobody is told of them when it is back', async () => {
    const { clock, states, judged, chat, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    states.set('postgres#0', 'down');
    judged.set('api#0', { state: 'ejected', breaker: 'open' });
    await clock.advance(30_000);
    // The gateway lets it have calls again within 15 s.
    states.delete('postgres#0');
    await clock.advance(15_000);
    judged.delete('api#0');
    await clock.advance(15_000);
    expect(chat()).toEqual([
      expect.stringContaining('WARNING postgres#0'),
      expect.stringContaining('INFO postgres#0'),
    ]);
    await stop();
  });
});

describe('other trouble', () => {
  it('is told: an instance the gateway took out, and slow answers', async () => {
    const { clock, judged, slowMs, chat, watch } = kept();
    const stop = watch();
    await clock.advance(1_000);
    judged.set('api#0', { state: 'ejected', breaker: 'open' });
    slowMs.set('web#0', 1_240);
    await clock.advance(10_000);
    expect(chat()).toEqual([
      expect.stringContaining('WARNING api#0</b> has a green check and fails its calls'),
      '🟡 <b>WARNING web#0</b> answers in 1240 ms, limit 1000 ms',
    ]);
    await stop();
  });
});

describe('a restart of the monitor', () => {
  it('neither forgets nor doubles, and tells what happened meanwhile', async () => {
    const store = memoryStore();
    const first = createWorld({ keeps: true, store });
    const stopFirst = first.watch();
    await first.clock.advance(1_000);
    first.end('api#0');
    await first.clock.advance(2_000);
    await stopFirst();
    expect(first.chat()).toHaveLength(1);

    const second = createWorld({ keeps: true, store, clock: first.clock });
    second.end('api#0', { at: '2026-11-20T12:00:01.000Z' });
    // Died and came back while nobody watched.
    second.end('web#0', { at: '2026-11-20T12:00:03.500Z' });
    second.change('web#0', { state: 'ready' });
    const stopSecond = second.watch();
    await second.clock.advance(2_000);
    expect(second.chat()).toEqual([expect.stringContaining('WARNING web#0')]);
    second.change('api#0', { state: 'ready' });
    await second.clock.advance(30_000);
    expect(
      second
        .chat()
        .slice(1)
        .map((text) => text?.slice(0, 20)),
    ).toHaveLength(2);
    expect(store.state.journal).toMatchObject({ open: [], count: 2 });
    await stopSecond();
  });
});

describe('a channel that is away', () => {
  it('gets everything in order when it is back, and delays no other', async () => {
    const { clock, away, told, end, change, watch, monitor } = kept();
    const stop = watch();
    away.add('mail');
    await clock.advance(1_000);
    end('api#0');
    await clock.advance(1_000);
    change('api#0', { state: 'ready' });
    await clock.advance(60_000);
    expect(told.map(({ channel }) => channel)).toEqual(['telegram', 'telegram']);
    expect(monitor.isWell()).toBe(true);
    await clock.advance(5 * 60_000);
    // Nobody may believe in a watchman whose word does not arrive.
    expect(monitor.isWell()).toBe(false);
    away.clear();
    await clock.advance(60_000);
    const mails = told.filter(({ channel }) => channel === 'mail');
    expect(mails.map(({ alert }) => alert.id.split('_')[2])).toEqual(['opened', 'recovered']);
    expect(monitor.isWell()).toBe(true);
    await stop();
  });
});
