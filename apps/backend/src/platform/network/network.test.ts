import { Agent, createServer as createHttpServer, get } from 'node:http';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import {
  clientAddress,
  createNetworks,
  listenOn,
  mayComeFrom,
  NetworkInvalid,
  PortInUse,
  stopAccepting,
} from './index.ts';

describe('a list of networks', () => {
  const networks = createNetworks(['185.71.76.0/27', '77.75.156.11', '2a02:5180::/32']);

  it.each(['185.71.76.0', '185.71.76.31', '77.75.156.11', '2a02:5180::1', '::ffff:185.71.76.5'])(
    'includes %s',
    (address) => {
      expect(networks.includes(address)).toBe(true);
    },
  );

  it.each(['185.71.76.32', '77.75.156.12', '2a03::1', '', 'localhost', '185.71.76', '0xb9474c00'])(
    'does not include %j',
    (address) => {
      expect(networks.includes(address)).toBe(false);
    },
  );

  it.each(['', '300.1.1.1', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/', 'a/8'])(
    'refuses %j as a network',
    (network) => {
      expect(() => createNetworks([network])).toThrow(NetworkInvalid);
    },
  );
});

it.each([
  [[], '203.0.113.9', true],
  [['203.0.113.0/24', '2001:db8::/32'], '203.0.113.9', true],
  [['203.0.113.0/24', '2001:db8::/32'], '198.51.100.1', false],
  [['203.0.113.0/24'], 'unknown', false],
])('whoever is bound to %j comes from %s: %s', (list, address, may) => {
  expect(mayComeFrom(list, address)).toBe(may);
});

describe("the client's address", () => {
  const trusted = createNetworks(['127.0.0.1/32', '10.0.0.0/8']);

  it('is the peer when the peer is not a proxy of ours, whatever the header says', () => {
    expect(clientAddress('203.0.113.9', '185.71.76.5', trusted)).toBe('203.0.113.9');
  });

  it('is the first stranger from the right', () => {
    expect(clientAddress('127.0.0.1', '185.71.76.5, 203.0.113.9, 10.0.0.3', trusted)).toBe(
      '203.0.113.9',
    );
  });

  it('is never what the client wrote to the left of its own address', () => {
    for (const forged of ['185.71.76.5', '127.0.0.1', '10.0.0.1, 185.71.76.5']) {
      expect(clientAddress('127.0.0.1', `${forged}, 203.0.113.9`, trusted)).toBe('203.0.113.9');
    }
  });

  it('stops at a hop that is not an address', () => {
    expect(clientAddress('127.0.0.1', '185.71.76.5, unknown', trusted)).toBe('127.0.0.1');
  });

  it('ignores a list that is too long to be honest', () => {
    expect(clientAddress('127.0.0.1', '1.1.1.1,'.repeat(40) + '2.2.2.2', trusted)).toBe(
      '127.0.0.1',
    );
  });

  it('is the socket when the header may not be believed', () => {
    expect(clientAddress('::ffff:127.0.0.1', undefined, trusted)).toBe('127.0.0.1');
  });
});

describe('listening', () => {
  it('names the port that is taken', async () => {
    const first = createServer();
    const port = await listenOn(first, 0);
    await expect(listenOn(createServer(), port)).rejects.toThrow(PortInUse);
    await expect(listenOn(createServer(), port)).rejects.toMatchObject({ port });
    await new Promise((resolve) => first.close(resolve));
  });

  it('ends for new callers only: who kept a connection is answered on it', async () => {
    const server = createHttpServer((_request, response) => response.end());
    const port = await listenOn(server, 0);
    const agent = new Agent({ keepAlive: true });
    const ask = (by: Agent | false) =>
      new Promise((resolve) => {
        get({ port, agent: by }, (answer) => {
          answer.resume().on('end', () => {
            resolve(answer.statusCode);
          });
        }).on('error', (error: NodeJS.ErrnoException) => {
          resolve(error.code);
        });
      });
    expect(await ask(agent)).toBe(200);
    const ended = stopAccepting(server);
    expect([await ask(agent), await ask(false)]).toEqual([200, 'ECONNREFUSED']);
    agent.destroy();
    await ended;
  });
});
