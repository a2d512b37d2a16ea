import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { listenOn } from '../../platform/network/index.ts';
import { AuthBook } from './testing/auth-book.ts';
import { rounds, startWorld, type World } from './testing/world.ts';

const OWN = '/api/v1/me/subscriptions';
const SITE = 'https://example.com';
const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const HIDDEN = 'GET /api/hidden HTTP/1.1\r\nhost: a\r\n\r\n';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const one of open.splice(0).toReversed()) await one.close();
});

const acceptOf = ({ headers }: IncomingMessage): string =>
  createHash('sha1')
    .update(`${headers['sec-websocket-key'] ?? ''}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest('base64');

/** An instance that takes WebSockets and remembers every byte that reached it. */
async function startSocketServer() {
  const sockets: Duplex[] = [];
  const seen: { requests: IncomingMessage[]; bytes: string } = { requests: [], bytes: '' };
  let answer = (request: IncomingMessage): string =>
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nserver: inner\r\nsec-websocket-accept: ${acceptOf(request)}\r\n\r\n`;
  const server = createServer((request, response) => {
    if (request.url !== '/health/ready') seen.requests.push(request);
    response.end('{}');
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    sockets.push(socket);
    seen.requests.push(request);
    seen.bytes += head.toString();
    socket.on('data', (chunk: Buffer) => {
      seen.bytes += chunk.toString();
      socket.write(`heard ${chunk.toString()}`);
    });
    socket.on('error', () => undefined);
    socket.write(answer(request));
  });
  const origin = `http://127.0.0.1:${String(await listenOn(server, 0))}`;
  open.push({
    close() {
      for (const socket of sockets) socket.destroy();
      server.closeAllConnections();
      server.close();
    },
  });
  return { origin, seen, answerWith: (other: typeof answer) => (answer = other) };
}

async function setUp() {
  const book = new AuthBook();
  const world = await startWorld({ auth: 2 }, { ...book.options, webOrigin: SITE });
  const instance = await startSocketServer();
  open.push(world);
  for (const each of world.auth) book.serve(each, world.clock);
  const origins = (list: readonly { origin: string }[]) => list.map(({ origin }) => origin);
  const others = { bot: origins(world.bot), monitor: origins(world.monitor) };
  world.gateway.take({ origins: { ...others, auth: origins(world.auth), api: [instance.origin] } });
  await rounds(world, 4);
  await vi.waitFor(() => {
    expect(world.gateway.report().upstreams['api']?.[0]?.state).toBe('up');
  });
  return { world, book, instance, ...book.signIn(world.clock) };
}

type Wish = {
  path?: string;
  cookie?: string | undefined;
  origin?: string;
  version?: string;
  after?: string;
};

function call(world: World, wish: Wish): { socket: Socket; text: () => string } {
  const { path = OWN, cookie, origin, version = '13', after = '' } = wish;
  const lines = [
    ...[`GET ${path} HTTP/1.1`, 'host: a', 'connection: Upgrade', 'upgrade: websocket'],
    ...[`sec-websocket-key: ${KEY}`, `sec-websocket-version: ${version}`],
    ...(cookie === undefined ? [] : [`cookie: ${cookie}`]),
    ...(origin === undefined ? [] : [`origin: ${origin}`]),
  ];
  let text = '';
  const socket = connect(world.port, '127.0.0.1', () =>
    socket.write(`${lines.join('\r\n')}\r\n\r\n${after}`),
  );
  socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
  socket.on('error', () => undefined);
  open.push({ close: () => void socket.destroy() });
  return { socket, text: () => text };
}

/** Everything that came until the connection ended. */
async function refused(world: World, wish: Wish): Promise<string> {
  const { socket, text } = call(world, wish);
  await once(socket, 'close');
  return text();
}

