/** The certificates are those of the doctor's tests: of `shop.example`, one good until 2096, one that has expired. */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { createManualClock } from '@opora/testkit';
import { afterEach, expect, it, vi } from 'vitest';
import { watchCertificate } from './certificate.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../../doctor/fixtures', name), 'utf8');
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function watch(certificate: string, now: string) {
  const server = createServer({ key: fixture('key.pem'), cert: fixture(certificate) });
  server.on('tlsClientError', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP listener always has one
  const clock = createManualClock(now);
  const source = watchCertificate({
    publicUrl: `https://shop.example:${String(port)}`,
    clock,
    outside: {
      resolve: () => Promise.resolve('127.0.0.1'),
      authorities: [fixture('authority.pem')],
    },
  });
  const days = async () => (await source?.read())?.[0]?.value;
  return { clock, server, days };
}

it('is the days it lasts, known with the next reading', async () => {
  const { days } = await watch('valid.pem', '2095-12-25T00:00:00Z');
  expect(await days()).toBeUndefined();
  await vi.waitFor(async () => {
    expect(await days()).toBe(7);
  });
});

it('is as good as ended when it does not hold', async () => {
  const { days } = await watch('expired.pem', '2026-11-20T12:00:00Z');
  await vi.waitFor(async () => {
    expect(await days()).toBe(0);
  });
});

it('is unknown while nobody answers, and is looked at again in ten minutes', async () => {
  const { clock, server, days } = await watch('valid.pem', '2095-12-25T00:00:00Z');
  server.close();
  expect(await days()).toBeUndefined();
  await clock.advance(11 * 60_000);
  expect(await days()).toBeUndefined();
});

it.each([undefined, 'http://shop.example', 'https://127.0.0.1:5001'])(
  'is nothing to look at with %s',
  (publicUrl) => {
    expect(watchCertificate({ publicUrl, clock: createManualClock() })).toBeUndefined();
  },
);
