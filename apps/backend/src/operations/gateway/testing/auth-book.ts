import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import {
  INNER_PATHS,
  ROLE_PERMISSIONS,
  type CutWire,
  type DecidedAway,
  type KeyDecisionWire,
  type StaffRole,
} from '@opora/contracts';
import { Secret, type Clock } from '@opora/kernel';
import { systemIds } from '../../../platform/ids/index.ts';
import { createTokenIssuer, makeApiKey, readKeySet } from '../../../platform/tokens/index.ts';
import type { Fallback } from '../authorization/index.ts';
import { linkOf } from '../../../platform/http/testing/link.ts';
import type { TinyInstance } from './world.ts';

const NAMES = { issuer: 'opora', audience: 'opora-api' };
export const COOKIE = 'at-test';

/** What the instances of a scripted auth service know and were told: one book for all of them. */
export class AuthBook {
  readonly living = new Map<string, { personId: string; role: StaffRole | null }>();
  readonly revoked: { sessionId: string; at: string }[] = [];
  readonly cuts: CutWire[] = [];
  /** Living keys by their public part. */
  readonly apiKeys = new Map<string, KeyDecisionWire>();
  keysAsked = 0;
  readonly told: DecidedAway[] = [];
  readonly asked: string[] = [];
  /** Changed before a gateway is made. */
  fallback: Fallback = {
    enableCache: true,
    cacheTimeoutMs: 900_000,
    allowOfflineMode: true,
    maxOfflineTimeMs: 3_600_000,
  };
  /** The feed of ended sessions does not answer; everything else does. */
  isFeedCut = false;
  readonly #keys = readKeySet(
    new Secret(
      JSON.stringify([
        { kid: 'now', ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) },
      ]),
    ),
  );
  readonly #folder = mkdtempSync(join(tmpdir(), 'gateway-'));
  readonly path = join(this.#folder, 'gateway.json');

  /** Made inside a test, whose end takes what the gateway kept with it. */
  constructor() {
    onTestFinished(() => {
      rmSync(this.#folder, { recursive: true, force: true });
    });
  }

  get options() {
    const { path, fallback } = this;
    return { authorization: { tokens: NAMES, cookie: COOKIE, path, fallback } };
  }

  /** Opens a session; gives the header of its access token. */
  signIn(clock: Clock, role: StaffRole | null = null) {
    const [sessionId, personId] = [systemIds.next('ses'), systemIds.next('per')];
    this.living.set(sessionId, { personId, role });
    const { token, claims } = this.#issue(clock, { personId, sessionId });
    return { sessionId, personId, tokenId: claims.jti, cookie: `${COOKIE}=${token}` };
  }

  /** Makes a key of staff; gives what a program sends with it. */
  makeKey(clock: Clock, grants: KeyDecisionWire['grants'], networks: string[] = []) {
    const made = makeApiKey(systemIds, 'dev');
    const { publicId } = made;
    const [keyId, personId] = [systemIds.next('key'), systemIds.next('per')];
    const createdAt = clock.now().toISOString();
    const key = { keyId, personId, createdAt, isStaff: true, grants, networks };
    this.apiKeys.set(publicId, key);
    return { keyId, personId, publicId, authorization: `Bearer ${made.key}` };
  }

  /** Another token of the same session, of this moment. */
  signInAgain(clock: Clock, of: { sessionId: string; personId: string }): string {
    return `${COOKIE}=${this.#issue(clock, of).token}`;
  }

  /** Ends a token, or all that its person or anybody was issued until now. */
  cut(clock: Clock, kind: CutWire['kind'], of: { personId: string; tokenId: string }): void {
    const at = clock.now().toISOString();
    const { personId, tokenId } = of;
    if (kind === 'token') this.cuts.push({ kind, tokenId, at });
    else if (kind === 'person') this.cuts.push({ kind, personId, issuedBefore: at, at });
    else this.cuts.push({ kind, issuedBefore: at, at });
  }

  #issue(clock: Clock, of: { sessionId: string; personId: string }) {
    const issuer = createTokenIssuer({ ...NAMES, keys: this.#keys, clock, ids: systemIds });
    return issuer.issue({ ...of, authzVersion: 1, amr: ['otp'] });
  }

  end(clock: Clock, sessionId: string): void {
    this.living.delete(sessionId);
    this.revoked.push({ sessionId, at: clock.now().toISOString() });
  }

  serve(instance: TinyInstance, clock: Clock): void {
    const other = instance.answer;
    instance.answer = (request, response, body) => {
      const answer = this.#answerTo(request.url ?? '', body, clock);
      const isInner = request.url?.startsWith('/internal/') === true;
      if (answer === undefined) other(request, response, body);
      else if (isInner && !linkOf('auth', clock).isService(request.headers)) {
        response.writeHead(401).end();
      } else if (this.isFeedCut && request.url === INNER_PATHS.revocations) {
        response.writeHead(503).end();
      } else response.end(JSON.stringify(answer));
    };
  }

  #answerTo(url: string, body: string, clock: Clock): object | undefined {
    switch (url) {
      case '/.well-known/jwks.json':
        return this.#keys.jwks();
      case INNER_PATHS.decisions: {
        const { sessions } = JSON.parse(body) as { sessions: string[] }; // the gateway's own question
        this.asked.push(...sessions);
        return { living: sessions.flatMap((sessionId) => this.#decision(sessionId)) };
      }
      case INNER_PATHS.keyDecision: {
        this.keysAsked += 1;
        const { publicId } = JSON.parse(body) as { publicId: string }; // the gateway's own question
        return { key: this.apiKeys.get(publicId) ?? null };
      }
      case INNER_PATHS.revocations:
        return {
          at: clock.now().toISOString(),
          revoked: this.revoked,
          cuts: this.cuts,
          isWhole: true,
        };
      case INNER_PATHS.away:
        this.told.push(...(JSON.parse(body) as { decided: DecidedAway[] }).decided); // its own report
        return { violations: [] };
      default:
        return undefined;
    }
  }

  #decision(sessionId: string): object[] {
    const found = this.living.get(sessionId);
    if (found === undefined) return [];
    const grants = found.role === null ? [] : [...ROLE_PERMISSIONS[found.role]];
    return [{ sessionId, ...found, grants }];
  }
}
