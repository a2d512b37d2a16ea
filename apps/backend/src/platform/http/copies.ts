import { HEADERS } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { FastifyReply } from 'fastify';
import { DatabaseUnavailable } from '../db/errors.ts';

/** Copies of one kind in a process; the one that was used longest ago goes first. */
const COPIES_MAX = 5_000;
/** An older copy says nothing any more. */
const COPY_LIFE_MS = 24 * 3_600_000;

/** `asOf`: the database is away, and this is how it was then. */
export type Copied<T> = Readonly<{ value: T; asOf?: Date }>;

/**
 * Answers of reads, kept for the time the database is away; while it is there each is read anew. For
 * what people look at, never for a decision about money or rights. A key holds whose it is.
 */
export interface Copies<T> {
  /**
   * What `load` reads, kept under `key`. While the database is away the copy, marked in `reply`; without
   * one its error. Any other refusal forgets the copy: who may not read now may not later.
   */
  read(key: string, load: () => Promise<T>, reply?: FastifyReply): Promise<Copied<T>>;
  /** When the copy was made; undefined: there is none. */
  madeAt(key: string): Date | undefined;
}

export function createCopies<T>({ clock }: { clock: Clock }): Copies<T> {
  const copies = new Map<string, Readonly<{ value: T; at: Date }>>();

  function keep(key: string, copy: Readonly<{ value: T; at: Date }>): void {
    copies.delete(key);
    copies.set(key, copy);
    if (copies.size <= COPIES_MAX) return;
    const [oldest] = copies.keys();
    if (oldest !== undefined) copies.delete(oldest);
  }

  return {
    async read(key, load, reply) {
      // Asked for before the read: a copy must not look younger than it is.
      const at = clock.now();
      try {
        const value = await load();
        keep(key, { value, at });
        return { value };
      } catch (error) {
        const copy = copies.get(key);
        if (!(error instanceof DatabaseUnavailable)) copies.delete(key);
        const ageMs = copy === undefined ? Infinity : at.getTime() - copy.at.getTime();
        if (copy === undefined || ageMs > COPY_LIFE_MS || !copies.has(key)) throw error;
        keep(key, copy);
        reply?.header(HEADERS.stale, String(Math.floor(ageMs / 1000)));
        return { value: copy.value, asOf: copy.at };
      }
    },
    madeAt: (key) => copies.get(key)?.at,
  };
}
