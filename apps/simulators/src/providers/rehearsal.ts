import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@opora/kernel';
import { createRouter } from '../http.ts';
import { SIMULATED_KEYS } from '../payment-keys.ts';
import { createWorld, type Simulator, type World } from '../world.ts';
import { type Fields, isFields } from './fields.ts';

/**
 * A whole simulated vendor for tests: a real server on a free port, a gateway that records what it
 * is sent, and a clock that moves only when a test says so.
 */
export interface Rehearsal {
  readonly world: World;
  readonly gateway: Gateway;
  /** Calls any path: API, control, pages. A string body is sent as a form, an object as JSON. */
  visit(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply>;
  advance(ms: number): Promise<void>;
  /** Moves time until one more notice was tried and its answer was noted; answers that notice. */
  notified(): Promise<Received>;
  /** Moves time until all that is due was tried; answers what came since this was last asked. */
  notices(): Promise<Received[]>;
  stop(): Promise<void>;
}

/** `body` is what a JSON answer says; `text` is the answer as it is. */
export type Reply = Readonly<{
  status: number;
  body: Fields;
  text: string;
  location: string;
  headers: Headers;
}>;

/** `url` is the path with its query. */
export type Received = Readonly<{
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}>;

export interface Gateway {
  /** What the gateway answers next: a status, or a status and a text; `usual` when it runs out. */
  readonly answers: (number | readonly [status: number, text: string])[];
  readonly received: Received[];
}

const STEP_MS = 25;
const TURNS_MAX = 2_000;
/** A vendor's own tick may send more: this many turns without anything due are the end. */
const QUIET_TURNS = 40;

export async function rehearse(options: {
  create: (world: World) => Simulator;
  folder?: string | undefined;
  at?: string | undefined;
  /** What a satisfied gateway says: T-Kassa wants `OK`, FreeKassa `YES`. */
  usual?: string;
}): Promise<Rehearsal> {
  const gateway: Gateway = { answers: [], received: [] };
  const receiver = createReceiver(gateway, options.usual ?? '');
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
  const simulator = options.create(world);
  const router = createRouter(world);
  simulator.register(router);
  const base = await listen(router.server);
  world.deliveries.start();
  await simulator.start?.();
  let seen = 0;
  const unseen = (): Received[] => {
    const fresh = gateway.received.slice(seen);
    seen = gateway.received.length;
    return fresh;
  };

  return {
    world,
    gateway,
    visit: (method, path, body, headers = {}) => call(`${base}${path}`, method, body, headers),
    advance: (ms) => clock.advance(ms),
    async notified() {
      const before = world.journal.list().filter(isDelivery).length;
      for (let turn = 0; turn < TURNS_MAX; turn += 1) {
        if (world.journal.list().filter(isDelivery).length > before) break;
        await clock.advance(STEP_MS);
      }
      const newest = gateway.received.at(-1);
      if (newest === undefined) throw new Error('no notice came');
      return newest;
    },
    notices: () => allDue(world, clock, unseen),
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

/** Our side of the webhook: records what comes and answers as it was told. */
function createReceiver(gateway: Gateway, usual: string): Server {
  return createServer((request, response) => {
    void read(request).then((body) => {
      const { method = '', url = '', headers } = request;
      gateway.received.push({ method, url, headers, body });
      const next = gateway.answers.shift() ?? ([200, usual] as const);
      const [status, text] = typeof next === 'number' ? [next, ''] : next;
      response.writeHead(status).end(text);
    });
  });
}

/** Moves time until nothing is due any more. */
async function allDue(
  world: World,
  clock: ReturnType<typeof createManualClock>,
  received: () => Received[],
): Promise<Received[]> {
  for (let turn = 0, quiet = 0; turn < TURNS_MAX && quiet < QUIET_TURNS; turn += 1) {
    await clock.advance(STEP_MS);
    const now = clock.now().getTime();
    const isDue = world.deliveries
      .list()
      .some(({ state, dueAt }) => state === 'waiting' && dueAt <= now);
    quiet = isDue ? 0 : quiet + 1;
  }
  return received();
}

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
  const parsed: unknown = /^[[{]/.test(text) ? JSON.parse(text) : {};
  const { status, headers: given } = response;
  const location = given.get('location') ?? '';
  return { status, body: isFields(parsed) ? parsed : {}, text, location, headers: given };
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
