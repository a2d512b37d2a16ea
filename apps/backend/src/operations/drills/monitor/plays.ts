/**
 * Incidents as they happen to a platform, drawn by chance: what is done when, and what is wrong
 * meanwhile. Every subject is a service or a figure of the stage in health/testing/world.ts.
 */
import { assert } from '@opora/kernel';
import type { World } from '../../health/testing/world.ts';
import { FIGURES } from './figures.ts';
import type { SeededChance } from '../seeded-chance.ts';
import type { Play } from './judge.ts';
import type { Trouble } from './model.ts';

export type Act = Readonly<{ atMs: number; act: (world: World) => void }>;

export type Script = Play &
  Readonly<{
    acts: readonly Act[];
    /** The monitor is killed then, and another begins; undefined: it lives on. */
    killedAtMs: number | undefined;
    lastsMs: number;
  }>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
/** By then the first round is over and everybody was seen at work. */
const BEGIN_MS = 3 * SECOND_MS;
/** An end is believed after ten calm seconds; the look that finds it is at most a round away. */
const CALM_WITHIN_MS = 26 * SECOND_MS;
const AFTER_MS = 40 * SECOND_MS;
/** A minute without service, and a round. */
const CRITICAL_WITHIN_MS = MINUTE_MS + 5 * SECOND_MS;

type Part = Readonly<{ acts: readonly Act[]; troubles: readonly Trouble[] }>;
type Draw = (chance: SeededChance, fromMs: number) => Part;

const SERVICES = ['gateway#0', 'api#0', 'api#1', 'web#0'] as const;

const between = (chance: SeededChance, least: number, most: number): number =>
  Math.round(least + chance.next() * (most - least));
const oneOf = <T>(chance: SeededChance, [first, ...rest]: readonly [T, ...T[]]): T =>
  [first, ...rest][chance.below(rest.length + 1)] ?? first;

function crash(name: string, fromMs: number, lastsMs: number): Part {
  const toMs = fromMs + lastsMs;
  return {
    acts: [
      {
        atMs: fromMs,
        act: (world) => {
          world.end(name);
        },
      },
      {
        atMs: toMs,
        act: (world) => {
          world.change(name, { state: 'ready' });
        },
      },
    ],
    troubles: [
      {
        ...{ shown: name, fromMs, toMs, calmWithinMs: CALM_WITHIN_MS },
        seenWithinMs: SECOND_MS,
        criticalWithinMs: SECOND_MS + CRITICAL_WITHIN_MS,
      },
    ],
  };
}

/** What the probe or the gateway sees, and the supervisor does not. */
function seen(
  name: string,
  span: Readonly<{ fromMs: number; toMs: number; seenWithinMs: number; calmMs?: number }>,
  how: Readonly<{ begin: (world: World) => void; end: (world: World) => void; isDown: boolean }>,
): Part {
  const { calmMs = 0, ...rest } = span;
  return {
    acts: [
      { atMs: span.fromMs, act: how.begin },
      { atMs: span.toMs, act: how.end },
    ],
    troubles: [
      {
        ...{ shown: name, ...rest, calmWithinMs: CALM_WITHIN_MS + calmMs },
        criticalWithinMs: how.isDown ? span.seenWithinMs + CRITICAL_WITHIN_MS : undefined,
      },
    ],
  };
}

function figure(chance: SeededChance, fromMs: number): Part {
  const drawn = FIGURES[chance.below(FIGURES.length)];
  assert(drawn !== undefined, 'there are figures');
  const { watch, name, shown, lastsMs, ...values } = drawn;
  const worstMs = values.worst !== undefined && chance.next() < 0.5 ? 20 * SECOND_MS : undefined;
  const toMs = fromMs + lastsMs + between(chance, 40_000, 90_000);
  const at = (atMs: number, value: number): Act => ({
    atMs,
    act: (world) => {
      world.measure(watch, name, value);
    },
  });
  const worst =
    worstMs === undefined ? [] : [at(fromMs + lastsMs + worstMs, values.worst ?? values.bad)];
  return {
    acts: [at(0, values.good), at(fromMs, values.bad), ...worst, at(toMs, values.good)],
    troubles: [
      {
        ...{ shown, fromMs, toMs, calmWithinMs: CALM_WITHIN_MS },
        seenWithinMs: lastsMs + 6 * SECOND_MS,
        criticalWithinMs: worstMs === undefined ? undefined : lastsMs + worstMs + 6 * SECOND_MS,
      },
    ],
  };
}

