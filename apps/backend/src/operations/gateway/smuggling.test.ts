import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startWorld, type World } from './testing/world.ts';

/** A second request hidden in the first: it must never appear at an instance. */
const HIDDEN = 'GET /api/hidden HTTP/1.1\r\nhost: a\r\n\r\n';
const END = 'connection: close\r\n';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  for (const instance of [...world.api, ...world.bot]) instance.seen.length = 0;
});

const post = (headers: string, body: string): string =>
  `POST /api/open HTTP/1.1\r\nhost: a\r\n${headers}\r\n${body}`;

describe('ambiguous framing', () => {
  it.each([
    [
      'CL.TE',
      post(
        `content-length: ${String(5 + HIDDEN.length)}\r\ntransfer-encoding: chunked\r\n`,
        `0\r\n\r\n${HIDDEN}`,
      ),
    ],
    [
      'TE.CL',
      post('transfer-encoding: chunked\r\ncontent-length: 4\r\n', `5c\r\n${HIDDEN}\r\n0\r\n\r\n`),
    ],
    [
      'TE.TE, the second one odd',
      post('transfer-encoding: chunked\r\ntransfer-encoding: cow\r\n', `0\r\n\r\n${HIDDEN}`),
    ],
    [
      'TE with a blank before the colon',
      post('transfer-encoding : chunked\r\n', `0\r\n\r\n${HIDDEN}`),
    ],
    ['TE xchunked', post('transfer-encoding: xchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
    ['TE gzip, chunked', post(`${END}transfer-encoding: gzip, chunked\r\n`, '0\r\n\r\n')],
    ['TE chunked twice', post(`${END}transfer-encoding: chunked, chunked\r\n`, '0\r\n\r\n')],
    ['TE identity', post('transfer-encoding: identity\r\n', HIDDEN)],
    ['TE behind a vertical tab', post('transfer-encoding: \x0bchunked\r\n', `0\r\n\r\n${HIDDEN}`)],
    ['two lengths', post('content-length: 0\r\ncontent-length: 44\r\n', HIDDEN)],
    ['two equal lengths', post('content-length: 4\r\ncontent-length: 4\r\n', 'abcd')],
    ['a list of lengths', post('content-length: 4, 4\r\n', 'abcd')],
    ['a signed length', post('content-length: +4\r\n', 'abcd')],
    ['a negative length', post('content-length: -1\r\n', HIDDEN)],
    ['a length in hex', post('content-length: 0x4\r\n', 'abcd')],
    ['an empty length', post('content-length: \r\n', HIDDEN)],
    [
      'a chunk size that is not a number',
      post('transfer-encoding: chunked\r\n', `zz\r\n${HIDDEN}`),
    ],
    [
      'a chunk size beyond counting',
      post('transfer-encoding: chunked\r\n', `fffffffffffffffff\r\n${HIDDEN}`),
    ],
    ['a folded header', `GET /api/open HTTP/1.1\r\nhost: a\r\nx: 1\r\n folded: 2\r\n${END}\r\n`],
    ['bare line feeds', `GET /api/open HTTP/1.1\nhost: a\n${END}\n`],
    ['a bare carriage return', `GET /api/open HTTP/1.1\r\nhost: a\r\nx: 1\ry: 2\r\n${END}\r\n`],
    ['a zero byte', `GET /api/open HTTP/1.1\r\nhost: a\r\nx: 1\x002\r\n${END}\r\n`],
    ['a header without a name', `GET /api/open HTTP/1.1\r\nhost: a\r\n: 1\r\n${END}\r\n`],
    ['no host', `GET /api/open HTTP/1.1\r\n${END}\r\n`],
    ['two hosts', `GET /api/open HTTP/1.1\r\nhost: a\r\nhost: b\r\n${END}\r\n`],
    ['a host that is an address', `GET /api/open HTTP/1.1\r\nhost: a/../b\r\n${END}\r\n`],
    ['an absolute form', `GET http://other/api/open HTTP/1.1\r\nhost: a\r\n${END}\r\n`],
    ['an asterisk', `OPTIONS * HTTP/1.1\r\nhost: a\r\n${END}\r\n`],
    ['HTTP/2 in clear text', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an unknown version', `GET /api/open HTTP/1.9\r\nhost: a\r\n${END}\r\n`],
    ['TLS on a plain port', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ])('%s is refused before any instance sees it', async (_name, bytes) => {
    const text = await world.raw(bytes);
    expect(text).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect(text).toContain('application/problem+json');
    expect(text).not.toContain('HTTP/1.1 200');
    expect(world.api.flatMap(({ seen }) => seen)).toEqual([]);
  });

  it('CONNECT and upgrades open no tunnel', async () => {
    expect(await world.raw('CONNECT a:443 HTTP/1.1\r\nhost: a\r\n\r\n')).not.toContain('200');
    const upgrade = await world.raw(
      'GET /api/open HTTP/1.1\r\nhost: a\r\nconnection: close, upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n',
    );
    expect(upgrade).toMatch(/^HTTP\/1\.1 200 /);
    const headers = world.api.flatMap(({ seen }) => seen).map((seen) => seen.headers);
    expect(headers).toHaveLength(1);
    expect(headers[0]).not.toHaveProperty('upgrade');
    expect(headers[0]).not.toHaveProperty('http2-settings');
  });

  it('two honest requests on one connection stay two', async () => {
    const text = await world.raw(
      `${post('content-length: 4\r\n', 'abcd')}GET /api/next HTTP/1.1\r\nhost: a\r\n${END}\r\n`,
    );
    expect(text.match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
    expect(world.api.flatMap(({ seen }) => seen.map(({ url }) => url)).toSorted()).toEqual([
      '/api/next',
      '/api/open',
    ]);
  });

  it('a refused body never becomes the next request', async () => {
    const length = 2_000_000;
    const text = await world.raw(post(`content-length: ${String(length)}\r\n`, HIDDEN.repeat(3)));
    expect(text).toMatch(/^HTTP\/1\.1 413 /);
    expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(world.api.flatMap(({ seen }) => seen)).toEqual([]);
  });
});

describe('doubtful paths', () => {
  it.each([
    '/api/../internal',
    '/api/./x',
    '/api/..',
    '/api/%2e%2e/internal',
    '/api/%2E%2E%2Finternal',
    '/api/a%2fb',
    '/api/a%5cb',
    '/api/a\\b',
    '/api//x',
    '//evil/api/x',
    '/api/x%00',
    '/api/x%0d%0aset-cookie:a',
    '/api/x#fragment',
  ])('%s is refused', async (path) => {
    const text = await world.raw(`GET ${path} HTTP/1.1\r\nhost: a\r\n${END}\r\n`);
    expect(text).toMatch(/^HTTP\/1\.1 400 /);
    expect(world.api.flatMap(({ seen }) => seen)).toEqual([]);
  });

  it('dots and escapes that are harmless pass, the query is left alone', async () => {
    const path = '/api/v1.2/a..b/%D1%8F?next=%2Fpath&x=..%2f';
    expect(await world.raw(`GET ${path} HTTP/1.1\r\nhost: a\r\n${END}\r\n`)).toMatch(
      /^HTTP\/1\.1 200 /,
    );
    expect(world.api.flatMap(({ seen }) => seen.map(({ url }) => url))).toEqual([path]);
  });
});
