/** A monitor over services, a keeper and channels that do what a test says, on manual time. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createManualClock, OperationalError } from '@opora/kernel';
import { createLog } from '../../../platform/log/index.ts';
import type { ChildFacts } from '../../control/index.ts';
import type { Judged } from '../gateway-look.ts';
import { emptyJournal } from '../incident.ts';
import type { Figure } from '../watches/figure.ts';
import { createWatches } from '../watches/watches.ts';
import {
  createAlerts,
  createHistory,
  createMonitor,
  type Alert,
  type History,
  type Keeper,
  type Probe,
  type ProbeResult,
  type Service,
  type Store,
} from '../index.ts';

export const log = createLog({ level: 'fatal', role: 'test', write: () => undefined });

export const service = (role: string, at = 0): Service => ({
  name: `${role}#${String(at)}`,
  role,
  critical: role === 'api' || role === 'gateway',
  look: { kind: 'http', origin: 'http://127.0.0.1:1' },
});

class Away extends OperationalError {
  readonly code = 'test.away';
}

/** A state that outlives a monitor, as its file does. */
export function memoryStore(): Store {
  let state: Store['state'] = {
    journal: emptyJournal(new Date('2026-11-20T12:00:00Z')),
    outbox: [],
  };
  return {
    get state() {
      return state;
    },
    isWell: true,
    written: () => Promise.resolve(),
    keep: (next) => (state = next),
    put(next) {
      state = next;
      return Promise.resolve();
    },
  };
}

const HANG_MS = 2_000;

/** What stands round a monitor and outlives it. */
function createOutside(now: Date) {
  const services = [
    ...[service('gateway'), service('api'), service('api', 1), service('web')],
    service('postgres'),
    { ...service('redis'), isSpared: true as const },
  ];
  return {
    services,
    states: new Map<string, ProbeResult['state'] | 'hang'>(),
    judged: new Map<string, Judged>(),
    told: new Array<{ atMs: number; channel: string; alert: Alert }>(),
    away: new Set<string>(),
    slowMs: new Map<string, number>(),
    /** What is watched beside the services, by `watch:name`. */
    figures: new Map<string, Figure>(),
    facts: new Map(services.map(({ name, role }) => [name, childOf(name, role, now)])),
  };
}

type Remember = (state: Store['state']) => Store['state'];

/** A monitor as it is in memory; what it put is in `disk`, also when it is killed. */
function storeOver(disk: Store, isKilled: () => boolean, remember: Remember): Store {
  let { state } = disk;
  return {
    get state() {
      return state;
    },
    isWell: true,
    written: () => Promise.resolve(),
    keep: (next) => (state = remember(next)),
    async put(next) {
      state = remember(next);
      if (!isKilled()) await disk.put(state);
    },
  };
}

export type World = ReturnType<typeof createWorld>;

/**
 * Without `keeps` no supervisor runs. States: as the probe tells, `hang` answers nothing for 2 s.
 * `outside`: of an earlier monitor, which this one follows.
 */
