import { connect } from 'node:net';
import { createManualClock } from '@opora/testkit';
import { describe, expect, it } from 'vitest';
import { PortInUse } from '../network/index.ts';
import { createInnerLink, Forbidden, WEBHOOK_BODY_MAX } from './index.ts';
import { inner, setUp, TOKEN } from './testing/app.ts';

describe('permissions', () => {
  it('a route without one stops the start', () => {
    const { app } = setUp();
    expect(() => app.get('/bare', () => 'hello')).toThrow('GET /bare declares no permission');
  });

  it('a word outside the table stops the start too', () => {
    const { app } = setUp();
    const config = { permission: 'everyone' as 'public' }; // a wrong word on purpose
    expect(() => app.get('/odd', { config }, () => 'hello')).toThrow('declares no permission');
  });

  it('a session route refuses when nobody judges sessions', async () => {
    const answer = await setUp().app.inject('/me');
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({ code: 'http.unauthenticated' });
  });

  it('a session route asks the judge it was given', async () => {
    const asked: string[] = [];
    const { app } = setUp({
      authorise: (request, permission) => {
        asked.push(permission);
        if (request.headers['cookie'] !== 'at=good') throw new Forbidden('no');
      },
    });
    expect((await app.inject('/me')).statusCode).toBe(403);
    expect((await app.inject({ url: '/me', headers: { cookie: 'at=good' } })).statusCode).toBe(200);
    expect(asked).toEqual(['session', 'session']);
  });

  it.each([
    ['nothing', {}, 401],
    ['a wrong bearer', { authorization: 'Bearer wrong' }, 401],
    ['an identity header', { 'x-user-id': 'per_1' }, 401],
    ['a token for it as bearer', { authorization: `Bearer ${TOKEN}` }, 200],
    ['the inner header of a sibling', inner, 200],
    [
      'the inner header our gateway put on for a stranger',
      { ...inner, 'x-forwarded-for': '203.0.113.9' },
      401,
    ],
  ])('a service route with %s answers by it', async (_name, headers, status) => {
    const answer = await setUp().app.inject({ url: '/sibling', headers });
    expect(answer.statusCode).toBe(status);
  });

  it('a service route stays closed when there are no keys', async () => {
    const clock = createManualClock();
    const link = createInnerLink({ role: 'test', keys: () => undefined, clock });
    const { app } = setUp({ link });
    const headers = { authorization: 'Bearer ', 'x-opora-inner': '' };
    expect((await app.inject({ url: '/sibling', headers })).statusCode).toBe(401);
  });
});

describe('the request id', () => {
  it('is ours for strangers and on every answer', async () => {
    const { app } = setUp();
    const answer = await app.inject({ url: '/echo', headers: { 'x-request-id': 'forged' } });
    expect(answer.json()).toMatchObject({ id: expect.stringMatching(/^req_[0-9a-z]{26}$/) });
    expect(answer.headers['x-request-id']).toBe(answer.json<{ id: string }>().id);
    for (const url of ['/nowhere', '/bug', '/%zz']) {
      expect((await app.inject(url)).headers['x-request-id']).toMatch(/^req_/);
    }
  });

  it('is passed on over the inner link when it is well-formed', async () => {
    const { app } = setUp();
    const told = async (id: string) =>
      (await app.inject({ url: '/echo', headers: { ...inner, 'x-request-id': id } })).json<{
        id: string;
      }>().id;
    expect(await told('req_from_gateway')).toBe('req_from_gateway');
    expect(await told('a b')).toMatch(/^req_[0-9a-z]{26}$/);
    expect(await told('x'.repeat(65))).toMatch(/^req_[0-9a-z]{26}$/);
  });
});

describe('the deadline', () => {
  it('is that of the route for strangers, whatever they claim', async () => {
    const { app } = setUp();
    const headers = { 'x-opora-deadline-ms': '10' };
    expect((await app.inject({ url: '/echo', headers })).json()).toMatchObject({
      remaining: 10_000,
    });
    expect((await app.inject({ method: 'POST', url: '/hook' })).json()).toMatchObject({
      remaining: 25_000,
    });
  });

  it('is what remains over the inner link, never more than the route has', async () => {
    const { app } = setUp();
    const left = async (ms: string) =>
      (
        await app.inject({ url: '/echo', headers: { ...inner, 'x-opora-deadline-ms': ms } })
      ).json<object>();
    expect(await left('900')).toMatchObject({ remaining: 900 });
    expect(await left('99999')).toMatchObject({ remaining: 10_000 });
    expect(await left('soon')).toMatchObject({ remaining: 10_000 });
  });

  it('refuses work that has under 50 ms', async () => {
    const { app } = setUp();
    const at = (ms: string) =>
      app.inject({ url: '/echo', headers: { ...inner, 'x-opora-deadline-ms': ms } });
    expect((await at('50')).statusCode).toBe(200);
    const late = await at('49');
    expect(late.statusCode).toBe(503);
    expect(late.json()).toMatchObject({ code: 'http.deadline_exceeded' });
  });
});

