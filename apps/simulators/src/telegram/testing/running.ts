import type { AddressInfo } from 'node:net';
import { createRouter } from '../../http.ts';
import { SIMULATED_KEYS } from '../../payment-keys.ts';
import { createWorld, type World } from '../../world.ts';
import { createTelegram } from '../index.ts';
import { createManualClock, type ManualClock } from './manual-clock.ts';

export const TOKEN = '7000000001:simulated-token';
export const CLIENT_SECRET = 'a secret / of a test';

/** A simulated Telegram on a free port, with time in the hands of the test. */
export interface Running {
  clock: ManualClock;
  world: World;
  address: string;
  /** Calls a Bot API method; answers the API's body. */
  api(method: string, params?: object): Promise<ApiBody>;
  /** Calls the control API; answers status and body. */
  control(
    method: string,
    path: string,
    body?: object,
  ): Promise<{ status: number; body: ControlBody }>;
  stop(): Promise<void>;
}

export type ApiBody = {
  ok: boolean;
  result: unknown;
  error_code?: number;
  description?: string;
  parameters?: { retry_after: number };
};

export type ControlBody = {
  id: number;
  error?: string;
  updateId: number;
  messageId: number;
  queryId: string;
  count: number;
  messages: {
    messageId: number;
    text: string;
    html: string;
    taken?: boolean;
    edited: boolean;
    taps: object[];
  }[];
};

export async function startRunning(
  options: { folder?: string; clock?: ManualClock } = {},
): Promise<Running> {
  const clock = options.clock ?? createManualClock();
  const world = createWorld({
    clock,
    seed: 1,
    log: () => undefined,
    config: {
      port: 0,
      folder: options.folder,
      gatewayUrl: 'http://127.0.0.1:9',
      telegram: { token: TOKEN, clientSecret: CLIENT_SECRET },
      payments: SIMULATED_KEYS,
      remnawave: { token: 'x', webhookSecret: 'x' },
      mail: { port: 0, sendgridKey: '' },
    },
  });
  const router = createRouter(world);
  const telegram = createTelegram(world);
  telegram.register(router);
  await new Promise<void>((resolve) => router.server.listen(0, '127.0.0.1', resolve));
  const { port } = router.server.address() as AddressInfo; // it listens on a port, not on a pipe
  const address = `http://127.0.0.1:${String(port)}/telegram`;
  await telegram.start?.();
  return {
    clock,
    world,
    address,
    async api(method, params = {}) {
      const response = await send('POST', `${address}/bot${TOKEN}/${method}`, params);
      return (await response.json()) as ApiBody; // the shape every answer of the API has
    },
    async control(method, path, body) {
      const response = await send(method, `${address}/control${path}`, body);
      return { status: response.status, body: (await response.json()) as ControlBody }; // a union of all answers
    },
    async stop() {
      await telegram.stop?.();
      router.server.closeAllConnections();
      await new Promise((resolve) => router.server.close(resolve));
      world.store.close();
    },
  };
}

const send = (method: string, url: string, body: object | undefined): Promise<Response> =>
  fetch(url, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
