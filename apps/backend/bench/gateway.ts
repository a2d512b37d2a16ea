/**
 * One request through our gateway and through nginx, both before the same upstream: processor time
 * of the proxy a request. Twice: nginx with access log, limit_req and auth_request, all that stands
 * before an API in practice, and nginx that only passes on, because ours does no more than that yet.
 */
import { readFile } from 'node:fs/promises';
import { load } from './tools/load.ts';
import { startNginx } from './tools/nginx.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import type { World } from './tools/world.ts';
import { TARGETS } from './targets.ts';

const CONNECTIONS = 16;
const ANSWER_BYTES = 900;
/** Of USER_HZ, in which /proc counts: 100 a second on every Linux this runs on. */
const TICKS_PER_SECOND = 100;

/** What a browser sends, with a session. */
const HEAD = [
  'GET /api/v1/me/subscriptions?page=1 HTTP/1.1',
  'host: 127.0.0.1',
  'user-agent: Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
  'accept: application/json',
  'accept-language: ru,en;q=0.8',
  'accept-encoding: gzip, br',
  `cookie: opora_access_5000=${'x'.repeat(400)}`,
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
  const { pid = 0 } = await world.role('gateway');
  const cpuOf = async (port: number, process: number): Promise<number> => {
    const request = { port, head: HEAD, body: '', connections: CONNECTIONS };
    return (await load({ ...request, readCpu: () => cpuOfProcess(process) })).cpuMicros;
  };
  const ours = (): Promise<number> => cpuOf(config.ports.gateway, pid);
  const target = TARGETS.gateway;
  return [
    await inTurns(
      { name: 'gateway', target, note: 'ceiling: nginx, access log, limit_req, auth_request' },
      { ours, ceiling: () => cpuOf(ports.full, full) },
    ),
    await inTurns(
      { name: 'gateway bare', target, note: 'ceiling: nginx that only passes on' },
      { ours, ceiling: () => cpuOf(ports.bare, bare) },
    ),
  ];
}

/** Of all its threads, from outside: the same measure for a program that tells nothing. */
async function cpuOfProcess(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${String(pid)}/stat`, 'utf8');
  // The name before the last bracket may hold anything; user and system time are 14 and 15.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
