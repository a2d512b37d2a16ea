/**
 * Who may do what, decided before a request is passed on. While the auth service answers, its own
 * decision counts (level 1), kept for ten seconds and dropped when the feed tells of a session's end.
 * While it is away the levels of `away.ts` count, each of which only takes away. A call whose question
 * nobody answered is decided so too, before the service counts as away: it can only get less.
 */
import {
  isAllowedAt,
  isStaffPermission,
  keyScopeOf,
  type AccessClaims,
  type AuthLevel,
  type NamedEndpoint,
  type ProblemCode,
} from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { mayComeFrom } from '../../../platform/network/index.ts';
import { TokenRefused, type ShownKey, type TokenVerifier } from '../../../platform/tokens/index.ts';
import type { AuthClient } from './auth-client.ts';
import type { AuthHealth } from './auth-health.ts';
import type { AwayJournal } from './away-journal.ts';
import type { Decided, Decisions } from './decisions.ts';
import { claimsOf, type KeyDecisions } from './key-decisions.ts';
import type { KeyRing } from './key-ring.ts';
import type { Revocations } from './revocations.ts';
import type { SharedDecisions } from './shared-decisions.ts';
import type { TrustedTime } from './trusted-time.ts';

/** Older knowledge of revocations lets level 3 read only. */
const WRITES_UNTIL_MS = 60_000;

/** How far to go without auth (A5); the settings say the same names. */
export type Fallback = Readonly<{
  /** Level 2 at all, and for how long after the decision; a quarter of an hour at most. */
  enableCache: boolean;
  cacheTimeoutMs: number;
  /** Levels 3 and 4 at all, and for how long without news level 3 lasts; an hour at most. */
  allowOfflineMode: boolean;
  maxOfflineTimeMs: number;
}>;

/** The person behind a session, by whom their calls are counted; calls of a key are its own. */
export type Who = Readonly<{ personId: string; isStaff: boolean; keyId?: string }>;

export type Verdict =
  | Readonly<{ kind: 'pass'; level: AuthLevel; who: Who }>
  | Readonly<{ kind: 'refuse'; code: ProblemCode }>;

export type GuardParts = Readonly<{
  clock: Clock;
  verifier: TokenVerifier;
  auth: AuthClient;
  health: AuthHealth;
  keys: KeyRing;
  decisions: Decisions;
  keyDecisions: KeyDecisions;
  revocations: Revocations;
  journal: AwayJournal;
  time: TrustedTime;
  fallback: Fallback;
  /** What other gateways heard; undefined: each knows only what it heard itself. */
  shared: SharedDecisions | undefined;
}>;

const ENDED: Verdict = { kind: 'refuse', code: 'identity.session_ended' };
const UNPROVED: Verdict = { kind: 'refuse', code: 'platform.token_refused' };
const KEY_REFUSED: Verdict = { kind: 'refuse', code: 'identity.key_refused' };
const KEY_ELSEWHERE: Verdict = { kind: 'refuse', code: 'identity.key_address_refused' };
const FORBIDDEN: Verdict = { kind: 'refuse', code: 'http.forbidden' };
const AWAY: Verdict = { kind: 'refuse', code: 'gateway.auth_away' };

export class Guard {
  readonly #parts: GuardParts;

  constructor(parts: GuardParts) {
    this.#parts = parts;
  }

  /** At once where everything is known, which is nearly always; never rejects. */
  check(named: NamedEndpoint, token: string | undefined): Verdict | Promise<Verdict> {
    if (token === undefined) return ENDED;
    const { health, decisions, revocations } = this.#parts;
    if (health.isAway) return this.#withoutAuth(named, token);
    const claims = this.#verify(token, 'exp');
    if (claims === 'unknown_key') return this.#meetUnknownKey(named, token);
    if (claims === undefined) return UNPROVED;
    if (revocations.end(claims)) return ENDED;
    const fresh = decisions.fresh(claims.sid);
    if (fresh !== undefined) return judge(named, fresh);
    return decisions.ask(claims.sid).then(
      (decided) => {
        this.#parts.shared?.keep(claims, decided);
        // It may have ended while the answer was on its way.
        return revocations.end(claims) ? ENDED : judge(named, decided);
      },
      () => this.#withoutAuth(named, token),
    );
  }

  /** A call with an API key from `address`: level 1 or nothing. Never rejects. */
  async checkKey(
    named: NamedEndpoint,
    shown: ShownKey | 'malformed',
    address: string,
  ): Promise<Verdict> {
    const { health, keyDecisions, revocations } = this.#parts;
    if (shown === 'malformed') return KEY_REFUSED;
    const scope = keyScopeOf(named.endpoint);
    if (scope === undefined) return FORBIDDEN;
    if (health.isAway) return AWAY;
    try {
      const key = await keyDecisions.of(shown);
      if (key === undefined || revocations.end(claimsOf(key))) return KEY_REFUSED;
      if (!key.grants.includes(scope)) return FORBIDDEN;
      const { personId, isStaff, keyId, networks } = key;
      if (!mayComeFrom(networks, address)) return KEY_ELSEWHERE;
      return { kind: 'pass', level: 1, who: { personId, isStaff, keyId } };
    } catch {
      return AWAY;
    }
  }

