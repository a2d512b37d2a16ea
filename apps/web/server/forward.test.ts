import http from 'node:http';
import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { createSiteServer } from './site-server.mjs';

const running: { close: () => Promise<void> | void }[] = [];
afterEach(async () => {
  for (const server of running.splice(0).reverse()) await server.close();
});

async function listen(server: http.Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address() as AddressInfo; // a TCP listener always has one
  return address.port;
}

/** A gateway that answers with `handler`, and the site in front of it. */
async function site(handler: http.RequestListener, password?: string) {
  const gateway = http.createServer(handler);
  const gatewayPort = await listen(gateway);
  const front = createSiteServer({
    gatewayUrl: `http://127.0.0.1:${String(gatewayPort)}`,
    password,
  });
  const port = await listen(front.server);
  const closeGateway = () => {
    gateway.closeAllConnections();
    gateway.close();
  };
  running.push({ close: closeGateway }, { close: () => front.stop() });
  return { port, front, closeGateway };
}

type Asked = { port: number; path: string; method?: string; headers?: http.OutgoingHttpHeaders };

function ask({ port, path, method = 'GET', headers = {} }: Asked, body?: string) {
  return new Promise<http.IncomingMessage>((resolve, reject) => {
    const request = http.request({ host: '127.0.0.1', port, path, method, headers, agent: false });
    request.on('response', resolve).on('error', reject).end(body);
  });
}

const echo: http.RequestListener = (request, response) => {
  void text(request).then((body) => {
    const { method, url, headers } = request;
    response.end(JSON.stringify({ method, url, headers, body }));
  });
};

describe('what reaches the gateway', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])(
    '%s with its path, query and body as they came',
    async (method) => {
      const { port } = await site(echo);
      // Node's own client frames no body of GET or DELETE unless it is told the length.
      const headers = { 'content-length': 5 };
      const answer = await ask({ port, path: '/api/v1/x%2Fy?a=1&a=2', method, headers }, 'sum=1');
      expect(JSON.parse(await text(answer))).toMatchObject({
        method,
        url: '/api/v1/x%2Fy?a=1&a=2',
        body: 'sum=1',
      });
    },
  );

  it("the client's address from the socket; what a client claims of itself is dropped", async () => {
    const { port } = await site(echo);
    const answer = await ask({
      port,
      path: '/auth/refresh',
      headers: {
        host: 'shop.example',
        forwarded: 'for=6.6.6.6',
        'x-forwarded-for': '6.6.6.6',
        'x-forwarded-proto': 'https',
        'x-real-ip': '6.6.6.6',
        'x-opora-inner': 'stolen',
        'x-request-id': 'mine',
        connection: 'keep-alive, x-hop',
        'x-hop': '1',
        cookie: 'a=1',
      },
    });
    const { headers } = JSON.parse(await text(answer)) as { headers: Record<string, string> }; // our echo above
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-host': 'shop.example',
      'x-forwarded-proto': 'http',
      cookie: 'a=1',
    });
    expect(headers['x-request-id']).toMatch(/^req_[0-9a-v]{26}$/);
    expect(JSON.stringify(headers)).not.toMatch(/6\.6\.6\.6|stolen|x-hop|mine/);
  });

  it('only its own paths: a name that merely begins alike is a page', async () => {
    const { port } = await site(echo);
    const statuses = await Promise.all(
      ['/api', '/api?x', '/auth/x', '/apis', '/authors', '/x/api/'].map(async (path) => {
        const answer = await ask({ port, path });
        answer.resume();
        return answer.statusCode;
      }),
    );
    expect(statuses).toEqual([200, 200, 200, 503, 503, 503]);
  });
});

describe('what comes back', () => {
  it('status, reason and every header of the gateway, several cookies as several', async () => {
    const { port } = await site((_request, response) => {
      response.writeHead(
        418,
        'Teapot',
        [
          ['set-cookie', 'a=1; HttpOnly'],
          ['set-cookie', 'b=2; Path=/auth'],
          ['cache-control', 'max-age=5'],
        ].flat(),
      );
      response.end();
    });
    const answer = await ask({ port, path: '/auth/login', method: 'POST' });
    expect([answer.statusCode, answer.statusMessage]).toEqual([418, 'Teapot']);
    expect(answer.headers['set-cookie']).toEqual(['a=1; HttpOnly', 'b=2; Path=/auth']);
    expect(answer.headers['cache-control']).toBe('max-age=5');
  });

  it('each piece of a stream as it is written, before the answer ends', async () => {
    let finish: () => void = () => undefined;
    const { port } = await site((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: one\n\n');
      finish = () => response.end('data: two\n\n');
    });
    const answer = await ask({ port, path: '/api/v1/events' });
    const first = await new Promise((resolve) => answer.once('data', resolve));
    expect(String(first)).toBe('data: one\n\n');
    finish();
    expect(await text(answer)).toBe('data: two\n\n');
  });

  it('a problem with a number to quote when the gateway is away', async () => {
    const { port, closeGateway } = await site(echo);
    closeGateway();
    const answer = await ask({ port, path: '/api/v1/product' });
    expect(answer.statusCode).toBe(503);
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(JSON.parse(await text(answer))).toMatchObject({
      code: 'web.gateway_unavailable',
      instance: `urn:opora:request:${String(answer.headers['x-request-id'])}`,
    });
  });

  it('a cut connection, never a whole-looking answer, when the gateway dies half way', async () => {
    const { port } = await site((_request, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half');
      response.socket?.destroySoon();
    });
    const answer = await ask({ port, path: '/api/v1/export' });
    await expect(text(answer)).rejects.toThrow();
  });

  it('nothing more: a client that leaves ends the work at the gateway', async () => {
    const { promise: left, resolve } = Promise.withResolvers<unknown>();
    const { port } = await site((_request, response) => {
      response.on('close', resolve);
      response.write('start');
    });
    const socket = net.connect(port, '127.0.0.1');
    socket.write('GET /api/v1/events HTTP/1.1\r\nhost: a\r\n\r\n');
    socket.once('data', () => socket.destroy());
    await left;
  });
});

