import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@opora/kernel';
import { createRouter } from '../../http.ts';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { createWorld, type World } from '../../world.ts';
import { type Fields, isFields } from './fields.ts';
import { createYookassa } from './index.ts';

/**
 * A whole simulated YooKassa for tests: a real server on a free port, a gateway that records what
 * it is sent, and a clock that moves only when a test says so.
 */
export interface Rehearsal {
  readonly world: World;
  readonly gateway: Gateway;
  /** Calls API v3 with the shop's credentials; every POST gets a fresh key unless one is given. */
  api(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  /** Calls any path without credentials: control, pages. A string body is sent as a form. */
  visit(method: string, path: string, body?: unknown): Promise<Reply>;
  advance(ms: number): Promise<void>;
  /** Moves time until one more notification was tried and its answer was noted. */
  notified(): Promise<Fields>;
  stop(): Promise<void>;
}

export type Reply = Readonly<{ status: number; body: Fields; text: string; location: string }>;

export interface Gateway {
  /** Statuses of the next answers; 200 when it runs out. */
  readonly answers: number[];
  readonly received: { body: string; headers: IncomingMessage['headers'] }[];
}

const STEP_MS = 25;
const TURNS_MAX = 2_000;

export async function rehearse(options: { folder?: string; at?: string } = {}): Promise<Rehearsal> {
  const gateway: Gateway = { answers: [], received: [] };
  const receiver = createServer((request, response) => {
    void read(request).then((body) => {
      gateway.received.push({ body, headers: request.headers });
      response.writeHead(gateway.answers.shift() ?? 200).end();
    });
  });
  const clock = createManualClock(options.at ?? '2026-11-20T12:00:00.000Z');
  const world = createWorld({
    clock,
    seed: 7,
    log: () => undefined,
    config: {
      port: 0,
      folder: options.folder,
      gatewayUrl: await listen(receiver),
      telegram: { token: '' },
      payments: {
        ...SIMULATED_KEYS,
        yookassa: { shopId: '100500', secretKey: 'test_secret' },
      },
      remnawave: { token: '', webhookSecret: '' },
      mail: { port: 0, sendgridKey: '' },
    },
  });
  const simulator = createYookassa(world);
  const router = createRouter(world);
  simulator.register(router);
  const base = await listen(router.server);
  world.deliveries.start();
  await simulator.start?.();

  let key = 0;
  const authorization = `Basic ${Buffer.from('100500:test_secret').toString('base64')}`;
  return {
    world,
    gateway,
    api(method, path, body, headers = {}) {
      key += 1;
      const fresh = method === 'POST' ? { 'idempotence-key': `key-${String(key)}` } : {};
      return call(`${base}/yookassa/v3${path}`, method, body, {
        authorization,
        ...fresh,
        ...headers,
      });
    },
    visit: (method, path, body) => call(`${base}${path}`, method, body, {}),
    advance: (ms) => clock.advance(ms),
    async notified() {
      const before = world.journal.list().filter(isDelivery).length;
      for (let turn = 0; turn < TURNS_MAX; turn += 1) {
        if (world.journal.list().filter(isDelivery).length > before) break;
        await clock.advance(STEP_MS);
      }
      const newest: unknown = JSON.parse(gateway.received.at(-1)?.body ?? '{}');
      return isFields(newest) ? newest : {};
    },
    async stop() {
      await simulator.stop?.();
      await world.deliveries.stop();
      for (const server of [router.server, receiver]) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
      world.store.close();
    },
  };
}

const isDelivery = (entry: { direction: string }): boolean => entry.direction === 'to-us';

async function call(
  url: string,
  method: string,
  body: unknown,
  headers: Record<string, string>,
): Promise<Reply> {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { 'content-type': type, ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  const location = response.headers.get('location') ?? '';
  return { status: response.status, body: isFields(parsed) ? parsed : {}, text, location };
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo; // a listening TCP server has this address
  return `http://127.0.0.1:${String(port)}`;
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk); // no encoding set
  return Buffer.concat(chunks).toString('utf8');
}

function createManualClock(start: string): Clock & { advance(ms: number): Promise<void> } {
  let nowMs = Date.parse(start);
  const sleepers = new Set<{ at: number; wake: () => void }>();
  return {
    now: () => new Date(nowMs),
    monotonicMs: () => nowMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: nowMs + ms, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          resolve();
        });
        if (signal?.aborted === true) resolve();
      }),
    async advance(ms) {
      nowMs += ms;
      for (const sleeper of sleepers) {
        if (sleeper.at > nowMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      // One turn of the event loop lets the woken ones, and sockets, go on.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}
