/** Questions of a drill to the platform's database: a connection each, because it may be killed. */
import type { Clock } from '@opora/kernel';
import { Client, Pool } from 'pg';

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** A server that was just killed replays its log first; on a busy machine that takes a while. */
const BACK_WITHIN_MS = 45_000;
const LOOK_EVERY_MS = 500;
const KEPT_MAX = 4;

export type Ask = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/**
 * `url` is the owner's. Whole numbers of 8 bytes come as text. Waits for a server that is on its
 * way back; throws when it cannot be asked even so.
 */
export function createAsk(url: string, clock: Clock): Ask {
  return async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const client = await connect(url, clock);
    try {
      const { rows } = await client.query(text, [...values]);
      return rows as Row[]; // the caller names what its own statement selects
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}

/**
 * The same for a server that nobody kills: connections are kept, because one costs more than most
 * questions. They hold no process, and end with their server.
 */
export function createQuickAsk(url: string): Ask {
  const pool = new Pool({
    connectionString: url,
    max: KEPT_MAX,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    application_name: 'opora drill',
    allowExitOnIdle: true,
  });
  pool.on('error', () => undefined);
  return async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const { rows } = await pool.query(text, [...values]);
    return rows as Row[]; // the caller names what its own statement selects
  };
}

async function connect(url: string, clock: Clock): Promise<Client> {
  const sinceMs = clock.monotonicMs();
  for (;;) {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'opora drill',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end().catch(() => undefined);
      if (clock.monotonicMs() - sinceMs > BACK_WITHIN_MS) throw error;
      await clock.sleep(LOOK_EVERY_MS);
    }
  }
}