describe("the client's address", () => {
  const from = async (headers: Record<string, string>, remoteAddress = '127.0.0.1') =>
    (await setUp().app.inject({ url: '/echo', headers, remoteAddress })).json<{ address: string }>()
      .address;

  it('is the socket when a stranger sends X-Forwarded-For', async () => {
    expect(await from({ 'x-forwarded-for': '185.71.76.1' })).toBe('127.0.0.1');
  });

  it('is what the gateway says over the inner link', async () => {
    expect(await from({ ...inner, 'x-forwarded-for': '203.0.113.9' })).toBe('203.0.113.9');
  });

  it('is the socket when the inner call comes from a network that is not ours', async () => {
    expect(await from({ ...inner, 'x-forwarded-for': '185.71.76.1' }, '203.0.113.7')).toBe(
      '203.0.113.7',
    );
  });
});

describe('raw bodies', () => {
  it('are the bytes that came, of any type', async () => {
    const { app } = setUp();
    const payload = Buffer.from([0x7b, 0xff, 0x00, 0x7d]);
    for (const type of ['application/json', 'text/plain', 'application/x-www-form-urlencoded']) {
      const answer = await app.inject({
        method: 'POST',
        url: '/hook',
        payload,
        headers: { 'content-type': type },
      });
      expect(answer.json()).toMatchObject({ hex: '7bff007d' });
    }
    expect((await app.inject({ method: 'POST', url: '/hook' })).json()).toMatchObject({ hex: '' });
  });

  it('end at 256 kB', async () => {
    const { app } = setUp();
    const send = (size: number) =>
      app.inject({
        method: 'POST',
        url: '/hook',
        payload: Buffer.alloc(size),
        headers: { 'content-type': 'a/b' },
      });
    expect((await send(WEBHOOK_BODY_MAX)).statusCode).toBe(200);
    expect((await send(WEBHOOK_BODY_MAX + 1)).statusCode).toBe(413);
  });
});

describe('security headers', () => {
  it.each(['/echo', '/nowhere', '/bug', '/retired', '/%zz', '/health/live'])(
    'are on %s',
    async (url) => {
      const { headers } = await setUp().app.inject(url);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cache-control': 'no-store',
        'referrer-policy': 'strict-origin-when-cross-origin',
        'cross-origin-opener-policy': 'same-origin',
      });
      expect(headers['strict-transport-security']).toContain('max-age=63072000');
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    },
  );
});

describe('health', () => {
  it('is green while the instance can serve, and says what is degraded', async () => {
    const { app } = setUp({ readiness: () => ({ ready: true, degraded: ['database'] }) });
    expect((await app.inject('/health/live')).json()).toEqual({ status: 'live' });
    const ready = await app.inject('/health/ready');
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'degraded', degraded: ['database'] });
  });

  it('is red when the instance itself cannot', async () => {
    const { app } = setUp({ readiness: () => ({ ready: false }) });
    expect((await app.inject('/health/ready')).statusCode).toBe(503);
    expect((await app.inject('/health/live')).statusCode).toBe(200);
  });

  it('counts answers by route template', async () => {
    const { app } = setUp();
    await app.inject('/people/1');
    await app.inject('/people/2');
    const text = (await app.inject('/metrics')).body;
    expect(text).toContain(
      'http_requests_total{method="GET",route="/people/:id",status="200"} 2\n',
    );
  });
});

describe('closing', () => {
  it('turns readiness red at once, serves on through the delay, then ends', async () => {
    const { http, app, clock } = setUp({ drainDelayMs: 3_000 });
    await http.listen(0);
    const closed = http.close();
    const ready = await app.inject('/health/ready');
    expect([ready.statusCode, ready.json()]).toEqual([503, { status: 'draining' }]);
    const served = await app.inject('/echo');
    expect([served.statusCode, served.headers['connection']]).toEqual([200, 'close']);
    expect(app.server.listening).toBe(true);
    await clock.advance(3_000);
    await closed;
    expect(app.server.listening).toBe(false);
  });

  it('cuts what is still in flight after 15 s', async () => {
    const { http, app, clock } = setUp();
    app.get('/hang', { config: { permission: 'public' } }, () => new Promise(() => undefined));
    const port = await http.listen(0);
    const socket = connect(port, '127.0.0.1');
    const cut = new Promise((resolve) => socket.once('close', resolve));
    const arrived = new Promise((resolve) => app.server.once('request', resolve));
    socket.write('GET /hang HTTP/1.1\r\nhost: a\r\n\r\n');
    await arrived;
    const closed = http.close();
    await clock.advance(15_000);
    await Promise.all([closed, cut]);
    expect(app.server.listening).toBe(false);
  });

  it('names the port that somebody else has', async () => {
    const port = await setUp().http.listen(0);
    await expect(setUp().http.listen(port)).rejects.toThrow(PortInUse);
  });
});

describe('the parser', () => {
  it.each([
    [
      'CL and TE together',
      'POST /hook HTTP/1.1\r\nhost: a\r\ncontent-length: 4\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
      '400',
    ],
    ['a space before the colon', 'GET /echo HTTP/1.1\r\nhost : a\r\n\r\n', '400'],
    [
      'headers over 16 kB',
      `GET /echo HTTP/1.1\r\nhost: a\r\nx: ${'y'.repeat(17_000)}\r\n\r\n`,
      '431',
    ],
  ])('refuses %s as a problem', async (_name, request, status) => {
    const port = await setUp().http.listen(0);
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(request));
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    expect(answer).toContain('application/problem+json');
    expect(answer).toContain('x-request-id: req_');
  });
});
