import { createServer, type Server } from 'node:http';
import { Socket } from 'node:net';
import type { Clock, Ids } from '@opora/kernel';
import { createSwitchboard, type Switchboard } from '../../platform/breaker/index.ts';
import { answerClientError, type InnerLink } from '../../platform/http/index.ts';
import type { Log } from '../../platform/log/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';
import { listenOn, stopAccepting, type OpenSockets } from '../../platform/network/index.ts';
import type { Redis } from '../../platform/redis/index.ts';
import { createInnerCall } from '../inner-call.ts';
import { followThroughApi } from '../switches.ts';
import {
  createAuthorization,
  type AuthorizationDeps,
  type AuthorizationReport,
} from './authorization/index.ts';
import { watchInstances } from './checks.ts';
import { describeGateway, type GatewayReport } from './diagnostics.ts';
import { Door } from './door.ts';
import type { LimitsOptions } from './limits/index.ts';
import type { Instance } from './instance.ts';
import type { UpstreamName } from './routes.ts';
import { isWebSocket } from './tunnels.ts';
import { createUpstream, upstreamMetrics, type Upstream } from './upstream.ts';

const HEADERS_BYTES_MAX = 16_384;
/** One more than is allowed: a list cut short by the parser must be seen to be too long. */
const HEADERS_COUNT_SEEN = 101;
const HEADERS_TIMEOUT_MS = 10_000;
/** Ten seconds for the headers and thirty for a body. */
const REQUEST_TIMEOUT_MS = 40_000;
const KEEP_ALIVE_MS = 65_000;
const CHECK_CONNECTIONS_EVERY_MS = 5_000;
const DRAIN_DELAY_MS = 3_000;
const IN_FLIGHT_MAX_MS = 15_000;

/** What can change while it runs. */
export type GatewayTable = Readonly<{
  /** Base addresses of the instances of each role. */
  origins: Readonly<Record<UpstreamName, readonly string[]>>;
  /** Origins whose pages may read answers, or `*`; absent: none. */
  corsOrigins?: readonly string[];
}>;

export type GatewayOptions = GatewayTable &
  Readonly<{
    clock: Clock;
    ids: Ids;
    log: Log;
    metrics: Metrics;
    link: InnerLink;
    trustedProxies: readonly string[];
    drainDelayMs?: number;
    /** Of the own site: its pages may open WebSockets. */
    webOrigin?: string;
    /** Absent: it opens its own. */
    sockets?: OpenSockets;
    /** Absent: nobody is counted (a test of the proxy alone). */
    limits?: LimitsOptions;
    /** Shared with the other gateways; absent: this one knows and counts by itself. */
    redis?: Redis;
    /** `gateway#0`; absent: nobody is told of its breakers, and they obey nobody. */
    process?: string;
    /** Absent: nothing needs a session here (a test of the proxy alone). */
    authorization?: Pick<AuthorizationDeps, 'tokens' | 'cookie' | 'path' | 'fallback'>;
  }>;

export interface Gateway {
  /** Resolves with the real port; throws `PortInUse`. */
  listen(port: number, host?: string): Promise<number>;
  /** Another table from now on; no call meets a moment without one. */
  take(table: GatewayTable): void;
  /** False while leaving. */
  ready(): boolean;
  report(): GatewayReport;
  /** What it knows of sessions, and whether the auth service answers. */
  authorization(): AuthorizationReport | undefined;
  /** Readiness red, a moment for balancers to see it, then requests in flight end. Idempotent. */
  close(): Promise<void>;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { clock, ids, log, metrics } = options;
  let closing: Promise<void> | undefined;
  const isClosing = (): boolean => closing !== undefined;
  const board = createSwitchboard({ clock, log });
  const upstreams = createUpstreams(options, isClosing, board);
  const all = Object.values(upstreams);
  const authorization =
    options.authorization &&
    createAuthorization({ ...options, ...options.authorization, upstream: upstreams.auth });
  const door = new Door(options, authorization, upstreams, isClosing);
  const server = openServer(door, ids);
  const watching = new AbortController();
  const watches: Promise<void>[] = [];
  const watch = (instances: readonly Instance[]): Promise<void> => {
    const { looked, over } = watchInstances({ instances, clock, log, signal: watching.signal });
    watches.push(over);
    return looked;
  };
  let isOnOpenSocket = false;
  takeRedis(options, board);
  countInFlight(metrics, all);