describe('a WebSocket', () => {
  it('passes both ways, with what is ours and without what is the hop’s', async () => {
    const { world, instance, cookie } = await setUp();
    const { socket, text } = call(world, { cookie, origin: SITE, after: 'early' });
    await vi.waitFor(() => {
      expect(text()).toContain('heard early');
    });
    expect(text()).toMatch(/^HTTP\/1\.1 101 /);
    expect(text()).toContain('x-request-id: req_');
    expect(text()).not.toContain('server: inner');
    socket.write('late');
    await vi.waitFor(() => {
      expect(text()).toContain('heard late');
    });
    const [request] = instance.seen.requests;
    expect(request?.headers).toMatchObject({
      upgrade: 'websocket',
      'x-forwarded-for': '127.0.0.1',
    });
    expect(request?.headers['x-opora-inner']).toBeDefined();
  });

  it.each<[string, string, Wish]>([
    ['401', 'no session', {}],
    ['401', 'a forged session', { cookie: 'at-test=a.b.c' }],
    ['403', 'a page of a stranger', { origin: 'https://evil.example' }],
    ['404', 'an address without a session', { path: '/api/v1/nothing' }],
    ['404', 'a webhook', { path: '/webhooks/payments/yookassa' }],
    ['400', 'a doubtful path', { path: '/api/../internal' }],
  ])('is refused with %s: %s', async (status, _name, wish) => {
    const { world, instance, cookie } = await setUp();
    const text = await refused(world, { cookie: wish.origin && cookie, ...wish, after: HIDDEN });
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(text).toContain('application/problem+json');
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(instance.seen).toEqual({ requests: [], bytes: '' });
  });

  it('is refused when the instance does not switch, and nothing hidden behind it arrives', async () => {
    const { world, instance, cookie } = await setUp();
    for (const answer of [
      'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}',
      'HTTP/1.1 426 Upgrade Required\r\ncontent-length: 0\r\n\r\n',
      'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: Upgrade\r\nsec-websocket-accept: wrong\r\n\r\n',
    ]) {
      instance.answerWith(() => answer);
      const text = await refused(world, { cookie, after: HIDDEN });
      expect(text).toMatch(/^HTTP\/1\.1 (?:404|502) /);
      expect(text).not.toContain('101 Switching');
    }
    expect(instance.seen.bytes).toBe('');
    expect(instance.seen.requests.map(({ url }) => url)).toEqual([OWN, OWN, OWN]);
  });

  it('of an unknown version is an ordinary request, and so is what follows it', async () => {
    const { world, instance, cookie } = await setUp();
    const { socket, text } = call(world, { cookie, version: '12' });
    await vi.waitFor(() => {
      expect(text()).toContain('{}');
    });
    const ended = once(socket, 'close');
    socket.write('GET /internal/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n');
    await ended;
    expect(text().match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404']);
    expect(instance.seen.requests.map(({ url }) => url)).toEqual([OWN]);
    expect(instance.seen.requests[0]?.headers).not.toHaveProperty('upgrade');
  });

  it('ends with its session', async () => {
    const { world, book, cookie, sessionId } = await setUp();
    const { socket, text } = call(world, { cookie });
    await vi.waitFor(() => {
      expect(text()).toContain('101');
    });
    const ended = once(socket, 'close');
    book.end(world.clock, sessionId);
    await rounds(world, 4);
    await world.clock.advance(5_000);
    await ended;
  });

  it('is not opened while auth is away', async () => {
    const { world, cookie } = await setUp();
    expect((await world.ask(OWN, { headers: { cookie } })).status).toBe(200);
    await Promise.all(world.auth.map((instance) => instance.kill()));
    await rounds(world, 8);
    expect(world.gateway.authorization()?.auth).toBe('away');
    expect(await refused(world, { cookie })).toMatch(/^HTTP\/1\.1 503 /);
  });

  it('is told when the gateway leaves', async () => {
    const { world, cookie } = await setUp();
    const { socket, text } = call(world, { cookie });
    await vi.waitFor(() => {
      expect(text()).toContain('101');
    });
    const ended = once(socket, 'end');
    const closed = world.gateway.close();
    await ended;
    expect(text().endsWith('\x88\x02\x03\xe9')).toBe(true);
    socket.end();
    await closed;
  });
});
