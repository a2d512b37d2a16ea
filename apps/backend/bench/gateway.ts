/**
 * One request through our gateway and through nginx, both before the same upstream: processor time
 * of the proxy a request, with three thousand people who are signed in and whose decisions are known. Twice:
 * nginx with access log, limit_req and auth_request, which is what ours does too, and nginx that only
 * passes on.
 */
import { readFile } from 'node:fs/promises';
import { sessionCookies, TOKEN_NAMES } from '../src/config/session-names.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import { createTokenIssuer } from '../src/platform/tokens/index.ts';
import { load } from './tools/load.ts';
import { startNginx } from './tools/nginx.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import type { World } from './tools/world.ts';
import { TARGETS } from './targets.ts';

const CONNECTIONS = 16;
const ANSWER_BYTES = 900;
/** Of USER_HZ, in which /proc counts: 100 a second on every Linux this runs on. */
const TICKS_PER_SECOND = 100;
const WARM_TRIES = 100;
const WARM_PAUSE_MS = 100;

/** So many are signed in: each stays below the limit of a person, as people do. */
const SESSIONS = 3_000;

/** What a browser sends, with a session. */
const head = (cookie: string): string =>
  [
    'GET /api/v1/me/subscriptions HTTP/1.1',
    'host: 127.0.0.1',
    'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
    'accept: application/json',
    'accept-language: ru,en;q=0.8',
    'accept-encoding: gzip, br',
    `cookie: ${cookie}`,
    'sec-fetch-site: same-origin',
    'sec-fetch-mode: cors',
    'referer: http://127.0.0.1/cabinet',
    '',
  ].join('\r\n');

export async function benchGateway(world: World): Promise<Result[]> {
  const { config, lifecycle } = world;
  const upstreamPort = config.ports.api;
  const ports = { bare: config.ports.simulators, full: config.ports.web };
  const common = { folder: config.home, upstreamPort };
  await world.program('raw/upstream.ts', { port: upstreamPort, bytes: ANSWER_BYTES });
  const bare = await startNginx({ ...common, port: ports.bare, guards: false }, lifecycle);
  const full = await startNginx({ ...common, port: ports.full, guards: true }, lifecycle);
  await world.role('auth');
  const { pid = 0 } = await world.role('gateway');
  const heads = (await signIn(world)).map(head);
  const cpuOf = async (port: number, process: number): Promise<number> => {
    const request = { port, head: heads, body: '', connections: CONNECTIONS };
    return (await load({ ...request, readCpu: () => cpuOfProcess(process) })).cpuMicros;
  };
  const ours = (): Promise<number> => cpuOf(config.ports.gateway, pid);
  const rateOf = (port: number) =>
    load({ port, head: heads, body: '', connections: CONNECTIONS, readCpu: async () => 0 });
  await isWarm(config.ports.gateway, heads);
  const target = TARGETS.gateway;
  return [
    await inTurns(
      { name: 'gateway', target, note: 'ceiling: nginx, access log, limit_req, auth_request' },
      { ours, ceiling: () => cpuOf(ports.full, full) },
    ),
    await inTurns(
      {
        name: 'gateway rate',
        target: TARGETS.gatewayRate,
        note: 'ceiling: the same nginx, one worker',
      },
      { ours: () => rateOf(config.ports.gateway), ceiling: () => rateOf(ports.full) },
    ),
    await inTurns(
      {
        name: 'gateway bare',
        target: TARGETS.gatewayBare,
        note: 'ceiling: nginx that only passes on',
      },
      { ours, ceiling: () => cpuOf(ports.bare, bare) },
    ),
  ];
}

/** Sessions as signing in leaves them; the cookie of each. */
async function signIn({ admin, parts, config }: World): Promise<string[]> {
  await admin(`
    with people as (select lpad(n::text, 26, '0') as id from generate_series(1, ${String(SESSIONS)}) as n),
    made as (insert into person (id, name, language, state, created_at)
             select 'per_' || id, 'Bench', 'en', 'active', now() from people)
    insert into session (id, person_id, kind, amr, created_at, last_seen_at, expires_at,
                         refresh_hash, refresh_expires_at, rotated_at, address)
    select 'ses_' || id, 'per_' || id, 'customer', 'otp', now(), now(), now() + interval '1 day',
           'bench ' || id, now() + interval '1 day', now(), '192.0.2.1' from people`);
  const issuer = createTokenIssuer({ ...parts, ...TOKEN_NAMES });
  return Array.from({ length: SESSIONS }, (_, at) => {
    const id = String(at + 1).padStart(26, '0');
    const subject = { personId: `per_${id}`, sessionId: `ses_${id}`, authzVersion: 1 };
    return `${sessionCookies(config).access}=${issuer.issue({ ...subject, amr: ['otp'] }).token}`;
  });
}

/** The gateway meets its instances and its keys a moment after it listens. */
async function isWarm(port: number, [first = '']: readonly string[]): Promise<void> {
  const cookie = /^cookie: (.*)$/m.exec(first)?.[1]?.trim() ?? '';
  for (let tries = 0; tries < WARM_TRIES; tries += 1) {
    const address = `http://127.0.0.1:${String(port)}/api/v1/me/subscriptions`;
    if ((await fetch(address, { headers: { cookie } })).ok) return;
    await systemClock.sleep(WARM_PAUSE_MS);
  }
  throw new Error('the gateway does not let a signed-in person through');
}

/** Of all its threads, from outside: the same measure for a program that tells nothing. */
async function cpuOfProcess(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The name before the last bracket may hold anything; user and system time are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
