import { poolSize } from '../../../platform/db/index.ts';
import type { Config } from '../../../config/shape.ts';
import { good, PAGES, skipped, warning, type Check } from '../check.ts';
import type { DatabaseLine } from '../database-line.ts';

type Room = { most: number; used: number };

/** What one who is no superuser gets, at most, and what is in use by whomever. */
const ROOM = `
  select least(
           current_setting('max_connections')::int
             - current_setting('superuser_reserved_connections')::int
             - coalesce(current_setting('reserved_connections', true), '0')::int,
           (select nullif(datconnlimit, -1) from pg_database where datname = current_database()),
           (select nullif(rolconnlimit, -1) from pg_roles where rolname = current_user)
         ) as most,
         (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as used`;

/** All our processes together must fit into what the server gives. */
export function checkConnections(line: DatabaseLine, config: Config): Check {
  return {
    name: 'connections',
    async run() {
      if (!(await line.answers())) return skipped('needs the database');
      const { most, used } = await line.one<Room>(ROOM);
      const wanted = mostWanted(config);
      const says = `we may open ${String(wanted)}, the server gives ${String(most)}, ${String(used)} in use`;
      if (wanted <= most) return good(says);
      return warning(says, {
        mend: `DATABASE_CONNECTIONS_MAX=${String(Math.max(10, most - listening(config)))}, or raise max_connections`,
        page: PAGES.database,
      });
    },
  };
}

function mostWanted(config: Config): number {
  const processes = Object.values(config.instances).reduce((sum, count) => sum + count, 1);
  return processes * poolSize(config.database.connectionsMax, processes) + listening(config);
}

/** Connections that listen, beside the pools: for notices, updates and jobs. */
function listening({ instances }: Config): number {
  return instances.bot + 2 * instances.worker;
}
