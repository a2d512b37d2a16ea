/**
 * Signed-in devices. A refresh token is opaque, single use and only its hash is stored; rotating
 * it is one conditional update. The loser of a race gets the same successor for ten seconds; any
 * later use of an old token is theft or a lost device, and ends the whole session.
 * Sessions of customers live 30 days, a week without use; those of staff 12 hours, half an hour
 * without a call that needs a right of staff. Both ends are kept here, on the server (security B3).
 */
import type { Clock, Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Networks } from '../../platform/network/index.ts';
import type { Sealing } from '../../platform/sealing/index.ts';
import type { IssuedToken, TokenIssuer } from '../../platform/tokens/index.ts';
import { SessionEnded, SessionNotFound, StaffAddressRefused } from './errors.ts';
import type { From } from './from.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import { newRefreshToken, sealSuccessor, sessionOf, unsealSuccessor } from './refresh-token.ts';
import {
  revokeOtherSessions,
  revokeOwnSession,
  selectOwnSessions,
  type OwnSession,
} from './repository-own-sessions.ts';
import {
  insertLoginLink,
  insertSession,
  readSession,
  revokeSession,
  rotateSession,
  touchStaffSession,
  viewSessions,
  type Moment,
  type Rotated,
  type SessionKind,
  type SessionView,
  type StaffSession,
} from './repository-sessions.ts';

const LINK_LIFE_MS = 10 * 60_000;
const REFRESH_LIFE_MS = 7 * 24 * 3_600_000;
const LIFE_MS = { customer: 30 * 24 * 3_600_000, staff: 12 * 3_600_000 };
/** A session of staff that nobody used for this long is over. */
export const STAFF_IDLE_MS = 30 * 60_000;
/** For this long the token before the current one still gives the current one. */
const OVERLAP_MS = 10_000;
/** Characters of a browser's name that are kept. */
const USER_AGENT_MAX = 200;

export type SignedIn = Readonly<{
  access: IssuedToken;
  /** `ses_....<secret>.<tag>`: for the cookie, nowhere else. */
  refreshToken: string;
  refreshExpiresAt: Date;
  view: SessionView;
  /** The mark of a device that is known from now on; absent: no change. */
  device?: string;
}>;

export interface Sessions {
  /** A one-time way into the web from the bot; ten minutes. Returns the secret part of the link. */
  createLink(personId: string): Promise<string>;
  /** Throws `SessionEnded`; a reused token of ours ends the session first, an invented one nothing. */
  refresh(refreshToken: string): Promise<SignedIn>;
  /** Ends the session of this token; an unknown one is no error. */
  leave(refreshToken: string): Promise<void>;
  /** The person's own living ones, the last used first; at most `OWN_SESSIONS_MAX`. */
  ofPerson(personId: string): Promise<OwnSession[]>;
  /** Ends one of the person's own; throws `SessionNotFound` for anybody else's and for ended ones. */
  end(personId: string, sessionId: string): Promise<void>;
  endOthers(personId: string, sessionId: string): Promise<void>;
  /** A living session; throws `SessionEnded`. */
  view(sessionId: string): Promise<SessionView>;
  /**
   * Who of the staff calls, with the role of this moment; throws `SessionEnded`, and
   * `StaffAddressRefused` for an address they may not work from. One statement.
   */
  staff(sessionId: string, address: string): Promise<StaffSession>;
}

export type SessionsDeps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  issuer: TokenIssuer;
  sealing: Sealing;
  /** Where staff may work from; absent: anywhere (A3). */
  staffNetworks?: Networks | undefined;
}>;

export function createSessions(deps: SessionsDeps): Sessions {
  const { db, clock, ids, sealing } = deps;
  return {
    async createLink(personId) {
      const link = ids.secret(SECRET_BYTES);
      const expiresAt = new Date(clock.now().getTime() + LINK_LIFE_MS);
      await insertLoginLink(db.read, { hash: hashOf(link), personId, expiresAt });
      return link;
    },
    refresh: (refreshToken) => refresh(deps, refreshToken),
    async leave(refreshToken) {
      const id = sessionOf(sealing, refreshToken);
      if (id === undefined) return;
      const session = await readSession(db.read, id);
      // Only who holds the token may end the session; an old one is no proof.
      const isHolder = [session?.refreshHash, session?.previousHash].includes(hashOf(refreshToken));
      if (isHolder) await revokeSession(db.read, id, { reason: 'left', at: clock.now() });
    },
    ofPerson: (personId) => selectOwnSessions(db.read, personId, momentOf(clock.now())),
    async end(personId, sessionId) {
      const why = { reason: 'ended by its person', at: clock.now() };
      if (!(await revokeOwnSession(db.read, { personId, sessionId }, why))) {
        throw new SessionNotFound(`no session ${sessionId} of ${personId}`);
      }
    },
    async endOthers(personId, sessionId) {
      const why = { reason: 'ended by its person', at: clock.now() };
      await revokeOtherSessions(db.read, { personId, sessionId }, why);
    },
    view: (sessionId) => viewOf(db.read, sessionId, clock.now()),
    async staff(sessionId, address) {
      assertStaffAddress(deps, address);
      const found = await touchStaffSession(db.read, sessionId, momentOf(clock.now()));
      if (found === undefined) throw new SessionEnded(`no session of staff ${sessionId}`);
      return found;
    },
  };
}

