import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { startWorld, type World } from '../testing/world.ts';
import { CONNECTIONS_MAX } from './in-flight.ts';

// A busy machine is slow; what is tested is not.
vi.setConfig({ testTimeout: 60_000 });

let world: World | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await world?.close();
});

async function setUp(trustedProxies: readonly string[]) {
  const opened = await startWorld({}, { limits: { instances: 1 }, trustedProxies });
  world = opened;
  /** True: it is answered on a connection of its own, which stays open. */
  const isHeard = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(opened.port, '127.0.0.1');
      sockets.push(socket);
      socket.once('data', () => {
        resolve(true);
      });
      socket.once('close', () => {
        resolve(false);
      });
      // Cut while it writes is cut all the same.
      socket.on('error', () => undefined);
      socket.write('GET /health/live HTTP/1.1\r\nhost: a\r\n\r\n');
    });
  return { isHeard, metrics: opened.metrics };
}

/** How many of so many new connections are heard. */
async function heard(count: number, isHeard: () => Promise<boolean>): Promise<number> {
  const answers = await Promise.all(Array.from({ length: count }, isHeard));
  return answers.filter(Boolean).length;
}

describe('open connections', () => {
  it('of one network are bounded, and one that ends makes room', async () => {
    const { isHeard, metrics } = await setUp([]);
    expect(await heard(CONNECTIONS_MAX + 20, isHeard)).toBe(CONNECTIONS_MAX);
    expect(metrics.text()).toContain('gateway_limited_total{limit="connections"} 20');
    sockets.splice(0, 30).forEach((socket) => socket.destroy());
    await vi.waitFor(
      async () => {
        if (!(await isHeard())) throw new Error('its end was not seen yet');
      },
      { timeout: 30_000 },
    );
  });

  it('of our own proxies are not: everybody comes through them', async () => {
    const { isHeard } = await setUp(['127.0.0.1/32', '::1/128']);
    expect(await heard(CONNECTIONS_MAX + 20, isHeard)).toBe(CONNECTIONS_MAX + 20);
  });
});
