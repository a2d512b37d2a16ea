/**
 * Signed-in devices. A refresh token is opaque, single use and only its hash is stored; rotating
 * it is one conditional update. The loser of a race gets the same successor for ten seconds; any
 * later use of an old token is theft or a lost device, and ends the whole session.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import type { Clock, Ids } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { IssuedToken, TokenIssuer } from '../../platform/tokens/index.ts';
import { LoginLinkInvalid, SessionEnded } from './errors.ts';
import {
  insertLoginLink,
  insertSession,
  readSession,
  revokeSession,
  rotateSession,
  useLoginLink,
} from './repository-sessions.ts';

const LINK_LIFE_MS = 10 * 60_000;
const REFRESH_LIFE_MS = 7 * 24 * 3_600_000;
const SESSION_LIFE_MS = 30 * 24 * 3_600_000;
/** For this long the token before the current one still gives the current one. */
const OVERLAP_MS = 10_000;
const SECRET_BYTES = 32;

export type SignedIn = Readonly<{
  access: IssuedToken;
  /** `ses_....<secret>`: for the cookie, nowhere else. */
  refreshToken: string;
  refreshExpiresAt: Date;
}>;

export interface Sessions {
  /** A one-time way into the web from the bot; ten minutes. Returns the secret part of the link. */
  createLink(personId: string): Promise<string>;
  /** Throws `LoginLinkInvalid` for a used, old or invented link. */
  enter(link: string): Promise<SignedIn>;
  /** Throws `SessionEnded`; a reused token ends the session first. */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** Ends the session of this token; an unknown one is no error. */
  leave(refreshToken: string): Promise<void>;
}

type SessionsDeps = Readonly<{ db: Database; clock: Clock; ids: Ids; issuer: TokenIssuer }>;

export function createSessions(deps: SessionsDeps): Sessions {
  const { db, clock, ids } = deps;
  return {
    async createLink(personId) {
      const link = ids.secret(SECRET_BYTES);
      const expiresAt = new Date(clock.now().getTime() + LINK_LIFE_MS);
      await insertLoginLink(db.read, { hash: hashOf(link), personId, expiresAt });
      return link;
    },
    enter: (link) => enter(deps, link),
    refresh: (refreshToken) => refresh(deps, refreshToken),
    async leave(refreshToken) {
      const id = sessionOf(refreshToken);
      const session = await readSession(db.read, id);
      // Only who holds the token may end the session; its id alone is no secret.
      const isHolder = [session?.refreshHash, session?.previousHash].includes(hashOf(refreshToken));
      if (isHolder) await revokeSession(db.read, id, { reason: 'left', at: clock.now() });
    },
  };
}

async function enter(deps: SessionsDeps, link: string): Promise<SignedIn> {
  const at = deps.clock.now();
  const refreshToken = newToken(deps, deps.ids.next('ses'));
  const refreshExpiresAt = new Date(at.getTime() + REFRESH_LIFE_MS);
  const personId = await deps.db.transaction(async (tx) => {
    const owner = await useLoginLink(tx, hashOf(link), at);
    if (owner === undefined) throw new LoginLinkInvalid('login link is used, old or invented');
    await insertSession(tx, {
      id: sessionOf(refreshToken),
      personId: owner,
      createdAt: at,
      expiresAt: new Date(at.getTime() + SESSION_LIFE_MS),
      refreshHash: hashOf(refreshToken),
      refreshExpiresAt,
    });
    return owner;
  });
  return signedIn(deps, { personId, refreshToken, refreshExpiresAt });
}

async function refresh(deps: SessionsDeps, refreshToken: string): Promise<SignedIn> {
  const at = deps.clock.now();
  const sessionId = sessionOf(refreshToken);
  const successor = newToken(deps, sessionId);
  const rotated = await rotateSession(deps.db.read, {
    id: sessionId,
    hash: hashOf(refreshToken),
    successorHash: hashOf(successor),
    sealedSuccessor: seal(successor, refreshToken),
    at,
    expiresAt: new Date(at.getTime() + REFRESH_LIFE_MS),
  });
  if (rotated === undefined) return losersAnswer(deps, refreshToken, at);
  return signedIn(deps, { ...rotated, refreshToken: successor });
}

/** The token was not the current one: the loser of a race, or somebody with an old token. */
async function losersAnswer(deps: SessionsDeps, refreshToken: string, at: Date): Promise<SignedIn> {
  const id = sessionOf(refreshToken);
  const session = await readSession(deps.db.read, id);
  if (session === undefined) throw new SessionEnded(`session ${id} has ended`);
  const isLoser =
    session.revokedAt === undefined &&
    session.previousHash === hashOf(refreshToken) &&
    at.getTime() - session.rotatedAt.getTime() <= OVERLAP_MS;
  if (isLoser && session.sealedSuccessor !== undefined) {
    const successor = unseal(session.sealedSuccessor, refreshToken);
    return signedIn(deps, { ...session, refreshToken: successor });
  }
  await revokeSession(deps.db.read, id, { reason: 'refresh token reused', at });
  throw new SessionEnded(`session ${id} has ended`);
}

function signedIn(
  deps: SessionsDeps,
  session: { personId: string; refreshToken: string; refreshExpiresAt: Date },
): SignedIn {
  const { personId, refreshToken, refreshExpiresAt } = session;
  const sessionId = sessionOf(refreshToken);
  const access = deps.issuer.issue({ personId, sessionId, authzVersion: 1, amr: ['otp'] });
  return { access, refreshToken, refreshExpiresAt };
}

function newToken(deps: SessionsDeps, sessionId: string): string {
  return `${sessionId}.${deps.ids.secret(SECRET_BYTES)}`;
}

/** The part before the dot names the session, so that a reused token is known for what it is. */
function sessionOf(refreshToken: string): string {
  const [id = ''] = refreshToken.split('.', 1);
  return /^ses_[0-9a-z]{26}$/.test(id) ? id : 'ses_unknown';
}

function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url');
}

/** The key is made of the old token, which only its holder has: the table alone opens nothing. */
function sealingKey(oldToken: string): Buffer {
  return Buffer.from(hkdfSync('sha256', oldToken, '', 'opora refresh successor', 32));
}

function seal(successor: string, oldToken: string): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', sealingKey(oldToken), nonce);
  const sealed = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

function unseal(text: string, oldToken: string): string {
  const blob = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', sealingKey(oldToken), blob.subarray(0, 12));
  decipher.setAuthTag(blob.subarray(12, 28));
  return Buffer.concat([decipher.update(blob.subarray(28)), decipher.final()]).toString('utf8');
}
