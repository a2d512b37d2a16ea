/** The doctor's own way to a database: two connections, short patience, rows as they come. */
import pg from 'pg';

const CONNECT_MAX_MS = 4_000;
const STATEMENT_MAX_MS = 5_000;
const CONNECTIONS_MAX = 2;

export interface DatabaseLine {
  /** Host and port, for people. */
  readonly address: string;
  /** One row of the answer; rejects with the driver's error. */
  one<Row extends pg.QueryResultRow>(text: string): Promise<Row>;
  all<Row extends pg.QueryResultRow>(text: string): Promise<Row[]>;
  /** Whether it answers at all: asked once, so that its absence is told by one check. */
  answers(): Promise<boolean>;
  close(): Promise<void>;
}

export function openDatabaseLine(url: string): DatabaseLine {
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MAX_MS,
    statement_timeout: STATEMENT_MAX_MS,
    application_name: 'opora doctor',
  });
  pool.on('error', () => undefined);
  let known: Promise<boolean> | undefined;

  async function all<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
    return (await pool.query<Row>(text)).rows;
  }

  return {
    address: addressOf(url),
    all,
    async one<Row extends pg.QueryResultRow>(text: string) {
      const [row] = await all<Row>(text);
      if (row === undefined) throw new Error('the database answered with no row');
      return row;
    },
    answers() {
      known ??= all('select 1').then(
        () => true,
        () => false,
      );
      return known;
    },
    close: () => pool.end(),
  };
}

function addressOf(url: string): string {
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '5432' : port}`;
}
