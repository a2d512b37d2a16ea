/**
 * How sessions stand, for the gateway: which of them live and with which rights, which ended lately,
 * and what the gateway decided by itself while this service was away.
 * Every end of a session is a row (leaving, a ban, a changed role, a reused token) and so is every cut
 * of tokens (`signing-out.ts`): the feed is one question and nothing can be forgotten to be told.
 */
import { ROLE_PERMISSIONS, REVOCATIONS_MAX, type DecidedAway } from '@opora/contracts';
import type { CutWire, DecisionWire, RevocationsWire, StaffStandingWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { SYSTEM, type Audit } from '../audit/index.ts';
import { selectStaffSessions } from './repository-access.ts';
import { selectRevoked, type Revocation } from './repository-revocations.ts';
import { readSession, viewSessions } from './repository-sessions.ts';
import { momentOf } from './sessions.ts';

/** Access tokens of longer ago cannot count at any level. */
const TOLD_FOR_MS = 25 * 3_600_000;
/** No token of staff counts longer at the monitor. */
const TOKEN_COUNTS_MS = 3_700_000;

export interface Standing {
  /** The living ones among these sessions (64 at most); one statement. */
  decide(sessionIds: readonly string[]): Promise<DecisionWire[]>;
  /** What ended since, oldest first; `isWhole` false: ask again from the last one's time. */
  revokedSince(since: Date): Promise<RevocationsWire>;
  /**
   * Writes down what was decided while nobody could be asked. Answers the sessions that were served
   * after their end: each is in the audit log and in the log as an error.
   */
  recordAway(decided: readonly DecidedAway[]): Promise<string[]>;
  /** Every living session of staff, for those who must know them without asking. */
  staff(): Promise<StaffStandingWire>;
}

export function createStanding(deps: {
  db: Database;
  clock: Clock;
  log: Log;
  audit: Audit;
}): Standing {
  const { db, clock, log, audit } = deps;
  return {
    async decide(sessionIds) {
      const living = await viewSessions(db.read, sessionIds, momentOf(clock.now()));
      return living.map(({ sessionId, personId, staff }) => ({
        sessionId,
        personId,
        role: staff?.role ?? null,
        grants: staff === undefined ? [] : [...ROLE_PERMISSIONS[staff.role]],
      }));
    },
    async revokedSince(since) {
      const at = clock.now();
      const earliest = new Date(Math.max(since.getTime(), at.getTime() - TOLD_FOR_MS));
      const revoked = await selectRevoked(db.read, earliest, REVOCATIONS_MAX);
      return {
        at: at.toISOString(),
        revoked: revoked.flatMap(({ kind, subject, at: endedAt }) =>
          kind === 'session' ? [{ sessionId: subject, at: endedAt.toISOString() }] : [],
        ),
        cuts: revoked.flatMap(cutOf),
        isWhole: revoked.length < REVOCATIONS_MAX,
      };
    },
    async recordAway(decided) {
      const violations = new Set<string>();
      for (const one of decided) {
        const session = await readSession(db.read, one.sessionId);
        const endedAt = session?.endedAt;
        const isViolation =
          one.allowed && endedAt !== undefined && endedAt.getTime() < Date.parse(one.lastAt);
        if (isViolation) violations.add(one.sessionId);
        await db.transaction((tx) => audit.record(tx, entryOf(one, isViolation)));
      }
      if (violations.size > 0) {
        log.error({ sessions: [...violations] }, 'served after their end while auth was away');
      }
      return [...violations];
    },
    async staff() {
      const at = clock.now();
      const [sessions, ended] = await Promise.all([
        selectStaffSessions(db.read, momentOf(at)),
        selectRevoked(db.read, new Date(at.getTime() - TOKEN_COUNTS_MS), REVOCATIONS_MAX),
      ]);
      const cuts = ended.flatMap(cutOf);
      return {
        sessions,
        cutTokens: cuts.flatMap((one) => (one.kind === 'token' ? [one.tokenId] : [])),
      };
    },
  };
}

function cutOf({ kind, subject, at, issuedBefore = at }: Revocation): CutWire[] {
  const times = { issuedBefore: issuedBefore.toISOString(), at: at.toISOString() };
  switch (kind) {
    case 'token':
      return [{ kind, tokenId: subject, at: times.at }];
    case 'person':
      return [{ kind, personId: subject, ...times }];
    case 'everybody':
      return [{ kind, ...times }];
    case 'session':
      return [];
  }
}

/** The key makes a repeat of the same report one entry. */
function entryOf(one: DecidedAway, isViolation: boolean): Parameters<Audit['record']>[1] {
  const { sessionId, personId, level, endpoint, reason, allowed, times, firstAt, lastAt } = one;
  return {
    actor: SYSTEM,
    act: 'auth.decided_while_away',
    subject: { kind: 'session', id: sessionId },
    personId,
    reason,
    before: undefined,
    after: {
      level: String(level),
      endpoint,
      allowed: String(allowed),
      times: String(times),
      firstAt,
      lastAt,
      violation: String(isViolation),
    },
    key: `away:${sessionId}:${endpoint}:${String(level)}:${String(allowed)}:${firstAt}`,
  };
}
