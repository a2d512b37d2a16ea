import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@opora/kernel';
import { createRouter } from '../http.ts';
import { SIMULATED_KEYS } from '../payment-keys.ts';
import { createWorld, type Simulator, type World } from '../world.ts';
import { type Fields, isFields } from './fields.ts';

/**
 * One simulated vendor for tests: a real server on a free port, a gateway that records what it is
 * sent, and a clock that moves only when a test says so.
 */
export interface Rehearsal {
  readonly world: World;
  readonly gateway: Gateway;
  /** Where the vendor listens: `http://127.0.0.1:<port>`. */
  readonly base: string;
  /** Calls any path. A string body is sent as a form, anything else as JSON. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  advance(ms: number): Promise<void>;
  /** Moves time until everything that is due was tried; answers the bodies that came meanwhile. */
  notices(): Promise<Fields[]>;
  stop(): Promise<void>;
}

export type Reply = Readonly<{
  status: number;
  body: Fields;
  text: string;
  location: string;
  headers: Headers;
}>;

export interface Gateway {
  /** Statuses of the next answers; 200 when it runs out. */
  readonly answers: number[];
  readonly received: { body: string; headers: IncomingMessage['headers'] }[];
}

const STEP_MS = 25;
/** A delivery that is due needs a tick of the loop and some turns of sockets. */
const QUIET_TURNS = 40;
const TURNS_MAX = 2_000;

export async function rehearse(
  create: (world: World) => Simulator,
  options: { folder?: string; at?: string } = {},
): Promise<Rehearsal> {
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
      payments: SIMULATED_KEYS,
      remnawave: { token: '', webhookSecret: '' },
      mail: { port: 0, sendgridKey: '' },
    },
  });
  const simulator = create(world);
  const router = createRouter(world);
  simulator.register(router);
  const base = await listen(router.server);
  world.deliveries.start();
  await simulator.start?.();
  let seen = 0;

  const isBusy = (): boolean =>
    world.deliveries
      .list()
      .some(({ state, dueAt }) => state === 'waiting' && dueAt <= clock.now().getTime());

  return {
    world,
    gateway,
    base,
    call: (method, path, body, headers = {}) => call(`${base}${path}`, { method, body, headers }),
    advance: (ms) => clock.advance(ms),
    async notices() {
      for (let turn = 0, quiet = 0; turn < TURNS_MAX && quiet < QUIET_TURNS; turn += 1) {
        await clock.advance(STEP_MS);
        quiet = isBusy() ? 0 : quiet + 1;
      }
      const fresh = gateway.received.slice(seen);
      seen = gateway.received.length;
      return fresh.map(({ body }) => fieldsOf(body));
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

async function call(
  url: string,
  { method, body, headers }: { method: string; body: unknown; headers: Record<string, string> },
): Promise<Reply> {
  const type = typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json';
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { 'content-type': type, ...headers },
    body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  const location = response.headers.get('location') ?? '';
  return { status: response.status, body: fieldsOf(text), text, location, headers: response.headers };
}

function fieldsOf(text: string): Fields {
  const parsed: unknown = text.startsWith('{') ? JSON.parse(text) : {};
  return isFields(parsed) ? parsed : {};
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