/** Every kind of incident; each draws its own subject and length. */
const DRAWS: Readonly<Record<string, Draw>> = {
  crash: (chance, fromMs) => crash(oneOf(chance, SERVICES), fromMs, between(chance, 100, 15_000)),
  'long crash': (chance, fromMs) =>
    crash(oneOf(chance, SERVICES), fromMs, between(chance, 75_000, 120_000)),
  'crash loop': (chance, fromMs) => {
    const name = oneOf(chance, SERVICES);
    const toMs = fromMs + between(chance, 30_000, 60_000);
    const { acts } = crash(name, fromMs, toMs - fromMs);
    const gaveUpMs = fromMs + between(chance, 2_000, 9_000);
    const giveUp = (world: World): void => {
      world.change(name, { state: 'given_up' });
    };
    return {
      acts: [...acts, { atMs: gaveUpMs, act: giveUp }],
      troubles: [
        {
          ...{ shown: name, fromMs, toMs, calmWithinMs: CALM_WITHIN_MS, seenWithinMs: SECOND_MS },
          criticalWithinMs: gaveUpMs - fromMs,
        },
      ],
    };
  },
  hang: (chance, fromMs) => {
    const name = oneOf(chance, SERVICES);
    const span = { fromMs, toMs: fromMs + between(chance, 30_000, 55_000) };
    return seen(
      name,
      { ...span, seenWithinMs: 10 * SECOND_MS },
      {
        begin: (world) => void world.states.set(name, 'hang'),
        end: (world) => void world.states.delete(name),
        isDown: true,
      },
    );
  },
  'not ready': (chance, fromMs) => {
    const name = oneOf(chance, SERVICES);
    const span = { fromMs, toMs: fromMs + between(chance, 55_000, 60_000) };
    return seen(
      name,
      { ...span, seenWithinMs: 46 * SECOND_MS },
      {
        begin: (world) => void world.states.set(name, 'not_ready'),
        end: (world) => void world.states.delete(name),
        isDown: true,
      },
    );
  },
  gray: (chance, fromMs) => {
    const name = oneOf(chance, ['api#0', 'api#1'] as const);
    const span = { fromMs, toMs: fromMs + between(chance, 20_000, 60_000) };
    return seen(
      name,
      { ...span, seenWithinMs: 6 * SECOND_MS, calmMs: 55 * SECOND_MS },
      {
        begin: (world) => void world.judged.set(name, { state: 'ejected', breaker: 'open' }),
        end: (world) => void world.judged.delete(name),
        isDown: false,
      },
    );
  },
  slow: (chance, fromMs) => {
    const name = oneOf(chance, ['gateway#0', 'api#0', 'api#1'] as const);
    const span = { fromMs, toMs: fromMs + between(chance, 20_000, 60_000) };
    return seen(
      name,
      { ...span, seenWithinMs: 11 * SECOND_MS },
      {
        begin: (world) => void world.slowMs.set(name, between(chance, 1_100, 1_900)),
        end: (world) => void world.slowMs.delete(name),
        isDown: false,
      },
    );
  },
  /** Those who need it lose their readiness, end, and their figures rise: one incident. */
  database: (chance, fromMs) => {
    const toMs = fromMs + between(chance, 40_000, 100_000);
    const own = seen(
      'postgres#0',
      { fromMs, toMs, seenWithinMs: 10 * SECOND_MS },
      {
        begin(world) {
          world.states
            .set('postgres#0', 'down')
            .set('api#0', 'not_ready')
            .set('api#1', 'not_ready');
        },
        end(world) {
          for (const name of ['postgres#0', 'api#0', 'api#1']) world.states.delete(name);
          world.change('api#1', { state: 'ready' });
          world.measure('queue', 'payments', 1);
          world.measure('errors', 'api', 0);
        },
        isDown: true,
      },
    );
    const follows: Act = {
      atMs: fromMs + 12 * SECOND_MS,
      act(world) {
        world.end('api#1', { words: 'exit code 75', isForeign: true });
        world.measure('queue', 'payments', 70);
        world.measure('errors', 'api', 90);
      },
    };
    return { ...own, acts: [...own.acts, follows] };
  },
  figure,
  flapping: (chance, fromMs) => {
    const name = oneOf(chance, SERVICES);
    const parts: Part[] = [];
    let atMs = fromMs;
    for (let times = 0; times < 6; times += 1) {
      const lastsMs = between(chance, 500, 5_000);
      parts.push(crash(name, atMs, lastsMs));
      atMs += lastsMs + between(chance, 45_000, 60_000);
    }
    return join(parts);
  },
};

