/** The monitor's edge over a staff that a test names, with a real door, real tokens and a real file. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { INNER_PATHS, type StaffRole } from '@opora/contracts';
import { Secret, type Clock } from '@opora/kernel';
import { linkOf } from '../../../platform/http/testing/link.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import { createNetworks, listenOn } from '../../../platform/network/index.ts';
import { createSealing, readSealingKeys } from '../../../platform/sealing/index.ts';
import { createTokenIssuer, readKeySet } from '../../../platform/tokens/index.ts';
import type { Monitor } from '../../health/index.ts';
import { log } from '../../health/testing/world.ts';
import { createInnerCall } from '../../inner-call.ts';
import { createStaffDoor } from '../../staff-door/index.ts';
import { openRestarts } from '../index.ts';

const TOKENS = { issuer: 'opora', audience: 'opora-api' };
const KEY = 'test:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=';

export type RestartWorld = Awaited<ReturnType<typeof restartWorld>>;

export async function restartWorld(parts: {
  monitor: Pick<Monitor, 'report' | 'restart'> & Monitor;
  clock: Clock;
}) {
  const { monitor, clock } = parts;
  const link = linkOf('monitor', clock);
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const keys = readKeySet(new Secret(JSON.stringify([{ kid: 'k1', ...jwk }])));
  const issuer = createTokenIssuer({ keys, clock, ids: systemIds, ...TOKENS });
  const staff: object[] = [];
  const taken: object[] = [];
  const cutTokens: string[] = [];
  let isAway = false;
  /** auth and api in one: what the monitor asks of both. */
  const server = createServer((request, response) => {
    if (isAway) {
      response.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const tell = (body: unknown): unknown => response.end(JSON.stringify(body));
      if (request.url === INNER_PATHS.staff) tell({ sessions: staff, cutTokens });
      else if (request.url === INNER_PATHS.acts) {
        const { acts } = JSON.parse(Buffer.concat(chunks).toString()) as { acts: object[] }; // its own ask
        taken.push(...acts);
        tell({ taken: acts.length });
      } else tell(keys.jwks());
    });
  });
  const port = await listenOn(server, 0);
  const call = createInnerCall({
    origins: [`http://127.0.0.1:${String(port)}`],
    ...{ role: 'auth', link },
  });
  server.unref();
  const path = join(mkdtempSync(join(tmpdir(), 'opora-restarts-')), 'acts.json');
  const restarts = await openRestarts({ path, monitor, api: call, clock, ids: systemIds, log });
  const door = createStaffDoor({
    ...{ auth: call, clock, tokens: TOKENS },
    networks: createNetworks(['127.0.0.0/8']),
  });
  return {
    ...{ monitor, restarts, door, path, taken, call },
    link,
    sealing: createSealing(readSealingKeys(new Secret(KEY)), []),
    cookie: 'at-5000',
    webUrl: 'http://127.0.0.1:5000',
    setAway: (value: boolean) => (isAway = value),
    /** A member with a living session; answers the access token and how the session ends. */
    hire(role: StaffRole) {
      const [personId, sessionId] = [systemIds.next('per'), systemIds.next('ses')];
      const session = { sessionId, personId, name: role, language: 'en', role };
      staff.push(session);
      const subject = {
        personId,
        sessionId,
        amr: ['pwd', 'otp'],
        authzVersion: 0,
      };
      const { token, claims } = issuer.issue(subject);
      return {
        ...{ token, sessionId },
        /** Another token of the same session, as young as can be. */
        renew: () => issuer.issue(subject).token,
        cut: () => cutTokens.push(claims.jti),
        leave: () => staff.splice(staff.indexOf(session), 1),
      };
    },
    close: () => server.close(),
  };
}
