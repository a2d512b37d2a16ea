import { CompiledQuery } from 'kysely';
import type pg from 'pg';
import { rethrow } from './errors.ts';
import type { Sockets } from './sockets.ts';
import type { Tx } from './tx.ts';

/** Runs the statement with its values, `$1` first; answers its rows. */
export type Statement<Row> = (tx: Tx, values: unknown[]) => Promise<Row[]>;

/** By executor, as every `Tx` of one pool shares it. */
const ways = new WeakMap<object, Way>();

type Way = Readonly<{ pool: pg.Pool; sockets: Sockets }>;

/**
 * A statement of a hot path. Its text is written once, so nothing is built, visited and compiled
 * each time it runs (that is a tenth of a small request), and outside of a transaction it goes to
 * the pool without the builder. Everything else is written with `sql`, whose values cannot be
 * miscounted. Only constants may be put into the text.
 */
export function statement<Row>(text: string): Statement<Row> {
  return async (tx, values) => {
    const way = ways.get(tx.getExecutor());
    if (way !== undefined) return runOnPool<Row & object>(way, text, values);
    return (await tx.executeQuery<Row>(CompiledQuery.raw(text, values))).rows;
  };
}

/** Lets statements outside of transactions find their way. */
export function openForStatements(read: Tx, way: Way): void {
  ways.set(read.getExecutor(), way);
}

async function runOnPool<Row extends object>(
  { pool, sockets }: Way,
  text: string,
  values: unknown[],
): Promise<Row[]> {
  sockets.check();
  const client = await pool.connect().catch(rethrow);
  try {
    return (await client.query<Row>(text, values)).rows;
  } catch (error) {
    return rethrow(error);
  } finally {
    client.release();
  }
}
