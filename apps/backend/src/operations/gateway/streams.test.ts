import { once } from 'node:events';
import {
  request as startRequest,
  type ClientRequest,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
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

function answerTo(asking: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => asking.once('response', resolve));
}

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
    const answer = await answerTo(asking);
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
    const answer = await answerTo(asking);
    let size = 0;
    for await (const chunk of answer) {
      size += (chunk as Buffer).length; // no encoding was set
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
