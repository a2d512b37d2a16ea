import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startWorld, type World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());

const NEXT = 'GET /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n';
const put = (path: string, size: number) =>
  `PUT ${path} HTTP/1.1\r\nhost: a\r\ncontent-length: ${String(size)}\r\n\r\n${'x'.repeat(size)}`;
/** The statuses that came back on one connection, in their order. */
const statuses = async (bytes: string) =>
  [...(await world.raw(bytes)).matchAll(/HTTP\/1\.1 (\d+) /g)].map(([, status]) => status);

describe('a refusal', () => {
  it('keeps the connection of a short body that nobody read: a new one costs more', async () => {
    expect(await statuses(`${put('/nothing', 500)}${NEXT}`)).toEqual(['404', '200']);
  });

  it('ends it after a long body, and where the request could be read in two ways', async () => {
    expect(await statuses(`${put('/nothing', 20_000)}${NEXT}`)).toEqual(['404']);
    expect(await statuses(`${put('/api/a%2fb', 500)}${NEXT}`)).toEqual(['400']);
    const chunked =
      'PUT /nothing HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n';
    expect(await statuses(`${chunked}${NEXT}`)).toEqual(['404']);
  });
});
