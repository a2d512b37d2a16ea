/**
 * The statements our code really runs, recorded once and turned into a script for pgbench: the
 * ceiling can never drift from the code. Values become literals; the sample number inside them
 * becomes the variable `n`.
 */
import type pg from 'pg';
import { SAMPLE } from './unique.ts';

export type Statement = Readonly<{ text: string; values: readonly unknown[] }>;

/** Everything `work` sends through this pool, in order. The pool must not be used by others. */
export async function record(pool: pg.Pool, work: () => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const watched = new Map<pg.PoolClient, unknown>();
  const watch = (client: pg.PoolClient): void => {
    if (watched.has(client)) return;
    const query = client.query.bind(client) as (...args: unknown[]) => unknown; // one of many overloads
    watched.set(client, client.query);
    const listening = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
      if (typeof text === 'string') {
        statements.push({ text, values: Array.isArray(values) ? values : [] });
      }
      return query(text, values, ...rest);
    };
    Object.assign(client, { query: listening });
  };
  pool.on('acquire', watch);
  try {
    await work();
  } finally {
    pool.off('acquire', watch);
    for (const [client, query] of watched) Object.assign(client, { query });
  }
  return statements;
}

/** One statement of a script: `:n` is the transaction's number, `:name` in general a variable. */
export function asScript({ text, values }: Statement): string {
  return text.replaceAll(/\$(\d+)/g, (_, position: string) =>
    literal(values[Number(position) - 1]),
  );
}

function literal(value: unknown): string {
  const text = asText(value);
  if (text === undefined) return 'null';
  // A colon inside quotes would begin a variable of pgbench.
  const quoted = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll(':', '\\x3a')
    .replaceAll(';', '\\x3b');
  const parts = quoted.split(String(SAMPLE)).map((part) => `E'${part}'`);
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(' || :n::text || ')})`;
}

/** The text form PostgreSQL reads a parameter in; undefined is null. */
function asText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return value.toISOString();
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  if (Array.isArray(value)) return `{${value.map(asElement).join(',')}}`;
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value);
  }
  throw new Error(`a repository passes a value of a new kind: ${typeof value}`);
}

function asElement(value: unknown): string {
  const text = asText(value);
  if (text === undefined) return 'NULL';
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