/** A stolen session or password of staff opens nothing from elsewhere. */
function assertStaffAddress({ staffNetworks }: SessionsDeps, address: string): void {
  if (staffNetworks?.includes(address) === false) {
    throw new StaffAddressRefused(`staff may not work from ${address}`);
  }
}

/** `at`, and since when a session of staff must have been seen then. */
export function momentOf(at: Date): Moment {
  return { at, idleSince: new Date(at.getTime() - STAFF_IDLE_MS) };
}

export async function viewOf(tx: Tx, sessionId: string, at: Date): Promise<SessionView> {
  const [view] = await viewSessions(tx, [sessionId], momentOf(at));
  if (view === undefined) throw new SessionEnded(`session ${sessionId} has ended`);
  return view;
}

/** Opens a session; the caller holds the person's row, so that a ban cannot miss it. */
export async function openSession(
  tx: Tx,
  deps: SessionsDeps,
  wish: {
    personId: string;
    kind: SessionKind;
    amr: readonly string[];
    secondFactorAt?: Date;
    from: From;
    at: Date;
  },
): Promise<SignedIn> {
  const { personId, kind, amr, from, at } = wish;
  if (kind === 'staff') assertStaffAddress(deps, from.address);
  const sessionId = deps.ids.next('ses');
  const refreshToken = newRefreshToken(deps, sessionId);
  const expiresAt = new Date(at.getTime() + LIFE_MS[kind]);
  const week = new Date(at.getTime() + REFRESH_LIFE_MS);
  const refreshExpiresAt = kind === 'staff' ? expiresAt : week;
  await insertSession(tx, {
    id: sessionId,
    personId,
    kind,
    amr,
    secondFactorAt: wish.secondFactorAt,
    createdAt: at,
    expiresAt,
    refreshHash: hashOf(refreshToken),
    refreshExpiresAt,
    userAgent: from.userAgent?.slice(0, USER_AGENT_MAX),
    address: from.address,
  });
  const view = await viewOf(tx, sessionId, at);
  return signedIn(deps, view, { personId, amr, refreshExpiresAt, refreshToken });
}

async function refresh(deps: SessionsDeps, refreshToken: string): Promise<SignedIn> {
  const at = deps.clock.now();
  const sessionId = sessionOf(deps.sealing, refreshToken);
  if (sessionId === undefined) throw new SessionEnded('not a refresh token of ours');
  const successor = newRefreshToken(deps, sessionId);
  const rotated = await rotateSession(deps.db.read, {
    id: sessionId,
    hash: hashOf(refreshToken),
    successorHash: hashOf(successor),
    sealedSuccessor: sealSuccessor(successor, refreshToken),
    ...momentOf(at),
    expiresAt: new Date(at.getTime() + REFRESH_LIFE_MS),
  });
  const current =
    rotated === undefined
      ? await losersAnswer(deps, { sessionId, refreshToken, at })
      : { ...rotated, refreshToken: successor };
  return signedIn(deps, await viewOf(deps.db.read, sessionId, at), current);
}

/** The token was not the current one: the loser of a race, or somebody with an old token. */
async function losersAnswer(
  deps: SessionsDeps,
  used: { sessionId: string; refreshToken: string; at: Date },
): Promise<Rotated & { refreshToken: string }> {
  const { sessionId, refreshToken, at } = used;
  const session = await readSession(deps.db.read, sessionId);
  if (session === undefined) throw new SessionEnded(`session ${sessionId} has ended`);
  const isLoser =
    session.endedAt === undefined &&
    session.previousHash === hashOf(refreshToken) &&
    at.getTime() - session.rotatedAt.getTime() <= OVERLAP_MS;
  if (isLoser && session.sealedSuccessor !== undefined) {
    return { ...session, refreshToken: unsealSuccessor(session.sealedSuccessor, refreshToken) };
  }
  // The current token that came too late ends nothing: its session has ended by itself.
  if (session.refreshHash !== hashOf(refreshToken)) {
    await revokeSession(deps.db.read, sessionId, { reason: 'refresh token reused', at });
  }
  throw new SessionEnded(`session ${sessionId} has ended`);
}

function signedIn(
  deps: SessionsDeps,
  view: SessionView,
  session: Rotated & { refreshToken: string },
): SignedIn {
  const { personId, amr, refreshToken, refreshExpiresAt } = session;
  const { sessionId } = view;
  const access = deps.issuer.issue({ personId, sessionId, authzVersion: 1, amr });
  return { access, refreshToken, refreshExpiresAt, view };
}
