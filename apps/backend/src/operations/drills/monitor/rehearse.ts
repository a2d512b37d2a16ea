/**
 * Incidents on a manual clock: the whole monitor (looks, standings, causes, incidents, alerts) over
 * services, a supervisor and receivers that do what a script says. Hours pass in seconds.
 */
import { createManualClock, type ManualClock } from '@opora/kernel';
import { createWorld, memoryStore } from '../../health/testing/world.ts';
import { createSeededChance } from '../seeded-chance.ts';
import { judgePlay, type Judged, type Told } from './judge.ts';
import { drawScript, type Script } from './plays.ts';

/** What a hurried person would break in the monitor; each must be found. */
export const REHEARSED_FAULTS = [
  /** News that were not told when it died are gone. */
  'forgotten-alert',
  /** What it told already is told again by the next one. */
  'told-again',
  /** What came and went a moment ago is not remembered. */
  'no-flap-guard',
  /** The supervisor's word is not heard: ends are seen by looks alone. */
  'deaf',
] as const;
export type RehearsedFault = (typeof REHEARSED_FAULTS)[number];

type Store = ReturnType<typeof memoryStore>;

const CHANNELS = ['telegram', 'mail'];
const NO_HISTORY = { add: () => undefined, read: () => Promise.resolve([]) };

export type Rehearsed = Readonly<{ name: string; isKilled: boolean }> & Judged;

/** Plays as many scripts as it takes to have `incidents`; the seed decides everything. */
export async function rehearse(
  {
    incidents,
    seed,
    fault,
  }: { incidents: number; seed: number; fault: RehearsedFault | undefined },
  say: (line: string) => void,
): Promise<Rehearsed[]> {
  const done: Rehearsed[] = [];
  let count = 0;
  for (let at = 0; count < incidents; at += 1) {
    const script = drawScript(createSeededChance(seed * 100_000 + at), at);
    const told = await play(script, fault);
    const judged = judgePlay(script, told, CHANNELS);
    done.push({ ...judged, name: script.name, isKilled: script.killedAtMs !== undefined });
    count += judged.incidents;
    if (at % 20 === 19) say(`${String(count)} incidents on the manual clock`);
  }
  return done;
}

async function play(script: Script, fault: RehearsedFault | undefined): Promise<Told[]> {
  const clock = createManualClock();
  const store = memoryStore();
  const remember = fault === 'no-flap-guard' ? forgetClosed : whole;
  const given = { keeps: fault !== 'deaf', clock, store, remember, history: NO_HISTORY };
  let world = createWorld(given);
  const { outside } = world;
  let stop = world.watch();
  const moments = [...script.acts];
  if (script.killedAtMs !== undefined) {
    for (const channel of CHANNELS) outside.away.add(channel);
    const kill = (): void => {
      world.kill();
      void stop();
      spoil(store, fault);
      world = createWorld({ ...given, outside });
      stop = world.watch();
    };
    moments.push({ atMs: script.killedAtMs, act: kill });
    moments.push({
      atMs: script.deafUntilMs,
      act: () => {
        outside.away.clear();
      },
    });
  }
  for (const { atMs, act } of moments.toSorted((one, other) => one.atMs - other.atMs)) {
    await advanceTo(clock, atMs);
    act(world);
  }
  await advanceTo(clock, script.lastsMs);
  const stopped = stop();
  // A look that hangs must end before its monitor can.
  await clock.advance(10_000);
  await stopped;
  return outside.told.map(({ atMs, channel, alert }) => ({
    ...{ atMs, channel },
    ...{ id: alert.id, text: alert.html },
  }));
}

async function advanceTo(clock: ManualClock, atMs: number): Promise<void> {
  const leftMs = atMs - clock.monotonicMs();
  if (leftMs > 0) await clock.advance(leftMs);
}

function spoil(store: Store, fault: RehearsedFault | undefined): void {
  const { state } = store;
  if (fault === 'forgotten-alert') store.keep({ ...state, outbox: [] });
  if (fault === 'told-again') store.keep({ ...state, journal: { ...state.journal, open: [] } });
}

function whole(state: Store['state']): Store['state'] {
  return state;
}

function forgetClosed(state: Store['state']): Store['state'] {
  return { ...state, journal: { ...state.journal, closed: [] } };
}
