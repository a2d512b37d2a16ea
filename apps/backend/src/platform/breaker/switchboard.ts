import { OperationalError, type Clock } from '@opora/kernel';
import type { Log } from '../log/index.ts';
import type { ForcedPosition, OperatedBreaker } from './breaker.ts';
import type { BreakerState } from './port.ts';

/** How soon every process obeys, milliseconds. */
const FOLLOW_EVERY_MS = 5_000;

/** Where staff holds the breakers round one dependency, in every process. */
export type Switch = Readonly<{ dependency: string; position: ForcedPosition; until: Date }>;

/** How one breaker of this process stands, and since when. */
export type Word = Readonly<{ dependency: string; state: BreakerState; changedAt: Date }>;

type Operated = Pick<OperatedBreaker, 'name' | 'state' | 'onChange' | 'force' | 'release'>;

export interface Switchboard {
  /** From now on this breaker is told of, and obeys the switch of its name. */
  add(breaker: Operated): void;
  /** Its dependency is gone. */
  remove(breaker: Operated): void;
  words(): readonly Word[];
  /** Reads the switches every few seconds until `signal` aborts; a failed read changes nothing. */
  follow(read: () => Promise<readonly Switch[]>, signal: AbortSignal): Promise<void>;
}

/**
 * The breakers of one process, and the staff's switches over them. An end comes by this process's
 * own clock, also while nobody can be asked for the switches.
 */
export function createSwitchboard({ clock, log }: { clock: Clock; log: Log }): Switchboard {
  const changes = new Map<Operated, Date>();
  /** What each obeyed last: position and end; a breaker that came later has obeyed nothing yet. */
  const obeyed = new WeakMap<Operated, string>();

  function apply(switches: readonly Switch[]): void {
    const nowMs = clock.now().getTime();
    for (const breaker of changes.keys()) {
      const one = switches.find(({ dependency }) => dependency === breaker.name);
      const wish = one && `${one.position} ${one.until.toISOString()}`;
      if (wish === obeyed.get(breaker)) continue;
      if (one === undefined) breaker.release();
      else breaker.force(one.position, one.until.getTime() - nowMs);
      if (wish === undefined) obeyed.delete(breaker);
      else obeyed.set(breaker, wish);
      const position = one?.position ?? 'released';
      log.warn({ dependency: breaker.name, position }, 'breaker by hand');
    }
  }

  return {
    add(breaker) {
      changes.set(breaker, clock.now());
      breaker.onChange(() => {
        if (changes.has(breaker)) changes.set(breaker, clock.now());
      });
    },
    remove: (breaker) => void changes.delete(breaker),
    words: () =>
      [...changes.keys()].map((breaker) => {
        // Asked first: a position whose time is over changes when it is looked at.
        const { name: dependency, state } = breaker;
        return { dependency, state, changedAt: changes.get(breaker) ?? clock.now() };
      }),
    async follow(read, signal) {
      while (!signal.aborted) {
        try {
          apply(await read());
        } catch (error) {
          const level = error instanceof OperationalError ? 'debug' : 'warn';
          log[level]({ error }, 'the switches of breakers were not read');
        }
        await clock.sleep(FOLLOW_EVERY_MS, signal);
      }
    },
  };
}