  async function leave(): Promise<void> {
    const delayMs = options.drainDelayMs ?? DRAIN_DELAY_MS;
    const wasListening = server.listening;
    // The next gateway takes the new callers at once; ours are told to come back to it.
    let closed = isOnOpenSocket ? stopAccepting(server) : undefined;
    if (delayMs > 0 && wasListening) await clock.sleep(delayMs);
    const ended = new AbortController();
    closed ??= stopAccepting(server);
    door.leave();
    server.closeIdleConnections();
    await Promise.race([closed, clock.sleep(IN_FLIGHT_MAX_MS, ended.signal)]);
    ended.abort();
    server.closeAllConnections();
    await closed;
    watching.abort();
    await Promise.all(watches);
    options.redis?.close();
    await Promise.all(all.map((upstream) => upstream.close()));
  }

  return {
    async listen(port, host) {
      await watch(all.flatMap((upstream) => upstream.instances));
      const { signal } = watching;
      watches.push(
        Promise.resolve(authorization?.run(signal)),
        Promise.resolve(options.redis?.watch(signal)),
        obey(options, { board, api: upstreams.api, signal }),
      );
      const { sockets } = options;
      isOnOpenSocket = sockets?.has(port) === true;
      return await listenOn(server, port, { ...(host === undefined ? {} : { host }), sockets });
    },
    take({ origins, corsOrigins = [] }) {
      void watch(all.flatMap((upstream) => upstream.rename(origins[upstream.name])));
      door.letRead(corsOrigins);
    },
    ready: () => !isClosing(),
    report: () => describeGateway(all, isClosing()),
    authorization: () => authorization?.report(),
    close() {
      closing ??= leave();
      return closing;
    },
  };
}

function takeRedis({ redis, log }: GatewayOptions, board: Switchboard): void {
  if (redis === undefined) return;
  board.add(redis.breaker);
  redis.onLoss(() => {
    log.warn('Redis is away: limits are counted in shares until it is back');
  });
}

/** Staff sees the breakers of this process, and holds them, through the instances of api there are. */
async function obey(
  { process, link }: GatewayOptions,
  { board, api, signal }: { board: Switchboard; api: Upstream; signal: AbortSignal },
): Promise<void> {
  if (process === undefined) return;
  const ask = () =>
    createInnerCall({ origins: api.instances.map(({ origin }) => origin), role: 'api', link });
  await followThroughApi({ board, process, api: ask }, signal);
}

function countInFlight(metrics: Metrics, all: readonly Upstream[]): void {
  metrics.read('gateway_in_flight', 'Requests on their way.', () =>
    all.reduce((sum, upstream) => sum + upstream.inFlight(), 0),
  );
}

function createUpstreams(
  { clock, ids, metrics, origins }: GatewayOptions,
  closing: () => boolean,
  board: Switchboard,
): Readonly<Record<UpstreamName, Upstream>> {
  const shared = { clock, ids, closing, metrics: upstreamMetrics(metrics), board };
  const create = (name: UpstreamName): Upstream =>
    createUpstream({ name, origins: origins[name], ...shared });
  const [auth, api, bot, monitor] = [
    create('auth'),
    create('api'),
    create('bot'),
    create('monitor'),
  ];
  return { auth, api, bot, monitor };
}

/** The strict parser and its limits; what it cannot read is refused in the form of everything else. */
function openServer(door: Door, ids: Ids): Server {
  const server = createServer(
    {
      maxHeaderSize: HEADERS_BYTES_MAX,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_CONNECTIONS_EVERY_MS,
      insecureHTTPParser: false,
      // The door counts hosts itself and answers with a problem.
      requireHostHeader: false,
      shouldUpgradeCallback: isWebSocket,
    },
    (request, response) => {
      door.answer(request, response);
    },
  );
  server.on('connection', (socket) => {
    door.meet(socket);
  });
  server.on('upgrade', (request, socket, head) => {
    // Ours listens on TCP alone.
    if (socket instanceof Socket) door.upgrade(request, socket, head);
    else socket.destroy();
  });
  server.maxHeadersCount = HEADERS_COUNT_SEEN;
  server.on('clientError', (error, socket) => {
    answerClientError(ids, error, socket);
  });
  return server;
}