  async #meetUnknownKey(named: NamedEndpoint, token: string): Promise<Verdict> {
    const { keys, auth } = this.#parts;
    const before = keys.jwks;
    await keys.meetUnknown(auth).catch(() => undefined);
    return keys.jwks === before ? UNPROVED : this.check(named, token);
  }

  #verify(
    token: string,
    until: 'exp' | 'deg_exp' | 'day',
  ): AccessClaims | 'unknown_key' | undefined {
    try {
      return this.#parts.verifier.verify(token, until);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      return error.reason === 'unknown_key' ? 'unknown_key' : undefined;
    }
  }

  #withoutAuth(named: NamedEndpoint, token: string): Verdict | Promise<Verdict> {
    const { shared, decisions } = this.#parts;
    const claims = this.#unheardOf(token);
    if (shared === undefined || claims === undefined) return this.#decideAlone(named, token);
    return shared.find(claims).then((found) => {
      if (found !== undefined) decisions.restore(claims.sid, found);
      return this.#decideAlone(named, token);
    });
  }

  /** Its claims when level 2 is open to this token and nothing was ever heard of its session here. */
  #unheardOf(token: string): AccessClaims | undefined {
    const { decisions, keys, fallback } = this.#parts;
    if (!fallback.enableCache || keys.isUnknown) return undefined;
    const claims = this.#verify(token, 'exp');
    if (typeof claims !== 'object') return undefined;
    return decisions.lastKnown(claims.sid) === undefined ? claims : undefined;
  }

  #decideAlone(named: NamedEndpoint, token: string): Verdict {
    const found = this.#levelFor(token);
    if (found === undefined) return this.#couldProve(token) ? AWAY : UNPROVED;
    const { claims, level, known } = found;
    if (
      this.#parts.revocations.end(claims) ||
      (known?.decision === undefined && known !== undefined)
    ) {
      return ENDED;
    }
    const isGranted = grants(named, known);
    const allowed = isGranted && isAllowedAt(level, named, this.#mayWrite());
    this.#parts.journal.note(
      {
        sessionId: claims.sid,
        personId: claims.sub,
        level,
        endpoint: named.id,
        allowed,
        reason: allowed ? 'auth is away' : isGranted ? 'not at this level' : 'not granted',
      },
      this.#parts.revocations.ageMs,
    );
    const isStaff = (known?.decision?.role ?? null) !== null;
    if (allowed) return { kind: 'pass', level, who: { personId: claims.sub, isStaff } };
    return isGranted ? AWAY : FORBIDDEN;
  }

  /** Nothing against the token itself: it comes at a bad time. */
  #couldProve(token: string): boolean {
    return this.#parts.keys.isUnknown || typeof this.#verify(token, 'exp') === 'object';
  }

  /** The best level this token can have now; undefined: none. */
  #levelFor(
    token: string,
  ): { claims: AccessClaims; level: AuthLevel; known: Decided | undefined } | undefined {
    const { decisions, revocations, keys, fallback } = this.#parts;
    if (keys.isUnknown) return undefined;
    const current = this.#verify(token, 'exp');
    if (fallback.enableCache && typeof current === 'object') {
      const known = decisions.remembered(current.sid, fallback.cacheTimeoutMs);
      if (known !== undefined) return { claims: current, level: 2, known };
    }

    if (!fallback.allowOfflineMode) return undefined;
    const isRecent = Math.max(revocations.ageMs, keys.ageMs) <= fallback.maxOfflineTimeMs;
    const claims = this.#verify(token, isRecent ? 'deg_exp' : 'day');
    if (typeof claims !== 'object') return undefined;
    return { claims, level: isRecent ? 3 : 4, known: decisions.lastKnown(claims.sid) };
  }

  #mayWrite(): boolean {
    return this.#parts.revocations.ageMs <= WRITES_UNTIL_MS && this.#parts.time.isTrusted;
  }
}

function judge(named: NamedEndpoint, decided: Decided): Verdict {
  const { decision } = decided;
  if (decision === undefined) return ENDED;
  if (!grants(named, decided)) return FORBIDDEN;
  const who = { personId: decision.personId, isStaff: decision.role !== null };
  return { kind: 'pass', level: 1, who };
}

/** Own data needs a session only; a right of staff must have been granted. Unknown: it was not. */
function grants({ endpoint }: NamedEndpoint, known: Decided | undefined): boolean {
  const { permission } = endpoint;
  if (!isStaffPermission(permission)) return true;
  return known?.decision?.grants.includes(permission) === true;
}
