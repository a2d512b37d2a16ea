import { request } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { linkOf } from '../../platform/http/testing/link.ts';
import { first, startWorld, type World } from './testing/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function setUp(...parts: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...parts);
  worlds.push(world);
  return world;
}

async function fetchBytes(port: number, path: string): Promise<Buffer> {
  const answer = await request(`http://127.0.0.1:${String(port)}${path}`);
  return Buffer.from(await answer.body.arrayBuffer());
}

describe('the way through', () => {
  it.each([
    ['/webhooks/payments/yookassa', 'api'],
    ['/webhooks/payments/freekassa?MERCHANT_ID=7012&P_EMAIL=a%40b.c&us_x=a?b', 'api'],
    ['/webhooks/remnawave', 'api'],
    ['/webhooks/mail/sendgrid', 'api'],
    ['/api/v1/product?language=ru', 'api'],
    ['/auth/refresh', 'auth'],
    ['/.well-known/jwks.json', 'auth'],
    ['/webhooks/telegram/main', 'bot'],
    ['/api/v1/status', 'monitor'],
  ] as const)('of %s ends at %s', async (path, upstream) => {
    const world = await setUp({ monitor: 1 });
    expect((await world.ask(path)).status).toBe(200);
    expect(world[upstream].flatMap(({ seen }) => seen.map(({ url }) => url))).toEqual([path]);
  });

  it.each([
    '/',
    '/metrics',
    '/api',
    '/apix/',
    '/webhooks/',
    '/webhooks/remnawave/x',
    '/webhooks/mail/',
    '/webhooks/mail/other',
    '/health/x',
    '/internal/v1',
  ])('of %s does not exist', async (path) => {
    const world = await setUp();
    const answer = await world.ask(path);
    expect([answer.status, answer.json()['code']]).toEqual([404, 'http.not_found']);
    expect(first(world.api).seen).toEqual([]);
  });

  it('passes body, method, status, headers and cookies as they are', async () => {
    const world = await setUp();
    first(world.api).answer = (_request, response) => {
      response.writeHead(201, {
        'set-cookie': ['a=1', 'b=2'],
        'x-plan': 'm1',
        'content-type': 'text/plain',
      });
      response.end('made');
    };
    const body = Buffer.from([0, 255, 10, 13]);
    const answer = await world.ask('/api/v1/orders', {
      method: 'POST',
      body,
      headers: { 'content-type': 'a/b', accept: 'x/y' },
    });
    expect([answer.status, answer.text, answer.headers['x-plan']]).toEqual([201, 'made', 'm1']);
    expect(answer.headers['set-cookie']).toEqual(['a=1', 'b=2']);
    const seen = first(first(world.api).seen);
    expect(Buffer.from(seen.body, 'latin1')).toEqual(body);
    expect(seen.headers).toMatchObject({
      'content-type': 'a/b',
      accept: 'x/y',
      'content-length': '4',
    });
  });

  it.each([0, 1, 256, 16_384, 16_385, 100_000])(
    'keeps every byte of an answer of %i',
    async (size) => {
      const world = await setUp();
      const sent = Buffer.from(Array.from({ length: size }, (_, at) => (at * 7) % 256));
      first(world.api).answer = (_request, response) => {
        response.setHeader('content-length', size).end(sent);
      };
      const answer = await fetchBytes(world.port, '/api/v1/file');
      expect(answer.equals(sent)).toBe(true);
      expect((await world.ask('/api/v1/file', { method: 'HEAD' })).headers['content-length']).toBe(
        String(size),
      );
    },
  );

  it('adds the request id, the remaining time, the inner token and the address', async () => {
    const world = await setUp();
    const answer = await world.ask('/api/v1/x');
    const { headers } = first(first(world.api).seen);
    expect(headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.headers['x-request-id']).toBe(headers['x-request-id']);
    expect(headers).toMatchObject({
      'x-opora-deadline-ms': '10000',
      'x-forwarded-for': '127.0.0.1',
    });
    // A token for the role it goes to, and for no other (D10).
    expect(linkOf('api', world.clock).proves(headers)).toBe(true);
    expect(linkOf('auth', world.clock).proves(headers)).toBe(false);
    await world.ask('/webhooks/telegram/main', { method: 'POST', body: '{}' });
    expect(first(first(world.bot).seen).headers['x-opora-deadline-ms']).toBe('25000');
  });

  it('dresses every answer in security headers and says nothing about what is behind', async () => {
    const world = await setUp();
    first(world.api).answer = (_request, response) => {
      response.writeHead(200, {
        server: 'fastify',
        'x-powered-by': 'node',
        'cache-control': 'max-age=60',
      });
      response.end('{}');
    };
    for (const path of ['/api/v1/x', '/nowhere', '/health']) {
      const { headers } = await world.ask(path);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
      });
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers['x-request-id']).toMatch(/^req_/);
    }
    expect((await world.ask('/api/v1/x')).headers['cache-control']).toBe('max-age=60');
  });
});

