import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { Agent, request } from 'undici';
import { vi } from 'vitest';
import { systemIds } from '../../../platform/ids/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { linkOf } from '../../../platform/http/testing/link.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { listenOn } from '../../../platform/network/index.ts';
import { createGateway, type GatewayOptions } from '../index.ts';

export type Seen = {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
};
type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;

/** A tiny instance: answers its check, remembers what else it was asked. */
export interface TinyInstance {
  origin: string;
  readonly seen: Seen[];
  answer: Answer;
  ready: boolean;
  /** Its check is never answered. */
  silent: boolean;
  /** How often it was checked. */
  checks: number;
  /** Ends at once, open connections too, as a killed process does. */
  kill(): Promise<void>;
  /** Comes back on the same port. */
  revive(): Promise<void>;
}

export async function startInstance(): Promise<TinyInstance> {
  let server: Server;
  let port = 0;
  const instance: TinyInstance = {
    origin: '',
    seen: [],
    ready: true,
    silent: false,
    checks: 0,
    answer(_request, response, body) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ from: instance.origin, body }));
    },
    async kill() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
    async revive() {
      server = createServer((incoming, response) => {
        if (incoming.url === '/health/ready') {
          instance.checks += 1;
          if (!instance.silent) response.writeHead(instance.ready ? 200 : 503).end();
          return;
        }
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', () => undefined);
        incoming.on('end', () => {
          const body = Buffer.concat(chunks).toString('latin1');
          const { method = '', url = '', headers } = incoming;
          instance.seen.push({ method, url, headers, body });
          instance.answer(incoming, response, body);
        });
      });
      port = await listenOn(server, port);
      instance.origin = `http://127.0.0.1:${String(port)}`;
    },
  };
  await instance.revive();
  return instance;
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** A gateway before tiny instances; `close()` ends everything. */
export async function startWorld(
  counts: { auth?: number; api?: number; bot?: number; monitor?: number } = {},
  options: Partial<GatewayOptions> & { clock?: ManualClock } = {},
) {
  const clock = options.clock ?? createManualClock();
  const metrics = createMetrics();
  const start = (count: number) => Promise.all(Array.from({ length: count }, startInstance));
  const [auth, api, bot, monitor] = await Promise.all([
    start(counts.auth ?? 1),
    start(counts.api ?? 1),
    start(counts.bot ?? 1),
    start(counts.monitor ?? 0),
  ]);
  const addresses = (instances: readonly { origin: string }[]) =>
    instances.map(({ origin }) => origin);
  const gateway = createGateway({
    clock,
    ids: systemIds,
    log: createLog({ level: 'error', role: 'test', write: () => undefined }),
    metrics,
    link: linkOf('gateway', clock),
    trustedProxies: [],
    origins: {
      auth: addresses(auth),
      api: addresses(api),
      bot: addresses(bot),
      monitor: addresses(monitor),
    },
    drainDelayMs: 0,
    ...options,
  });
  const port = await gateway.listen(0);
  const states = () =>
    Object.values(gateway.report().upstreams)
      .flat()
      .map(({ state }) => state);
  await vi.waitFor(() => {
    if (states().includes('down')) throw new Error('not all up yet');
  });
  const agent = new Agent();
  return {
    gateway,
    auth,
    api,
    bot,
    monitor,
    clock,
    metrics,
    port,
    /** One request through an ordinary client. */
    async ask(
      path: string,
      init: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
    ) {
      const { method = 'GET', ...rest } = init;
      const answer = await request(`http://127.0.0.1:${String(port)}${path}`, {
        method,
        ...rest,
        dispatcher: agent,
      });
      const text = await answer.body.text();
      return {
        status: answer.statusCode,
        headers: answer.headers,
        text,
        // Every JSON answer of these worlds is an object.
        json: () => JSON.parse(text) as Record<string, unknown>, // see above
      };
    },
    /** Bytes as they are; resolves with everything that came back until the connection ended. */
    raw: (bytes: string) => rawExchange(port, bytes),
    async close() {
      await agent.destroy();
      await gateway.close();
      await Promise.all([...api, ...bot, ...monitor].map((instance) => instance.kill()));
    },
  };
}

/** So many questions of the feed, each answered before the next. */
export async function rounds(world: World, count: number): Promise<void> {
  const loops = 1 + Object.values(world.gateway.report().upstreams).flat().length;
  for (let at = 0; at < count; at += 1) {
    // The check of each instance and the feed itself sleep between their rounds.
    await vi.waitFor(() => {
      if (world.clock.sleepers < loops) throw new Error('a round is under way');
    });
    await world.clock.advance(250);
  }
  await vi.waitFor(() => {
    if (world.clock.sleepers < loops) throw new Error('a round is under way');
  });
}

/** The first of a list that cannot be empty. */
export function first<T>(list: readonly T[]): T {
  const [head] = list;
  if (head === undefined) throw new Error('nothing there');
  return head;
}

/** `bytes` should end the connection (`connection: close`), or the answer to them must. */
export function rawExchange(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
  });
}
