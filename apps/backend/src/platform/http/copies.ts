import { HEADERS } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { FastifyReply } from 'fastify';
import { withinTurns, type Turns } from '../clock/index.ts';
import { DatabaseUnavailable } from '../db/errors.ts';

/** Copies of one kind in a process; the one that was used longest ago goes first. */
const COPIES_MAX = 5_000;
/** An older copy says nothing any more. */
const COPY_LIFE_MS = 24 * 3_600_000;
/** Whoever reads waits so long for the database when a copy is there: half a second. */
const PATIENCE: Turns = { turns: 5, turnMs: 100 };

/** `asOf`: the database is away or late, and this is how it was then. */
export type Copied<T> = Readonly<{ value: T; asOf?: Date }>;

/**
 * Answers of reads, kept for the time the database is away or late; while it answers each is read anew.
 * For what people look at, never for a decision about money or rights. A key holds whose it is.
 */
export interface Copies<T> {
  /**
   * What `load` reads, kept under `key`. While the database is away, and when it is late, the copy,
   * marked in `reply`; without one what `load` says in the end. Any other refusal forgets the copy: who
   * may not read now may not later.
   */
  read(key: string, load: () => Promise<T>, reply?: FastifyReply): Promise<Copied<T>>;
  /** When the copy was made; undefined: there is none. */
  madeAt(key: string): Date | undefined;
}

type Copy<T> = Readonly<{ value: T; at: Date }>;

/** `isPatient`: a late read is waited for, because it may say that its reader must not read. */
export function createCopies<T>(deps: { clock: Clock }, { isPatient = false } = {}): Copies<T> {
  const { clock } = deps;
  const copies = new Map<string, Copy<T>>();
  /** Keys whose read is late: until it ends nobody asks again, so reads do not pile up behind it. */
  const late = new Set<string>();

  function keep(key: string, copy: Copy<T>): void {
    copies.delete(key);
    copies.set(key, copy);
    if (copies.size <= COPIES_MAX) return;
    const [oldest] = copies.keys();
    if (oldest !== undefined) copies.delete(oldest);
  }

  function useful(key: string): Copy<T> | undefined {
    const copy = copies.get(key);
    const isOld = copy !== undefined && clock.now().getTime() - copy.at.getTime() > COPY_LIFE_MS;
    return isOld ? undefined : copy;
  }

  function show(key: string, copy: Copy<T>, reply: FastifyReply | undefined): Copied<T> {
    keep(key, copy);
    const ageMs = clock.now().getTime() - copy.at.getTime();
    reply?.header(HEADERS.stale, String(Math.floor(ageMs / 1000)));
    return { value: copy.value, asOf: copy.at };
  }

  async function readAnew(key: string, load: () => Promise<T>): Promise<Copied<T>> {
    // Asked for before the read: a copy must not look younger than it is.
    const at = clock.now();
    const before = copies.get(key);
    try {
      const value = await load();
      // Another reader was refused meanwhile, or read something newer: theirs is the later word.
      if (copies.get(key) === before) keep(key, { value, at });
      return { value };
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable)) copies.delete(key);
      throw error;
    }
  }

  return {
    async read(key, load, reply) {
      const before = isPatient ? undefined : useful(key);
      if (before !== undefined && late.has(key)) return show(key, before, reply);
      const live = readAnew(key, load);
      try {
        if (before === undefined) return await live;
        const inTime = await withinTurns(live, { ...PATIENCE, clock });
        if (inTime !== undefined) return inTime;
        late.add(key);
        // What comes of it changes the copy, and nobody waits for more.
        void live.catch(() => undefined).finally(() => late.delete(key));
        // Looked for again: another reader may have been refused meanwhile.
        const copy = useful(key);
        return copy === undefined ? await live : show(key, copy, reply);
      } catch (error) {
        const copy = useful(key);
        if (copy === undefined || !(error instanceof DatabaseUnavailable)) throw error;
        return show(key, copy, reply);
      }
    },
    madeAt: (key) => copies.get(key)?.at,
  };
}
