import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createHttpClient, type HttpClient } from '../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../../../platform/http-client/scripted-server.ts';
import { checkClock } from './clock.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const clock = createManualClock(NOW);
let server: ScriptedServer;
let http: HttpClient;

beforeAll(async () => {
  server = await startScriptedServer();
  http = createHttpClient({ clock });
});
afterAll(async () => {
  await http.close();
  await server.close();
});

const later = (seconds: number) => new Date(Date.parse(NOW) + seconds * 1_000);

function look(databaseAhead: number, serverAhead: number) {
  server.answer('GET /', { status: 404, headers: { date: later(serverAhead).toUTCString() } });
  const sources = {
    addresses: [`${server.url}/v3/`, `${server.url}/other`],
    databaseNow: async () => later(databaseAhead),
  };
  return checkClock(sources, { http, clock }).run();
}

it('agrees with those it asked, each origin once and nothing but the origin', async () => {
  expect(await look(1, 0)).toMatchObject({ state: 'good' });
  expect(server.requests.map(({ path }) => path)).toEqual(['/']);
});

it.each([
  [0, -8, 'warning', /8\.0 s ahead of 127\.0\.0\.1/],
  [-20, 0, 'warning', /20\.0 s ahead of the database/],
  [0, 300, 'wrong', /300\.0 s behind 127\.0\.0\.1/],
  [120, 3, 'wrong', /120\.0 s behind the database/],
])('database %i s, service %i s ahead: %s', async (database, service, state, words) => {
  const found = await look(database, service);
  expect(found.state).toBe(state);
  expect(found.says).toMatch(words);
});

it('is not judged when nobody answers or says the time', async () => {
  server.answer('GET /', 'reset');
  const sources = {
    addresses: [server.url],
    databaseNow: () => Promise.reject(new Error('away')),
  };
  expect(await checkClock(sources, { http, clock }).run()).toMatchObject({ state: 'skipped' });
});
