/** Frees the jobs of a worker that died, at once instead of after its lease. */
import { Client, DatabaseError } from 'pg';

const CONNECT_TIMEOUT_MS = 3000;
/** The schema or its function is not there yet: then there are no jobs either. */
const ABSENT_CODES: readonly (string | undefined)[] = ['3F000', '42883', '42P01'];

/** `pools` are the ids the worker reported. Throws when the database cannot be asked. */
export async function unlockWorkers(databaseUrl: string, pools: readonly string[]): Promise<void> {
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: 'opora supervisor',
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select graphile_worker.force_unlock_workers($1::text[])', [pools]);
  } catch (error) {
    if (!(error instanceof DatabaseError && ABSENT_CODES.includes(error.code))) throw error;
  } finally {
    await client.end();
  }
}
