import { OperationalError, type Clock } from '@opora/kernel';
import { sql, type Database, type Tx } from '../db/index.ts';
import type { Log } from '../log/index.ts';
import type { Breaker, BreakerState } from './port.ts';
import type { Word } from './switchboard.ts';

/** An open breaker is tried every minute at the latest; older word of one is no word. */
const OPEN_BELIEVED_MS = 3_600_000;
/** Dependencies times processes. */
const WORDS_MAX = 500;
const WORST: readonly BreakerState[] = ['open', 'half_open', 'closed'];

export interface BreakerStates {
  /** Writes down how this process's breaker stands, now and at each change; failures are logged. */
  watch(breaker: Pick<Breaker, 'name' | 'state' | 'onChange'>): void;
  /** The worst word of any process about each dependency; nothing about those nobody told of. */
  read(tx: Tx): Promise<ReadonlyMap<string, BreakerState>>;
  /** Words of a process that has no database, all of them: what it no longer names is forgotten. */
  take(tx: Tx, process: string, words: readonly Word[]): Promise<void>;
  /** The last word of each process. */
  told(tx: Tx): Promise<readonly BreakerWord[]>;
}

export type BreakerWord = Word & Readonly<{ process: string }>;

/** Breakers live in processes; their last words live here, so that staff sees them all in one place. */
export function createBreakerStates(deps: {
  db: Database;
  clock: Clock;
  log: Log;
  /** `worker#0`: unique among the living processes. */
  process: string;
}): BreakerStates {
  let writing: Promise<void> = Promise.resolve();

  async function write(dependency: string, state: BreakerState): Promise<void> {
    await sql`insert into breaker_state (dependency, process, state, changed_at)
      values (${dependency}, ${deps.process}, ${state}, ${deps.clock.now()})
      on conflict (dependency, process) do update
        set state = excluded.state, changed_at = excluded.changed_at`.execute(deps.db.read);
  }

  function note(dependency: string, state: BreakerState): void {
    // One after another: an older word must not overwrite a newer one.
    writing = writing
      .then(() => write(dependency, state))
      .catch((error: unknown) => {
        const level = error instanceof OperationalError ? 'debug' : 'warn';
        deps.log[level]({ error, dependency }, 'the state of a breaker was not written down');
      });
  }

  return {
    watch(breaker) {
      note(breaker.name, breaker.state);
      breaker.onChange((state) => {
        note(breaker.name, state);
      });
    },
    async read(tx) {
      const since = new Date(deps.clock.now().getTime() - OPEN_BELIEVED_MS);
      const { rows } = await sql<{ dependency: string; state: string }>`
        select dependency, state from breaker_state
         where state <> 'open' or changed_at > ${since}
         limit 200`.execute(tx);
      const states = Map.groupBy(rows, ({ dependency }) => dependency);
      return new Map(
        [...states].flatMap(([dependency, told]) => {
          const worst = WORST.find((state) => told.some((row) => row.state === state));
          return worst === undefined ? [] : [[dependency, worst]];
        }),
      );
    },
    async take(tx, process, words) {
      const names = words.map(({ dependency }) => dependency);
      const states = words.map(({ state }) => state);
      const times = words.map(({ changedAt }) => changedAt.toISOString());
      await sql`delete from breaker_state
        where process = ${process} and dependency <> all(${names}::text[])`.execute(tx);
      await sql`insert into breaker_state (dependency, process, state, changed_at)
        select dependency, ${process}, state, changed_at
          from unnest(${names}::text[], ${states}::text[], ${times}::timestamptz[])
            as word (dependency, state, changed_at)
        on conflict (dependency, process) do update
          set state = excluded.state, changed_at = excluded.changed_at
          where breaker_state.changed_at < excluded.changed_at`.execute(tx);
    },
    async told(tx) {
      const { rows } = await sql<BreakerWord>`
        select dependency, process, state, changed_at as "changedAt" from breaker_state
         order by dependency, process limit ${WORDS_MAX}`.execute(tx);
      return rows;
    },
  };
}