describe('pages', () => {
  it('are announced as being prepared until they are open, and the probe says the same', async () => {
    const { port, front } = await site(echo);
    const before = await ask({ port, path: '/health/ready' });
    expect([before.statusCode, (await text(before)).trim()]).toEqual([503, 'preparing']);
    front.openPages((_request, response) => Promise.resolve(void response.end('page')));
    const after = await ask({ port, path: '/health/ready' });
    expect(after.statusCode).toBe(200);
    expect(await text(await ask({ port, path: '/' }))).toBe('page');
  });

  it('learn nonce, request id and address from us, and a nonce is never used twice', async () => {
    const { port, front } = await site(echo);
    front.openPages((request, response) =>
      Promise.resolve(void response.end(JSON.stringify(request.headers))),
    );
    const seen = new Set<unknown>();
    for (const path of ['/', '/nothing?lang=en']) {
      const answer = await ask({
        port,
        path,
        headers: {
          'content-security-policy': "script-src 'unsafe-inline'",
          'x-request-id': 'mine',
        },
      });
      const told = JSON.parse(await text(answer)) as http.IncomingHttpHeaders; // our page above
      expect(told['content-security-policy']).toBe(answer.headers['content-security-policy']);
      expect(told['x-request-id']).toBe(answer.headers['x-request-id']);
      expect(told['x-opora-target']).toBe(path);
      expect(answer.headers['strict-transport-security']).toBeUndefined();
      seen.add(answer.headers['content-security-policy']);
    }
    expect(seen.size).toBe(2);
  });

  it('ask for TLS to be kept only behind a proxy that speaks it', async () => {
    const { port } = await site(echo);
    const answer = await ask({ port, path: '/', headers: { 'x-forwarded-proto': 'https' } });
    answer.resume();
    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
  });

  it('that fail answer with the number of the request and no detail', async () => {
    const { port, front } = await site(echo);
    front.openPages(() => Promise.reject(new Error('secret detail')));
    const answer = await ask({ port, path: '/' });
    const body = await text(answer);
    expect(answer.statusCode).toBe(500);
    expect(body).toContain(String(answer.headers['x-request-id']));
    expect(body).not.toContain('secret');
  });
});

it('tells the pages the way a reader came, nearest hop last', async () => {
  const { port, front } = await site((_request, response) => response.end());
  const seen: unknown[] = [];
  front.openPages((request, response) => {
    seen.push(request.headers['x-forwarded-for']);
    response.end();
    return Promise.resolve();
  });
  (await ask({ port, path: '/' })).resume();
  (await ask({ port, path: '/', headers: { 'x-forwarded-for': '203.0.113.9' } })).resume();
  expect(seen).toEqual(['127.0.0.1', '203.0.113.9, 127.0.0.1']);
});

describe('a closed site', () => {
  const word = 'twelve signs at least';
  const basic = (said: string) => ({
    authorization: `Basic ${Buffer.from(said).toString('base64')}`,
  });

  it.each(['/', '/api/v1/product', '/auth/session', '/admin'])(
    '%s asks for the word, and lets nobody in without it',
    async (path) => {
      const { port } = await site(echo, word);
      for (const headers of [{}, basic('opora:other'), basic(`other:${word}`), basic(word)]) {
        const answer = await ask({ port, path, headers });
        expect(answer.statusCode).toBe(401);
        expect(answer.headers['www-authenticate']).toMatch(/^Basic realm=/);
        expect(await text(answer)).not.toContain(word);
      }
    },
  );

  it('opens by the word, which goes no further than its door', async () => {
    const { port, front } = await site(echo, word);
    front.openPages((_, response) => Promise.resolve(void response.end('a page')));
    const headers = basic(`opora:${word}`);
    expect(await text(await ask({ port, path: '/', headers }))).toBe('a page');
    const passed = await text(await ask({ port, path: '/api/v1/x', headers }));
    expect(JSON.parse(passed)).toMatchObject({ url: '/api/v1/x' });
    expect(passed).not.toContain('authorization');
  });

  it('still answers the probes of those who keep it alive', async () => {
    const { port } = await site(echo, word);
    expect((await ask({ port, path: '/health/live' })).statusCode).toBe(200);
    expect((await ask({ port, path: '/health/ready' })).statusCode).toBe(503);
  });
});