/** What must not be told at all. */
const QUIET: Readonly<Record<string, Draw>> = {
  'restart on purpose': (chance, fromMs) =>
    quiet(fromMs, between(chance, 3_000, 25_000), {
      begin(world) {
        world.change('web#0', { isRestarting: true });
        world.states.set('web#0', 'down');
      },
      end(world) {
        world.states.delete('web#0');
        world.change('web#0', { state: 'ready', isRestarting: false });
      },
    }),
  'site that is being built': (chance, fromMs) =>
    quiet(fromMs, between(chance, 20_000, 90_000), {
      begin(world) {
        world.change('web#0', { state: 'starting' });
        world.states.set('web#0', 'not_ready');
      },
      end(world) {
        world.states.delete('web#0');
        world.change('web#0', { state: 'ready' });
      },
    }),
  'busy moment': (chance, fromMs) =>
    quiet(fromMs, between(chance, 10_000, 50_000), {
      begin: (world) => {
        world.measure('cpu', 'machine', 99);
      },
      end: (world) => {
        world.measure('cpu', 'machine', 5);
      },
    }),
};

function quiet(
  fromMs: number,
  lastsMs: number,
  how: Readonly<{ begin: (world: World) => void; end: (world: World) => void }>,
): Part {
  const acts = [
    { atMs: fromMs, act: how.begin },
    { atMs: fromMs + lastsMs, act: how.end },
  ];
  return { acts, troubles: [] };
}

/** One script by its number: kinds take turns, everything else is chance. */
export function drawScript(chance: SeededChance, at: number): Script {
  const names = Object.keys(DRAWS);
  const name = names[at % names.length] ?? '';
  const fromMs = BEGIN_MS + between(chance, 0, 35_000);
  const parts = [DRAWS[name]?.(chance, fromMs) ?? { acts: [], troubles: [] }];
  // Beside these something happens that is no incident.
  const beside = Object.values(QUIET)[chance.below(4)];
  if (['slow', 'gray'].includes(name) && beside) parts.push(beside(chance, fromMs + SECOND_MS));
  const { acts, troubles } = join(parts);
  const killedAtMs = killOf(name, troubles, chance);
  const deafUntilMs = killedAtMs === undefined ? 0 : killedAtMs + 4 * SECOND_MS;
  const endMs = Math.max(...troubles.map(({ toMs, calmWithinMs }) => toMs + calmWithinMs));
  const flappingMs = name === 'flapping' ? 5 * MINUTE_MS : 0;
  const lastsMs = Math.max(endMs, deafUntilMs) + flappingMs + AFTER_MS;
  return { name: `${String(at)} ${name}`, acts, troubles, killedAtMs, deafUntilMs, lastsMs };
}

/** In a third of them the monitor dies before anybody could be told, and another begins. */
function killOf(
  name: string,
  [first]: readonly Trouble[],
  chance: SeededChance,
): number | undefined {
  if (first === undefined || name === 'flapping' || chance.below(3) > 0) return undefined;
  // A figure that has to last waits its time again, so when it gets worse is another matter.
  if (name === 'figure' && (first.criticalWithinMs ?? 0) > MINUTE_MS) return undefined;
  return first.fromMs + first.seenWithinMs + 2 * SECOND_MS;
}

function join(parts: readonly Part[]): Part {
  return {
    acts: parts.flatMap(({ acts }) => acts).toSorted((one, other) => one.atMs - other.atMs),
    troubles: parts.flatMap(({ troubles }) => troubles),
  };
}
