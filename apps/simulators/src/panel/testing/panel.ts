import { once } from 'node:events';
import { Agent, createServer, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createRouter } from '../../http.ts';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { createWorld, type World } from '../../world.ts';
import { createPanel } from '../index.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export const TOKEN = 'test-api-token';
export const PROXY = { 'x-forwarded-for': '127.0.0.1', 'x-forwarded-proto': 'https' };
/** Steps of the delivery loop a webhook may need; far more than any test takes. */
const STEPS_MAX = 5_000;
const STEP_MS = 25;

export type Answered = Readonly<{
  /** 0: the connection was cut without an answer. */
  status: number;
  headers: IncomingHttpHeaders;
  text: string;
  // Tests read answers freely; what they expect is what they compare.
  body: unknown;
}>;

export type Received = Readonly<{ headers: string[]; body: string; event: string; at: string }>;

export interface TestPanel {
  readonly clock: ManualClock;
  readonly world: World;
  readonly url: string;
  readonly received: Received[];
  /** What the receiver of webhooks answers next, first to last; then 200. */
  readonly answers: number[];
  /** A call with the proxy's headers and the token, unless other headers are given. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answered>;
  api(method: string, path: string, body?: unknown): Promise<Answered>;
  control(method: string, path: string, body?: unknown): Promise<Answered>;
  /** Lets time pass until a webhook of this event (the `nth`, from 1) has arrived. */
  event(name: string, nth?: number): Promise<Received>;
  close(): Promise<void>;
}

/** A panel behind a real server, with a manual clock and a receiver of its webhooks. */
export async function openPanel(
  options: { at?: string; secret?: string; folder?: string; seed?: number } = {},
): Promise<TestPanel> {
  const clock = createManualClock(options.at ?? '2026-11-20T12:00:00.000Z');
  const received: Received[] = [];
  const answers: number[] = [];
  const receiver = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const { event } = JSON.parse(body) as { event: string }; // the panel always sends one
      received.push({ headers: incoming.rawHeaders, body, event, at: clock.now().toISOString() });
      response.writeHead(answers.shift() ?? 200).end();
    });
  });
  const gatewayPort = await listen(receiver);
  const port = await freePort();
  const world = createWorld({
    clock,
    seed: options.seed ?? 7,
    log: () => undefined,
    config: {
      port,
      folder: options.folder,
      gatewayUrl: `http://127.0.0.1:${String(gatewayPort)}`,
      telegram: { token: '' },
      payments: SIMULATED_KEYS,
      remnawave: { token: TOKEN, webhookSecret: options.secret ?? 'test-secret' },
      mail: { port: 0, sendgridKey: '' },
    },
  });
  const router = createRouter(world);
  const panel = createPanel(world);
  panel.register(router);
  await listen(router.server, port);
  world.deliveries.start();
  await panel.start?.();
  const agent = new Agent({ keepAlive: true });
  const call = caller(port, agent);

  return {
    clock,
    world,
    url: world.selfUrl,
    received,
    answers,
    call,
    api: (method, path, body) =>
      call(method, `/remnawave/api${path}`, body, { ...PROXY, authorization: `Bearer ${TOKEN}` }),
    control: (method, path, body) => call(method, `/remnawave/control/${path}`, body, {}),
    async event(name, nth = 1) {
      for (let step = 0; step < STEPS_MAX; step += 1) {
        const found = received.filter((each) => each.event === name)[nth - 1];
        if (found !== undefined) return found;
        await clock.advance(STEP_MS);
      }
      throw new Error(`no ${name}; received: ${received.map((each) => each.event).join(', ')}`);
    },
    async close() {
      agent.destroy();
      await panel.stop?.();
      await world.deliveries.stop();
      for (const server of [router.server, receiver]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      world.store.close();
    },
  };
}

/** node:http and not fetch, because fetch always sends a User-Agent and hides cut connections. */
function caller(port: number, agent: Agent): TestPanel['call'] {
  return (method, path, body, headers = {}) =>
    new Promise((resolve) => {
      const text = typeof body === 'string' || body === undefined ? body : JSON.stringify(body);
      const type = text === undefined ? {} : { 'content-type': 'application/json' };
      const outgoing = httpRequest(
        { host: '127.0.0.1', port, method, path, headers: { ...headers, ...type }, agent },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const full = Buffer.concat(chunks).toString('utf8');
            const json = response.headers['content-type']?.includes('json') === true;
            resolve({
              status: response.statusCode ?? 0,
              headers: response.headers,
              text: full,
              body: json ? JSON.parse(full) : undefined,
            });
          });
        },
      );
      outgoing.on('error', () => {
        resolve({ status: 0, headers: {}, text: '', body: undefined });
      });
      outgoing.end(text);
    });
}

async function listen(server: ReturnType<typeof createServer>, port = 0): Promise<number> {
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // listening on TCP, so not a pipe's name
}

/** The address must be known before the world is made, because links contain it. */
async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
