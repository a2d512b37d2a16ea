import { once } from 'node:events';
import { request as startRequest, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startWorld, TOKEN, type World } from './testing/world.ts';

const worlds: World[] = [];
afterEach(async () => {
  await Promise.all(worlds.splice(0).map((world) => world.close()));
});
async function setUp(...parts: Parameters<typeof startWorld>): Promise<World> {
  const world = await startWorld(...parts);
  worlds.push(world);
  return world;
}
const first = <T>(list: readonly T[]): T => {
  const [head] = list;
  if (head === undefined) throw new Error('nothing there');
  return head;
};

describe('the way through', () => {
  it.each([
    ['/webhooks/payments/yookassa', 'api'],
    ['/webhooks/remnawave', 'api'],
    ['/api/v1/product?language=ru', 'api'],
    ['/auth/refresh', 'api'],
    ['/.well-known/jwks.json', 'api'],
    ['/webhooks/telegram/main', 'bot'],
  ] as const)('of %s ends at %s', async (path, upstream) => {
    const world = await setUp();
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

  it('adds the request id, the remaining time, the inner token and the address', async () => {
    const world = await setUp();
    const answer = await world.ask('/api/v1/x');
    const { headers } = first(first(world.api).seen);
    expect(headers['x-request-id']).toMatch(/^req_[0-9a-z]{26}$/);
    expect(answer.headers['x-request-id']).toBe(headers['x-request-id']);
    expect(headers).toMatchObject({
      'x-opora-deadline-ms': '10000',
      'x-opora-inner': TOKEN,
      'x-forwarded-for': '127.0.0.1',
    });
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
    ['/webhooks/payments/yookassa', 256, 200],
    ['/webhooks/payments/yookassa', 257, 413],
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
    ['/webhooks/payments/yookassa', 300],
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

describe('instances', () => {
  it('share the work; the busier one is spared', async () => {
    const world = await setUp({ api: 2 });
    for (let at = 0; at < 40; at += 1) await world.ask('/api/v1/x');
    for (const instance of world.api) expect(instance.seen.length).toBeGreaterThan(5);
    const [busy, idle] = world.api;
    if (busy === undefined || idle === undefined) throw new Error('two expected');
    const { answer } = busy;
    const held = Promise.withResolvers<ServerResponse>();
    busy.answer = (_request, response) => {
      held.resolve(response);
    };
    let hanging: Promise<unknown> = Promise.resolve();
    const isHeld = held.promise.then(() => true);
    do hanging = world.ask('/api/v1/x');
    while (!(await Promise.race([isHeld, hanging.then(() => false)])));
    busy.answer = answer;
    const taken = busy.seen.length;
    for (let at = 0; at < 10; at += 1) await world.ask('/api/v1/x');
    expect(busy.seen.length).toBe(taken);
    (await held.promise).end();
    await hanging;
  });

  it('that are killed are invisible to the client, POSTs included when nothing was sent', async () => {
    const world = await setUp({ api: 2 });
    await first(world.api).kill();
    for (let at = 0; at < 20; at += 1) {
      expect(
        (await world.ask('/webhooks/payments/yookassa', { method: 'POST', body: '{}' })).status,
      ).toBe(200);
    }
    expect(world.api[1]?.seen).toHaveLength(20);
    expect(world.metrics.text()).toMatch(/gateway_retries_total\{upstream="api"\} [1-9]/);
    await first(world.api).revive();
  });

  it('that die with a GET in hand are replaced; a POST is not sent twice', async () => {
    const world = await setUp({ api: 2 });
    let broken = 0;
    for (const instance of world.api) {
      const { answer } = instance;
      instance.answer = (request, response, body) => {
        broken += 1;
        if (broken === 1) request.socket.destroy();
        else answer(request, response, body);
      };
    }
    expect((await world.ask('/api/v1/x')).status).toBe(200);
    broken = 0;
    const answer = await world.ask('/api/v1/x', { method: 'POST', body: '{}' });
    expect([answer.status, answer.json()['code']]).toEqual([502, 'gateway.upstream_failed']);
    expect(broken).toBe(1);
  });

  it('that are all away are a 503 that asks to come back', async () => {
    const world = await setUp();
    await first(world.api).kill();
    const answer = await world.ask('/webhooks/payments/yookassa', { method: 'POST', body: '{}' });
    expect([answer.status, answer.json()['code']]).toEqual([503, 'gateway.no_instance']);
    expect(answer.headers['retry-after']).toBe('2');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    await first(world.api).revive();
  });

  it('leave after two failed checks and return after two good ones', async () => {
    const world = await setUp();
    const instance = first(world.api);
    const state = () => world.gateway.report().upstreams['api']?.[0]?.state;
    const nextCheck = async () => {
      await vi.waitFor(() => {
        if (world.clock.sleepers < 2) throw new Error('a check is still running');
      });
      await world.clock.advance(1_000);
      await vi.waitFor(() => {
        if (world.clock.sleepers < 2) throw new Error('a check is still running');
      });
    };
    instance.ready = false;
    await nextCheck();
    expect(state()).toBe('up');
    await nextCheck();
    expect(state()).toBe('down');
    expect((await world.ask('/api/v1/x')).status).toBe(503);
    instance.ready = true;
    await nextCheck();
    expect(state()).toBe('down');
    await nextCheck();
    expect(state()).toBe('up');
    expect((await world.ask('/api/v1/x')).status).toBe(200);
  });

  it('with a green check and failing requests are ejected, and return by live traffic', async () => {
    const world = await setUp({ api: 2 });
    const [sick, well] = world.api;
    if (sick === undefined || well === undefined) throw new Error('two expected');
    const { answer } = sick;
    sick.answer = (_request, response) => response.writeHead(503).end();
    const report = () => world.gateway.report().upstreams['api']?.[0];
    while (report()?.state === 'up') await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'ejected', breaker: 'open', ejections: 1 });
    const failed = sick.seen.length;
    for (let at = 0; at < 10; at += 1) expect((await world.ask('/api/v1/x')).status).toBe(200);
    expect([failed, sick.seen.length]).toEqual([3, 3]);
    sick.answer = answer;
    await world.clock.advance(6_000);
    for (let at = 0; at < 6; at += 1) await world.ask('/api/v1/x');
    expect(report()).toMatchObject({ state: 'up', breaker: 'closed' });
  });

  it('that are all ejected are all used: the judge may be the one who is wrong', async () => {
    const world = await setUp();
    const instance = first(world.api);
    const { answer } = instance;
    instance.answer = (_request, response) => response.writeHead(503).end();
    for (let at = 0; at < 5; at += 1) await world.ask('/api/v1/x');
    expect(world.gateway.report().upstreams['api']?.[0]?.state).toBe('ejected');
    instance.answer = answer;
    expect((await world.ask('/api/v1/x')).status).toBe(200);
  });
});

describe('streams', () => {
  it('pass event by event, without waiting for the end', async () => {
    const world = await setUp();
    let stream: ServerResponse | undefined;
    first(world.api).answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
      stream = response;
    };
    const asking = startRequest({ port: world.port, path: '/api/v1/events' });
    asking.end();
    const [answer] = (await once(asking, 'response')) as [
      NodeJS.ReadableStream & { statusCode: number },
    ]; // what node:http emits
    expect(answer.statusCode).toBe(200);
    for (const text of ['data: 1\n\n', 'data: 2\n\n']) {
      stream?.write(text);
      const [chunk] = (await once(answer, 'data')) as [Buffer]; // no encoding was set
      expect(chunk.toString()).toBe(text);
    }
    stream?.end();
    await once(answer, 'end');
  });

  it('end at the instance when the client leaves', async () => {
    const world = await setUp();
    const left = new Promise((resolve) => {
      first(world.api).answer = (request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: 1\n\n');
        request.socket.once('close', resolve);
      };
    });
    const socket = connect(world.port, '127.0.0.1');
    socket.write('GET /api/v1/events HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'data');
    socket.destroy();
    await left;
    await vi.waitFor(() => {
      expect(world.gateway.report().upstreams['api']?.[0]).toMatchObject({
        inFlight: 0,
        breaker: 'closed',
      });
    });
  });

  it('of large answers arrive whole through a slow reader', async () => {
    const world = await setUp();
    const body = 'x'.repeat(5_000_000);
    first(world.api).answer = (_request, response) => response.end(body);
    const asking = startRequest({ port: world.port, path: '/api/v1/export' });
    asking.end();
    const [answer] = (await once(asking, 'response')) as [NodeJS.ReadableStream]; // what node:http emits
    let size = 0;
    for await (const chunk of answer) {
      size += chunk.length;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(size).toBe(body.length);
  });
});

describe('leaving', () => {
  it('finishes what is in flight and closes its connections', async () => {
    const world = await setUp();
    let held: ServerResponse | undefined;
    first(world.api).answer = (_request, response) => (held = response);
    const asked = world.ask('/api/v1/slow');
    await vi.waitFor(() => {
      expect(held).toBeDefined();
    });
    const closed = world.gateway.close();
    expect(world.gateway.ready()).toBe(false);
    held?.end('done');
    const answer = await asked;
    expect([answer.status, answer.text, answer.headers['connection']]).toEqual([
      200,
      'done',
      'close',
    ]);
    await closed;
    expect(await world.raw('GET /health HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('');
  });

  it('shows red before it goes', async () => {
    const world = await setUp({}, { drainDelayMs: 3_000 });
    expect((await world.ask('/health/ready')).status).toBe(200);
    const closed = world.gateway.close();
    const answer = await world.ask('/health/ready');
    expect([answer.status, answer.json()]).toEqual([503, { status: 'draining' }]);
    expect((await world.ask('/api/v1/x')).status).toBe(200);
    await world.clock.advance(3_000);
    await closed;
  });
});
