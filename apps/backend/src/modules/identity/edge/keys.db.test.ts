/** API keys at the API's own wall: every address there is, with a key of an administrator. */
import { cookieNames, endpoints, KEY_SCOPES, keyScopeOf, needsNoSession } from '@opora/contracts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { quietLog } from '../../../../test/database.ts';
import { createHttp, serveMedia, type Http } from '../../../platform/http/index.ts';
import { linkOf } from '../../../platform/http/testing/link.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import {
  createWorld,
  firstOwner,
  from,
  invited,
  sealing,
  type Member,
  type World,
} from '../testing/world.ts';
import { createAuthorise, installSession } from './http.ts';

const cookies = cookieNames({ webPort: 443, secure: true });
const guarded = endpoints().filter(({ endpoint }) => !needsNoSession(endpoint.permission));

let world: World;
let http: Http;
let owner: Member;

beforeAll(async () => {
  world = await createWorld();
  const { clock } = world;
  const link = linkOf('api', clock);
  const guard = { ...world, sealing, cookies, webUrl: 'https://opora.example', link };
  const common = { log: quietLog(), ids: systemIds, clock, trustedProxies: [] };
  http = createHttp({ ...common, link, authorise: createAuthorise(guard) });
  installSession(http.app);
  for (const { endpoint } of guarded) {
    const { params: _p, query: _q, body: _b, ...bare } = endpoint;
    serveMedia(http.app, bare, async ({ request, reply }) => reply.send({ who: request.personId }));
  }
  owner = await firstOwner(world);
});
afterAll(async () => {
  await http.close();
  await world.base.close();
});

describe('an API key over HTTP (I9)', () => {
  const withKey = (authorization: string, more: Record<string, string> = {}) => ({
    headers: { authorization, ...more },
  });

  it('opens what it was made for, in the whole table, and nothing else', async () => {
    const member = await invited(world, owner, { role: 'admin', email: 'keys@example.com' });
    const { sessionId } = member.signedIn.view;
    const own = { personId: member.personId, sessionId, from: from() };
    const scopes = KEY_SCOPES.filter((scope) => scope !== 'session');
    const wish = { name: 'all', scopes, days: 1, networks: [] };
    const { key, made } = await world.accounts.addKey(own, wish);
    const bearer = `Bearer ${key}`;
    for (const { id: name, endpoint } of guarded) {
      const { method } = endpoint;
      const url = endpoint.path.replaceAll(/\{\w+\}/g, 'x');
      const { statusCode } = await http.app.inject({ method, url, ...withKey(bearer) });
      const isOpen = ![401, 403].includes(statusCode);
      // This key was not made for the own data of a customer.
      const scope = keyScopeOf(endpoint);
      expect([name, isOpen]).toEqual([name, scope !== undefined && scope !== 'session']);
    }
    await world.accounts.removeKey(own, made.id);
    const url = '/api/v1/admin/people';
    const gone = await http.app.inject({ method: 'GET', url, ...withKey(bearer) });
    expect([gone.statusCode, gone.json().code]).toEqual([401, 'identity.key_refused']);
    // The cookie of somebody who may does not help a key that may not.
    const cookie = `${cookies.access}=${member.signedIn.access.token}`;
    const both = await http.app.inject({ method: 'GET', url, ...withKey(bearer, { cookie }) });
    expect(both.statusCode).toBe(401);
  });
});