describe('headers of strangers', () => {
  const forged = {
    'x-forwarded-host': 'evil',
    'x-forwarded-proto': 'https',
    forwarded: 'for=1.2.3.4',
    'x-real-ip': '1.2.3.4',
    'x-user-id': 'per_1',
    'x-auth-role': 'admin',
    'x-internal-call': '1',
    'x-opora-inner': 'guess',
    'x-opora-deadline-ms': '1',
    'x-request-id': 'mine',
    traceparent: '00-1-1-01',
    baggage: 'a=1',
    'x-http-method-override': 'DELETE',
    te: 'trailers',
  };

  it('never reach an instance', async () => {
    const world = await setUp();
    await world.ask('/api/v1/x', { headers: { ...forged, 'x-forwarded-for': '185.71.76.1' } });
    const { headers } = first(first(world.api).seen);
    for (const name of ['x-opora-inner', 'x-opora-deadline-ms', 'x-request-id'] as const) {
      expect(headers[name]).not.toBe(forged[name]);
    }
    expect(headers['x-forwarded-for']).toBe('127.0.0.1');
    const names = Object.keys(headers).toSorted();
    expect(names).toEqual([
      'connection',
      'host',
      'x-forwarded-for',
      'x-opora-deadline-ms',
      'x-opora-inner',
      'x-request-id',
    ]);
  });

  it('named by Connection stay on their connection', async () => {
    const world = await setUp();
    await world.raw(
      'GET /api/v1/x HTTP/1.1\r\nhost: a\r\nconnection: close, x-secret\r\nx-secret: 1\r\n\r\n',
    );
    expect(first(first(world.api).seen).headers).not.toHaveProperty('x-secret');
  });

  it('are believed about the address when they come from a proxy of ours', async () => {
    const world = await setUp({}, { trustedProxies: ['127.0.0.1/32'] });
    await world.ask('/api/v1/x', { headers: { 'x-forwarded-for': '185.71.76.1, 203.0.113.9' } });
    expect(first(first(world.api).seen).headers['x-forwarded-for']).toBe('203.0.113.9');
  });
});

describe('limits', () => {
  const kilobytes = (count: number): Buffer => Buffer.alloc(count * 1024, 97);

  it.each([
    ['/webhooks/remnawave', 256, 200],
    ['/webhooks/remnawave', 257, 413],
    ['/webhooks/mail/sendgrid', 1024, 200],
    ['/webhooks/mail/sendgrid', 1025, 413],
    ['/webhooks/payments/yookassa', 1024, 200],
    ['/webhooks/payments/yookassa', 1025, 413],
    ['/api/v1/x', 1024, 200],
    ['/api/v1/x', 1025, 413],
  ])('%s takes %i kB: %i', async (path, size, status) => {
    const world = await setUp();
    const answer = await world.ask(path, { method: 'POST', body: kilobytes(size) });
    expect(answer.status).toBe(status);
    const sizes = first(world.api).seen.map(({ body }) => body.length);
    expect(sizes).toEqual(status === 200 ? [size * 1024] : []);
  });

  it.each([
    ['/webhooks/remnawave', 300],
    ['/api/v1/x', 1100],
  ])('%s counts chunks: %i kB is too much', async (path, size) => {
    const world = await setUp();
    const chunk = `${(1024).toString(16)}\r\n${'a'.repeat(1024)}\r\n`;
    const head = `POST ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`;
    const text = await world.raw(`${head}${chunk.repeat(size)}0\r\n\r\n`);
    expect(text).toContain('HTTP/1.1 413 ');
    expect(first(world.api).seen).toEqual([]);
  });

  it('passes a chunked body that is small enough', async () => {
    const world = await setUp();
    const head =
      'POST /api/v1/x HTTP/1.1\r\nhost: a\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n';
    expect(await world.raw(`${head}4\r\nabcd\r\n0\r\n\r\n`)).toContain('HTTP/1.1 200 ');
    expect(first(first(world.api).seen).body).toBe('abcd');
  });

  it('an address of 8 kB, a hundred headers and the listed methods', async () => {
    const world = await setUp();
    const ask = (path: string, headers: string) =>
      world.raw(`${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n${headers}\r\n`);
    expect(await ask(`GET /api/${'x'.repeat(8_188)}`, '')).toContain('HTTP/1.1 414 ');
    expect(await ask('GET /api/x', 'a: b\r\n'.repeat(99))).toContain('HTTP/1.1 431 ');
    expect(await ask('GET /api/x', 'a: b\r\n'.repeat(98))).toContain('HTTP/1.1 200 ');
    for (const method of ['TRACE', 'PROPFIND', 'LINK']) {
      const text = await ask(`${method} /api/x`, '');
      expect(text).toContain('HTTP/1.1 405 ');
      expect(text).toContain('allow: GET, HEAD, POST');
    }
  });
});
