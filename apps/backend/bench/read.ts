/** A signed-in read of the API against node:http with the same queries: processor time a request. */
import { sessionCookies } from '../src/config/session-names.ts';
import { createTokenIssuer } from '../src/platform/tokens/index.ts';
import { load } from './tools/load.ts';
import { record } from './tools/record.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import type { World } from './tools/world.ts';
import { TARGETS, type Target } from './targets.ts';

const CONNECTIONS = 16;
/** Other customers' rows, so that indexes have something to be for. */
const OTHERS = 10_000;
const PERSON = `per_${'0'.repeat(26)}`;
const PATH = '/api/v1/me/subscriptions';

export async function benchRead(world: World): Promise<Result[]> {
  const { parts, config } = world;
  await fill(world);
  const statements = await record(parts.db.pool, async () => {
    const [own] = await parts.subscriptions.ofPerson(PERSON);
    if (own === undefined) throw new Error('the person has no subscription');
    await parts.catalog.version(own.planVersionId);
    await parts.provisioning.access(own);
  });
  const rawPort = config.ports.simulators;
  await world.role('api');
  const [jwk] = parts.keys.jwks().keys;
  const cookie = sessionCookies(config).access;
  await world.program('raw/read.ts', { url: world.url, port: rawPort, statements, jwk, cookie });
  const head = `GET ${PATH} HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: ${cookieOf(world)}\r\n`;
  await assertSame(world, rawPort, cookieOf(world));
  const cpuOn = async (port: number, connections: number): Promise<number> =>
    (await load({ port, head, body: '', connections })).cpuMicros;
  const about = {
    note: `ceiling: raw node:http, the same ${String(statements.length)} queries and headers, the token proved once`,
  };
  const measure = (
    what: Readonly<{ name: string; target: Target }>,
    connections: number,
  ): Promise<Result> =>
    inTurns(
      { ...about, ...what },
      {
        ours: () => cpuOn(config.ports.api, connections),
        ceiling: () => cpuOn(rawPort, connections),
      },
    );
  // Requests that wait together are read together; one that is alone has nobody to share with.
  return [
    await measure({ name: 'read', target: TARGETS.read }, CONNECTIONS),
    await measure({ name: 'read alone', target: TARGETS.readAlone }, 1),
  ];
}

async function fill(world: World): Promise<void> {
  const { parts } = world;
  const [plan] = await parts.catalog.offered(parts.product.slug);
  if (plan === undefined) throw new Error('the product has no plan');
  const people = `(select lpad(n::text, 26, '0') as id
                     from generate_series(0, ${String(OTHERS)}) as n) as people`;
  await world.admin(
    `insert into subscription (id, person_id, product, plan_version_id, expires_at, revision, created_at)
     select 'sub_' || id, 'per_' || id, '${parts.product.slug}', '${plan.versionId}',
            now() + interval '30 days', 1, now() from ${people}`,
  );
  await world.admin(
    `insert into panel_account (subscription_id, username, subscription_url, delivered_revision, updated_at)
     select 'sub_' || id, 'user_' || id, 'https://panel.example.com/s/' || id, 1, now()
       from ${people}`,
  );
  await world.admin('vacuum analyze');
}

function cookieOf({ parts, config }: World): string {
  const issuer = createTokenIssuer({ ...parts, issuer: 'opora', audience: 'opora-api' });
  const { token } = issuer.issue({
    personId: PERSON,
    sessionId: 'ses_bench',
    authzVersion: 1,
    amr: ['otp'],
  });
  return `${sessionCookies(config).access}=${token}`;
}

/** A raw answer with less in it would be no counterpart. */
async function assertSame(world: World, rawPort: number, cookie: string): Promise<void> {
  const [ours, raw] = await Promise.all(
    [world.config.ports.api, rawPort].map(async (port) => {
      const answer = await fetch(`http://127.0.0.1:${String(port)}${PATH}`, {
        headers: { cookie },
      });
      return [answer.status, await answer.json()];
    }),
  );
  if (JSON.stringify(ours) !== JSON.stringify(raw)) {
    throw new Error(`the answers differ:\n${JSON.stringify(ours)}\n${JSON.stringify(raw)}`);
  }
}
