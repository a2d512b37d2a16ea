import type { Clock } from '@opora/kernel';
import { good, PAGES, wrong, type Check, type Finding } from '../check.ts';
import type { DatabaseLine } from '../database-line.ts';

/** PostgreSQL 15: what the migrations and the statements are written for. */
const OLDEST = 150_000;

/** Reachable, lets us in, new enough. */
export function checkDatabase(line: DatabaseLine, clock: Clock): Check {
  return {
    name: 'database',
    async run() {
      const sinceMs = clock.monotonicMs();
      try {
        const row = await line.one<{ number: string; version: string }>(
          `select current_setting('server_version_num') as number,
                  split_part(current_setting('server_version'), ' ', 1) as version`,
        );
        const took = `${(clock.monotonicMs() - sinceMs).toFixed(0)} ms`;
        const says = `PostgreSQL ${row.version} at ${line.address}`;
        if (Number(row.number) >= OLDEST) return good(`${says}, answers in ${took}`);
        return wrong(`${says} is too old`, {
          mend: 'upgrade the server to PostgreSQL 15 or newer, or name another in DATABASE_URL',
          page: PAGES.toReal,
        });
      } catch (error) {
        return explain(error, line.address);
      }
    },
  };
}

/** What the server's codes mean to the one who configured it. */
const CAUSES: Readonly<Record<string, readonly [says: string, mend: string]>> = {
  '28P01': ['refuses the password', 'the password in DATABASE_URL is not the one of its role'],
  '28000': ['refuses this role or host', 'its pg_hba.conf must let the role in from here'],
  '3D000': ['has no such database', 'create it, or mend the name at the end of DATABASE_URL'],
  '53300': ['has no connection left', 'lower DATABASE_CONNECTIONS_MAX or raise max_connections'],
  '57P03': ['is starting or stopping', 'wait a moment and ask again'],
  ECONNREFUSED: ['refuses connections: nothing listens there', 'start it, or mend DATABASE_URL'],
  ENOTFOUND: ['has a name that nobody knows', 'mend the host in DATABASE_URL'],
};

function explain(error: unknown, address: string): Finding {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const message = error instanceof Error ? error.message : 'failed';
  const [says, mend] = CAUSES[code] ?? [`does not answer (${message})`, 'look at its log'];
  return wrong(`the server at ${address} ${says}`, { mend, page: PAGES.database });
}
