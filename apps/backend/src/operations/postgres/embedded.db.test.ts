import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from '../../../test/database-setup.ts';
import { systemClock } from '../../platform/clock/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { openCluster, PostgresRefused, provisionDatabase, type EmbeddedCluster } from './index.ts';
import { greet } from '../greeting.ts';
import { keepServer, type KeptServer } from './keep.ts';
import { processesOf } from './leftovers.ts';

const log = createLog({ level: 'error', role: 'test', write: () => undefined });
let home: string;
let port: number;
let cluster: EmbeddedCluster;
let kept: KeptServer;

const urlOf = (name: string, password: string): string =>
  `postgres://${name}:${password}@127.0.0.1:${String(port)}/opora`;
const data = (): string => join(home, 'postgres', 'data');
const keep = (): Promise<KeptServer> =>
  keepServer({
    ...{ cluster, clock: systemClock, chance: systemIds.chance, log },
    greet: () => greet({ host: '127.0.0.1', port, says: 'postgres' }, 4_000),
  });

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'opora-postgres-'));
  port = await freePort();
  cluster = await openCluster({ home, port, password: "it's secret", clock: systemClock });
  kept = await keep();
  const plan = {
    adminUrl: cluster.url,
    database: 'opora',
    owner: { name: 'opora_owner', password: 'owner' },
    app: { name: 'opora_app', password: 'old' },
    extensions: cluster.preloaded,
  };
  await provisionDatabase(plan);
  await provisionDatabase({ ...plan, app: { name: 'opora_app', password: "a'pp" } });
});

afterAll(async () => {
  await kept.stop();
  await rm(home, { recursive: true, force: true });
});

describe('the provisioned database', () => {
  it('lets the owner make tables and the application only connect', async () => {
    await ask(urlOf('opora_owner', 'owner'), 'create table kept (id int)');
    await expect(ask(urlOf('opora_app', "a'pp"), 'select 1 as one')).resolves.toEqual([{ one: 1 }]);
    await expect(ask(urlOf('opora_app', "a'pp"), 'create table mine (id int)')).rejects.toThrow(
      /permission denied/,
    );
    await expect(ask(urlOf('opora_app', "a'pp"), 'select * from kept')).rejects.toThrow(
      /permission denied/,
    );
  });

  it('refuses a wrong and an outdated password', async () => {
    await expect(ask(urlOf('opora_app', 'old'), 'select 1')).rejects.toThrow(/password/);
  });

  it('keeps checksums and fsync on', async () => {
    const rows = await ask(
      cluster.url,
      `select current_setting('fsync') as fsync, current_setting('data_checksums') as checksums,
              current_setting('max_connections')::int as connections`,
    );
    expect(rows).toEqual([{ fsync: 'on', checksums: 'on', connections: 120 }]);
  });
});

describe('a server that dies', () => {
  it('is started again at once after SIGKILL and has kept what was committed', async () => {
    await ask(urlOf('opora_owner', 'owner'), 'insert into kept values (7)');
    const before = kept.pid();
    process.kill(before, 'SIGKILL');
    await expect.poll(() => kept.pid(), { timeout: 30_000 }).not.toBe(before);
    expect(kept.restarts()).toBe(1);
    await expect(ask(urlOf('opora_owner', 'owner'), 'select id from kept')).resolves.toEqual([
      { id: 7 },
    ]);
  });

  it('is taken over when its owner died and left it running', async () => {
    await kept.stop();
    const orphan = await cluster.start();
    const next = await cluster.start();
    expect(next.leftovers).toBe('taken over');
    // Asked, not killed: it had the time to write its checkpoint.
    await expect(orphan.exited).resolves.toBe('exit code 0');
    await next.stop();
    kept = await keep();
  });

  it('leaves no process behind when it is stopped', async () => {
    await kept.stop();
    expect(await processesOf(data())).toEqual([]);
    kept = await keep();
  });
});

describe('a start that cannot work', () => {
  it('names the busy port and how to move it', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const busy = typeof address === 'object' && address !== null ? address.port : 0;
    await kept.stop();
    const other = await openCluster({ home, port: busy, clock: systemClock });
    await expect(other.start()).rejects.toThrow(
      new PostgresRefused(
        `port ${String(busy)} (PostgreSQL) is taken by another program: end it, or move every port with OPORA_PORT_BASE`,
      ),
    );
    await new Promise((resolve) => taken.close(resolve));
    kept = await keep();
  });
});

async function ask(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const result = await client.query<Record<string, unknown>>(sql);
    return result.rows;
  } finally {
    await client.end();
  }
}
