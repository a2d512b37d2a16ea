import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock/index.ts';
import { ANSWER_MAX_BYTES, createHttpClient, NetworkFailed, retryAfterMs } from './index.ts';
import { startScriptedServer, type ScriptedServer } from './scripted-server.ts';

const TIMEOUT_MS = 10_000;
let server: ScriptedServer;
const http = createHttpClient({ clock: systemClock });
/** A clock whose waits are over at once: every deadline has passed when it is set. */
const hasty = createHttpClient({ clock: { ...systemClock, sleep: () => Promise.resolve() } });

beforeAll(async () => {
  server = await startScriptedServer();
});
afterEach(() => {
  server.clear();
});
afterAll(async () => {
  await server.close();
  await http.close();
  await hasty.close();
});

const get = (path: string) =>
  ({ method: 'GET', url: new URL(server.url + path), timeoutMs: TIMEOUT_MS }) as const;

async function faultOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => 'answered',
    (error: unknown) => (error instanceof NetworkFailed ? error.fault : error),
  );
}

describe('a call', () => {
  it('sends JSON and gives status, headers, JSON and text of any answer', async () => {
    server.answer('POST /a', { status: 418, headers: { 'x-one': '1' }, body: { ok: true } });
    const reply = await http.call({ ...get('/a'), method: 'POST', body: { n: 1 } });
    expect(reply).toMatchObject({ status: 418, json: { ok: true }, text: '{"ok":true}' });
    expect(reply.headers['x-one']).toBe('1');
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/a', body: { n: 1 } });
  });

  it('sends a form when it is given one', async () => {
    server.answer('POST /a', { status: 200, body: {} });
    const body = new URLSearchParams({ 'a[b]': 'ы & 1' });
    await http.call({ ...get('/a'), method: 'POST', body });
    expect(server.requests[0]?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(server.requests[0]?.body).toBe('a%5Bb%5D=%D1%8B+%26+1');
  });

  it('has no json when the body is a page', async () => {
    server.answer('GET /', { status: 200, body: '<html>' });
    expect(await http.call(get('/'))).toMatchObject({ json: undefined, text: '<html>' });
  });

  it('does not follow redirects', async () => {
    server.answer('GET /', { status: 302, headers: { location: '/elsewhere' } });
    expect((await http.call(get('/'))).status).toBe(302);
    expect(server.requests).toHaveLength(1);
  });

  it('ends with a timeout when nothing is answered in time', async () => {
    server.answer('*', 'silence');
    expect(await faultOf(hasty.call(get('/')))).toBe('timeout');
  });

  it('ends with a connection fault when the socket is cut or refused', async () => {
    server.answer('*', 'reset');
    expect(await faultOf(http.call(get('/')))).toBe('connection');
    const closed = { ...get('/'), url: new URL('http://127.0.0.1:1/') };
    expect(await faultOf(http.call(closed))).toBe('connection');
  });

  it('reads no more than the limit', async () => {
    server.answer('GET /', { status: 200, body: 'x'.repeat(ANSWER_MAX_BYTES + 1) });
    expect(await faultOf(http.call(get('/')))).toBe('oversized');
  });

  it('names neither path nor query in an error', async () => {
    server.answer('*', 'reset');
    await expect(http.call(get('/bot1:secret?key=secret'))).rejects.not.toThrow(/secret/);
  });
});

describe('Retry-After', () => {
  const now = new Date('2026-11-20T10:00:00Z');
  it.each([
    ['7', 7_000],
    ['Fri, 20 Nov 2026 10:00:30 GMT', 30_000],
    ['Fri, 20 Nov 2026 09:00:00 GMT', undefined],
    ['86400', undefined],
    ['soon', undefined],
    [undefined, undefined],
  ])('%s means %s milliseconds', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});
