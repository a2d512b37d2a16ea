/**
 * The certificates are of nobody: an authority made for this test, and of `shop.example` one that it
 * signed (until 2096-01-01), one that has expired, one signed by itself.
 */
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer, type Server } from 'node:tls';
import { createManualClock } from '@opora/testkit';
import { afterEach, expect, it } from 'vitest';
import { checkAddress } from './address.ts';

const fixture = (name: string): string =>
  readFileSync(join(import.meta.dirname, '../fixtures', name), 'utf8');
const authorities = [fixture('authority.pem')];
const servers: Server[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(certificate: string): Promise<number> {
  const server = createServer({ key: fixture('key.pem'), cert: fixture(certificate) });
  server.on('tlsClientError', () => undefined);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port; // a TCP listener always has one
}

const look = (address: string | undefined, at = '2026-11-20T12:00:00Z') =>
  checkAddress('OPORA_PUBLIC_URL', address, {
    clock: createManualClock(at),
    outside: {
      resolve: async (host) => {
        if (host === 'nowhere.example') throw new Error('ENOTFOUND');
        return '127.0.0.1';
      },
      authorities,
    },
  }).run();

it('is not looked at when it is not set or is this machine', async () => {
  expect(await look(undefined)).toMatchObject({ state: 'skipped' });
  expect(await look('http://127.0.0.1:5001')).toMatchObject({ state: 'skipped' });
});

it('is good with a certificate that holds, and says how long', async () => {
  const found = await look(`https://shop.example:${String(await serve('valid.pem'))}`);
  expect(found).toMatchObject({ state: 'good' });
  expect(found.says).toMatch(/^shop\.example is 127\.0\.0\.1, its certificate lasts 25\d{3} days$/);
});

it('warns when the renewal did not come', async () => {
  const port = String(await serve('valid.pem'));
  const found = await look(`https://shop.example:${port}`, '2095-12-25T00:00:00Z');
  expect(found).toMatchObject({ state: 'warning' });
  expect(found.says).toMatch(/lasts 7 days/);
});

it.each([
  ['expired.pem', 'shop.example', /has expired/],
  ['self-signed.pem', 'shop.example', /signed by itself/],
  ['valid.pem', 'other.example', /for another name/],
])('is wrong with %s for %s', async (certificate, host, words) => {
  const found = await look(`https://${host}:${String(await serve(certificate))}`);
  expect(found).toMatchObject({ state: 'wrong' });
  expect(found.says).toMatch(words);
});

it('is wrong when the name is unknown, nobody answers, or it is not https', async () => {
  expect((await look('https://nowhere.example')).says).toMatch(/nobody knows the name/);
  const port = String(await serve('valid.pem'));
  servers.pop()?.close();
  expect((await look(`https://shop.example:${port}`)).says).toMatch(
    /does not answer: ECONNREFUSED/,
  );
  expect(await look('http://shop.example')).toMatchObject({ state: 'wrong' });
});