export function createWorld(
  given: {
    keeps?: boolean;
    store?: Store;
    clock?: ReturnType<typeof createManualClock>;
    outside?: ReturnType<typeof createOutside>;
    history?: History;
    /** What a broken one makes of what it should remember. */
    remember?: Remember;
  } = {},
) {
  const clock = given.clock ?? createManualClock();
  const outside = given.outside ?? createOutside(clock.now());
  const { services, states, judged, told, away, slowMs, figures, facts } = outside;
  let isKilled = false;
  const depths: string[] = [];
  const asked: string[] = [];
  const listeners = new Set<() => void>();

  const probe: Probe = {
    async look({ name }, depth) {
      if (name === 'gateway#0') depths.push(depth);
      const state = states.get(name) ?? 'up';
      if (state === 'hang') await clock.sleep(HANG_MS);
      // Liveness sees only whether the process lives.
      const isGreen = depth === 'liveness' && state !== 'down' && state !== 'hang';
      const shown = state === 'hang' ? 'down' : isGreen ? 'up' : state;
      return { state: shown, latencyMs: slowMs.get(name) ?? 3, degraded: [] };
    },
    close: () => Promise.resolve(),
  };
  const keeper: Keeper = {
    async watch(onFacts, signal) {
      if (given.keeps !== true) throw new Away('nothing runs here');
      const listener = (): void => {
        onFacts([...facts.values()]);
      };
      listeners.add(listener);
      listener();
      await new Promise((resolve) => {
        signal.addEventListener('abort', resolve, { once: true });
      });
      listeners.delete(listener);
    },
    greet() {
      if (given.keeps !== true) return Promise.reject(new Away('nothing runs here'));
      asked.push('greet');
      return Promise.resolve();
    },
    restart(name) {
      asked.push(`restart ${name}`);
      return Promise.resolve({ ok: true });
    },
    replace(name) {
      asked.push(`replace ${name}`);
      return Promise.resolve({ ok: true });
    },
  };
  const channel = (name: string) => ({
    name,
    close: () => undefined,
    send(alert: Alert) {
      if (isKilled || away.has(name)) return Promise.reject(new Away(`${name} is away`));
      told.push({ atMs: clock.monotonicMs(), channel: name, alert });
      return Promise.resolve();
    },
  });
  const disk = given.store ?? memoryStore();
  const store = storeOver(disk, () => isKilled, given.remember ?? ((state) => state));
  const shared = { store, clock, chance: () => 0.5, log };
  const history =
    given.history ??
    createHistory(join(mkdtempSync(join(tmpdir(), 'opora-monitor-')), 'history.jsonl'));
  const source = { depth: 'liveness', read: () => Promise.resolve([...figures.values()]) } as const;
  const monitor = createMonitor({
    ...{ ...shared, services, probe, keeper, history, version: '1.2.3' },
    watches: createWatches({ sources: [source], clock }),
    versions: new Map([['api#0', '1.2.2']]),
    askGateway: () => Promise.resolve(judged),
    alerts: createAlerts({
      ...{ ...shared, language: 'en' },
      channels: [channel('telegram'), channel('mail')],
    }),
  });
  const change = (name: string, next: Partial<ChildFacts>): void => {
    const child = facts.get(name);
    if (child === undefined) throw new Error(`no ${name}`);
    facts.set(name, { ...child, since: clock.now().toISOString(), ...next });
    for (const listener of listeners) listener();
  };
  return {
    ...{ clock, outside, states, slowMs, judged, depths, asked, told, away, history, monitor },
    store: disk,
    change,
    /** A figure is this from now on; undefined: nobody can say. */
    measure(watch: Figure['watch'], name: string, value: number | undefined) {
      figures.set(`${watch}:${name}`, { watch, name, value });
    },
    /** Its process ends, and is being started again. */
    end(name: string, how: Partial<ChildFacts['ends'][number]> = {}) {
      const ended = { at: clock.now().toISOString(), words: 'SIGKILL', isAsked: false };
      const ends = [...(facts.get(name)?.ends ?? []), { ...ended, isForeign: false, ...how }];
      change(name, { state: 'waiting', ends, restarts: ends.length });
    },
    /** What the chat of staff read. */
    chat: () =>
      told
        .filter((one) => one.channel === 'telegram')
        .map(({ alert }) => alert.html.split('\n', 1)[0]),
    watch() {
      const leaving = new AbortController();
      const watching = monitor.watch(leaving.signal);
      return async () => {
        leaving.abort();
        await watching;
      };
    },
    /** As by SIGKILL: from now on it says and writes nothing. */
    kill() {
      isKilled = true;
    },
    stateOf: (name: string) => monitor.report().services.find((each) => each.name === name),
  };
}

function childOf(name: string, role: string, since: Date): ChildFacts {
  const ends: ChildFacts['ends'] = [];
  const known = { name, role, state: 'ready' as const, port: 1, restarts: 0, isRestarting: false };
  return { ...known, ends, since: since.toISOString() };
}
