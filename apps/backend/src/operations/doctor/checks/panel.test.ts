import { Secret } from '@opora/kernel';
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeEach, expect, it } from 'vitest';
import { createPanel } from '../../../modules/provisioning/index.ts';
import { createBreaker } from '../../../platform/breaker/index.ts';
import { systemClock } from '../../../platform/clock/index.ts';
import { createHttpClient } from '../../../platform/http-client/index.ts';
import {
  startScriptedServer,
  type ScriptedAnswer,
} from '../../../platform/http-client/scripted-server.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import { createLog } from '../../../platform/log/index.ts';
import { checkPanel } from './panel.ts';

const NOW = '2026-11-20T12:00:00.000Z';
const server = await startScriptedServer();
const parts = { clock: systemClock, ids: systemIds };
const http = createHttpClient(parts);
const log = createLog({ level: 'silent', role: 'test' });
afterAll(async () => {
  await http.close();
  await server.close();
});
beforeEach(() => {
  server.clear();
});

/** A token of the panel that lasts so many days from now. */
function tokenFor(days: number): Secret {
  const exp = Math.floor(Date.parse(NOW) / 1_000) + days * 86_400;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return new Secret(`${part({ alg: 'HS256' })}.${part({ role: 'API', exp })}.c2lnbmF0dXJl`);
}

function look(answer: ScriptedAnswer, token: Secret | undefined = tokenFor(400)) {
  server.answer('GET /api/system/metadata', answer);
  const config = {
    ...{ url: server.url, token, webhookSecret: undefined, headers: undefined },
    ...{ cookie: undefined, squads: [] },
  };
  const breaker = createBreaker({ ...parts, name: 'panel' });
  const panel = () => createPanel(config, { ...parts, http, log, breaker });
  return checkPanel(config, panel, createManualClock(NOW)).run();
}

const version = (name: string): ScriptedAnswer => ({
  status: 200,
  body: { response: { version: name } },
});
const refused = (status: number): ScriptedAnswer => ({
  status,
  body: { message: 'Unauthorized', statusCode: status },
});

it('is good with a panel we write to and a token that lasts', async () => {
  expect(await look(version('3.3.2'))).toEqual({
    state: 'good',
    says: 'Remnawave 3.3.2, the token lasts 400 days',
  });
  expect(server.requests).toHaveLength(1);
});

it('is good with a token that does not say how long it lasts', async () => {
  const found = await look(version('3.3.2'), new Secret('not-a-json-web-token'));
  expect(found).toEqual({ state: 'good', says: 'Remnawave 3.3.2 lets us in' });
});

it('warns thirty days before the token ends, and is wrong after it', async () => {
  expect(await look(version('3.3.2'), tokenFor(29))).toMatchObject({
    state: 'warning',
    says: 'Remnawave 3.3.2, the token lasts 29 days',
  });
  expect(await look(version('3.3.2'), tokenFor(30))).toMatchObject({ state: 'good' });
  const over = await look(refused(401), tokenFor(-3));
  expect(over).toMatchObject({ state: 'wrong', says: 'the token expired 3 days ago' });
  expect(over.mend).toContain('API Tokens');
});

it('is wrong with a generation we only read', async () => {
  const found = await look(version('2.7.4'));
  expect(found).toMatchObject({ state: 'wrong' });
  expect(found.says).toMatch(/2\.7\.4 is read only/);
});

it.each([
  [refused(401), /^the panel refuses the token/],
  [refused(403), /^the panel refuses the token/],
  [{ status: 200, body: '<html>' }, /^something else than the panel answers/],
  [{ status: 302, headers: { location: '/login' } }, /^something else than the panel answers/],
  [{ status: 502, body: 'bad gateway' }, /^the panel does not answer/],
  ['reset' as const, /^the panel does not answer/],
])('is wrong, and keeps the token, when it is answered %o', async (answer, words) => {
  const token = tokenFor(400);
  const found = await look(answer, token);
  expect(found).toMatchObject({ state: 'wrong' });
  expect(found.says).toMatch(words);
  expect(JSON.stringify(found)).not.toContain(token.reveal());
});

it('is wrong when half of it is set, a warning when nothing is', async () => {
  const none = { url: undefined, token: undefined };
  const clock = createManualClock(NOW);
  const found = await checkPanel(none, () => undefined, clock).run();
  expect(found).toMatchObject({ state: 'warning' });
  const half = await checkPanel({ ...none, url: server.url }, () => undefined, clock).run();
  expect(half).toMatchObject({ state: 'wrong' });
  expect(half.says).toMatch(/^REMNAWAVE_TOKEN is not set/);
});
