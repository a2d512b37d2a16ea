/**
 * The gateway's authorization: one guard before everything that needs a session, and the loop that
 * keeps what it knows true. It asks the auth service four times a second for the sessions that
 * ended, which is also how it notices that nobody is there.
 * Limits: a decision counts for 10 s, an end is known within 1 s; without auth a decision counts for a
 * quarter of an hour, a token for an hour, and after an hour without news only reads of the own
 * subscription are left.
 */
import type { Clock } from '@opora/kernel';
import type { InnerLink } from '../../../platform/http/index.ts';
import type { Log } from '../../../platform/log/index.ts';
import type { Metrics } from '../../../platform/metrics/index.ts';
import type { Redis } from '../../../platform/redis/index.ts';
import { createTokenVerifier } from '../../../platform/tokens/index.ts';
import type { Upstream } from '../upstream.ts';
import { createAccessTable, type AccessTable } from './access-table.ts';
import { createAuthClient } from './auth-client.ts';
import { AuthHealth } from './auth-health.ts';
import { AwayJournal } from './away-journal.ts';
import { Decisions } from './decisions.ts';
import { Guard, type Fallback } from './guard.ts';
import { Keeper } from './keeper.ts';
import { KeyDecisions } from './key-decisions.ts';
import { KeyRing } from './key-ring.ts';
import { FEED_EVERY_MS, Revocations } from './revocations.ts';
import { SharedDecisions } from './shared-decisions.ts';
import { TrustedTime } from './trusted-time.ts';

export type { AccessTable } from './access-table.ts';
export type { Fallback, Guard, Verdict, Who } from './guard.ts';

/** How often what is known is written to disk. */
const KEPT_EVERY_MS = 10_000;

export type AuthorizationDeps = Readonly<{
  clock: Clock;
  log: Log;
  metrics: Metrics;
  upstream: Upstream;
  link: InnerLink;
  /** Who signs access tokens, and for whom. */
  tokens: Readonly<{ issuer: string; audience: string }>;
  /** Name of the cookie that carries the access token. */
  cookie: string;
  fallback: Fallback;
  /** The file that outlives this process. */
  path: string;
  /** Where gateways tell each other; absent: this one knows what it heard itself. */
  redis?: Redis;
}>;

export type AuthorizationReport = Readonly<{
  auth: 'answers' | 'away';
  decisions: number;
  revocations: number;
  /** Milliseconds since the list of ended sessions was complete; null: never. */
  revocationsAgeMs: number | null;
  keysAgeMs: number | null;
  undelivered: number;
}>;

export interface Authorization {
  readonly table: AccessTable;
  readonly guard: Guard;
  readonly cookie: string;
  readonly isAway: boolean;
  /** Takes over what the last gateway knew, then keeps itself informed until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  report(): AuthorizationReport;
}

export function createAuthorization(deps: AuthorizationDeps): Authorization {
  const { clock, log } = deps;
  const auth = createAuthClient(deps);
  const health = new AuthHealth(clock);
  const keys = new KeyRing(clock);
  const revocations = new Revocations(clock);
  const decisions = new Decisions(clock, auth);
  const keyDecisions = new KeyDecisions(clock, auth);
  const journal = new AwayJournal(clock, log);
  const known = { keys, revocations, decisions, journal, time: new TrustedTime(clock) };
  const keeper = new Keeper({ ...known, clock, log, path: deps.path, link: deps.link });
  const verifier = createTokenVerifier({ keys: keys.keys, clock, ...deps.tokens });
  const guard = new Guard({
    ...{ ...known, clock, verifier, auth, health, keyDecisions, fallback: deps.fallback },
    shared: sharedDecisions(deps),
  });
  countLevels(deps.metrics, { health, revocations });

  /** One round of the feed; whatever happens, it tells whether auth is there. */
  async function round(): Promise<void> {
    let isAnswered = true;
    try {
      await keys.renew(auth);
      const theirs = await revocations.sync(auth, (sessionId) => {
        decisions.drop(sessionId);
      });
      known.time.meet(theirs);
    } catch {
      // Without its feed the gateway asks about each session anew every ten seconds, which is no outage.
      isAnswered = await decisions.areAnswered();
    }
    if (health.note(isAnswered)) {
      log[health.isAway ? 'error' : 'warn']({ away: health.isAway }, 'the auth service turned');
    }
    if (!health.isAway && journal.size > 0) {
      await journal.report(auth).catch((error: unknown) => {
        log.warn({ error }, 'what was decided without auth is told later');
      });
    }
  }

  return {
    table: createAccessTable(),
    guard,
    cookie: deps.cookie,
    get isAway() {
      return health.isAway;
    },
    async run(signal) {
      await keeper.load();
      for (let keptAtMs = clock.monotonicMs(); !signal.aborted;) {
        await round();
        if (clock.monotonicMs() - keptAtMs >= KEPT_EVERY_MS) {
          await keeper.save();
          keptAtMs = clock.monotonicMs();
        }
        await clock.sleep(FEED_EVERY_MS, signal);
      }
      await keeper.save();
    },
    report: () => ({
      auth: health.isAway ? 'away' : 'answers',
      decisions: decisions.size,
      revocations: revocations.size,
      revocationsAgeMs: finite(revocations.ageMs),
      keysAgeMs: finite(keys.ageMs),
      undelivered: journal.size,
    }),
  };
}

/** Undefined without a Redis. */
function sharedDecisions({ clock, redis, link, tokens }: AuthorizationDeps) {
  const { audience } = tokens;
  return redis && new SharedDecisions({ clock, redis, link, audience });
}

function countLevels(
  metrics: Metrics,
  { health, revocations }: { health: AuthHealth; revocations: Revocations },
): void {
  metrics.read('gateway_auth_away', 'The auth service does not answer (1).', () =>
    health.isAway ? 1 : 0,
  );
  metrics.read('gateway_revocations_age_seconds', 'Age of the list of ended sessions.', () =>
    Math.min(revocations.ageMs / 1000, Number.MAX_SAFE_INTEGER),
  );
}

function finite(ms: number): number | null {
  return Number.isFinite(ms) ? Math.round(ms) : null;
}

/** The value of one cookie of a request; undefined: there is none. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  if (header === undefined || header.length > COOKIES_MAX) return undefined;
  const start = `${name}=`;
  for (const part of header.split(';')) {
    const cookie = part.trimStart();
    if (cookie.startsWith(start)) return cookie.slice(start.length).trimEnd();
  }
  return undefined;
}
const COOKIES_MAX = 8_192;
