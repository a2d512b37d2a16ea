import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { createRouter } from '../../http.ts';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { createManualClock, type ManualClock } from '../../panel/testing/manual-clock.ts';
import { createWorld, type World } from '../../world.ts';
import { createMail } from '../index.ts';

const STEP_MS = 25;
const STEPS_MAX = 400;

export type Report = Readonly<{
  headers: IncomingHttpHeaders;
  body: string;
  events: Record<string, unknown>[];
}>;

export interface MailWorld {
  readonly clock: ManualClock;
  readonly world: World;
  readonly publicKey: KeyObject;
  /** Hands a mail over by hand; answers the server's replies, the last one empty when it was cut. */
  hand(to: string, lines: readonly string[]): Promise<string[]>;
  call(method: string, path: string, body?: object): Promise<{ status: number; body: Body }>;
  page(path: string, form?: Record<string, string>): Promise<{ headers: Headers; text: string }>;
  /** Lets time pass until so many reports have come. */
  reports(count: number): Promise<Report[]>;
  stop(): Promise<void>;
}

// Tests read answers freely; what they expect is what they compare.
type Body = { messages: Record<string, unknown>[]; error?: string; fates?: object[] };

export async function openMailWorld(): Promise<MailWorld> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const clock = createManualClock('2026-11-20T12:00:00.000Z');
  const received: Report[] = [];
  const receiver = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      received.push({ headers: incoming.headers, body, events: JSON.parse(body) });
      response.writeHead(200).end();
    });
  });
  const smtpPort = await freePort();
  const world = createWorld({
    clock,
    seed: 3,
    log: () => undefined,
    config: {
      port: 0,
      folder: undefined,
      gatewayUrl: `http://127.0.0.1:${String(await listen(receiver))}`,
      telegram: { token: '' },
      payments: SIMULATED_KEYS,
      remnawave: { token: '', webhookSecret: '' },
      mail: {
        port: smtpPort,
        sendgridKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
      },
    },
  });
  const router = createRouter(world);
  const mail = createMail(world);
  mail.register(router);
  const base = `http://127.0.0.1:${String(await listen(router.server))}`;
  world.deliveries.start();
  await mail.start?.();

  return {
    clock,
    world,
    publicKey,
    hand: (to, lines) => converse(smtpPort, to, lines),
    async call(method, path, body) {
      const response = await fetch(base + path, {
        method,
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Body }; // a union of all answers
    },
    async page(path, form) {
      const response = await fetch(base + path, {
        ...(form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) }),
      });
      return { headers: response.headers, text: await response.text() };
    },
    async reports(count) {
      for (let step = 0; step < STEPS_MAX && received.length < count; step += 1) {
        await clock.advance(STEP_MS);
      }
      return received;
    },
    async stop() {
      await mail.stop?.();
      await world.deliveries.stop();
      for (const server of [router.server, receiver]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      world.store.close();
    },
  };
}

/** A sender that says each line when the last one was answered. */
async function converse(port: number, to: string, lines: readonly string[]): Promise<string[]> {
  const socket = connect(port, '127.0.0.1');
  const replies: string[] = [];
  const say = [
    'EHLO test',
    'MAIL FROM:<hello@shop.example>',
    `RCPT TO:<${to}>`,
    'DATA',
    [...lines, '.'].join('\r\n'),
    'QUIT',
  ];
  socket.on('error', () => undefined);
  let waiting = '';
  socket.on('data', (chunk) => {
    waiting += chunk.toString('utf8');
    const ended = /^(\d{3}) (.*)\r\n$/m.exec(waiting);
    if (ended === null) return;
    waiting = '';
    replies.push(ended[0].trim());
    const isRefused = Number(ended[1]) >= 400;
    socket.write(`${isRefused ? 'QUIT' : (say.shift() ?? 'QUIT')}\r\n`);
  });
  await once(socket, 'close');
  return replies;
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port; // listening on TCP, so not a pipe's name
}

/** The port is a setting of the world, as in a platform. */
async function freePort(): Promise<number> {
  const probe = createServer();
  const port = await listen(probe);
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
