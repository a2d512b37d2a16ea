/** Questions of a drill to the platform's database: a connection each, because it may be killed. */
import { Client } from 'pg';

const CONNECT_TIMEOUT_MS = 3_000;
const STATEMENT_TIMEOUT_MS = 60_000;

export type Ask = <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>;

/** `url` is the owner's. Whole numbers of 8 bytes come as text. Throws when it cannot be asked. */
export function createAsk(url: string): Ask {
  return async <Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> => {
    const client = new Client({
      connectionString: url,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      application_name: 'opora drill',
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      const { rows } = await client.query(text, [...values]);
      return rows as Row[]; // the caller names what its own statement selects
    } finally {
      await client.end().catch(() => undefined);
    }
  };
}
