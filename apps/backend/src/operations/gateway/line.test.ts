import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { portOf } from '../../platform/network/index.ts';
import { Line } from './line.ts';

it('cuts what is on its way over connections that were left, when it is destroyed', async () => {
  const server = createServer(() => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = new Line(`http://127.0.0.1:${String(portOf(server))}`);
  const { pool } = line;
  const call = pool.request({ method: 'GET', path: '/' }).catch((error: unknown) => error);
  await once(server, 'request');
  line.leave(pool);
  expect(line.pool).not.toBe(pool);
  await line.destroy();
  expect(await call).toBeInstanceOf(Error);
  server.close();
});
