/** The way to a server, which a test can stop or cut as the world does. */
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface Relay {
  /** The server's address by way of the relay. */
  readonly url: string;
  /** Connections that were asked for since the start. */
  readonly asked: number;
  /** Nothing passes any more, nothing is closed: a stopped server, or a cut cable. */
  hold(): void;
  /** Everything is closed, and nobody gets in: a killed server. */
  kill(): void;
  /** As at the start; what was held passes now. */
  heal(): void;
  close(): Promise<void>;
}

export async function openRelay(serverUrl: string): Promise<Relay> {
  const target = new URL(serverUrl);
  const pairs = new Set<readonly [Socket, Socket]>();
  let state: 'open' | 'held' | 'killed' = 'open';
  let asked = 0;
  const server = createServer((near) => {
    asked += 1;
    if (state === 'killed') {
      near.destroy();
      return;
    }
    const far = connect(Number(target.port), target.hostname);
    const pair = [near, far] as const;
    pairs.add(pair);
    join(pair);
    if (state === 'held') pause(pair);
  });

  function join(pair: readonly [Socket, Socket]): void {
    const [near, far] = pair;
    for (const [from, to] of [pair, [far, near] as const]) {
      from.on('data', (chunk) => to.write(chunk));
      from.on('error', () => undefined);
      from.on('close', () => {
        pairs.delete(pair);
        to.destroy();
      });
    }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port); // a TCP server has one
  return {
    url: url.href,
    get asked() {
      return asked;
    },
    hold() {
      state = 'held';
      for (const pair of pairs) pause(pair);
    },
    kill() {
      state = 'killed';
      for (const [near] of pairs) near.destroy();
    },
    heal() {
      state = 'open';
      for (const pair of pairs) for (const socket of pair) socket.resume();
    },
    async close() {
      for (const [near] of pairs) near.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pause(pair: readonly [Socket, Socket]): void {
  for (const socket of pair) socket.pause();
}
