/**
 * Who of the staff asks the monitor, judged without asking anybody: the signature of the access token
 * by a copy of auth's public keys, and the session by a copy of the living sessions of staff. While
 * auth answers, the copy is seconds old and a session that ended is out of it; while it is away the
 * last copy counts for an hour, for tokens until their `deg_exp`. Lost with the process: then only the
 * operator of the host restarts (`npx opora restart`).
 */
import type { KeyObject } from 'node:crypto';
import {
  INNER_PATHS,
  ROLE_PERMISSIONS,
  StaffStandingWire,
  type StaffPermission,
} from '@opora/contracts';
import { DomainError, type Clock } from '@opora/kernel';
import type { Networks } from '../../platform/network/index.ts';
import {
  createTokenVerifier,
  JWKS_PATH,
  JwksWire,
  publicKeysOf,
} from '../../platform/tokens/index.ts';
import type { InnerCall } from '../inner-call.ts';

/** No living session of staff that may do this, as far as the monitor knows. */
export class StaffUnknown extends DomainError {
  readonly code = 'monitor.staff_unknown';
  readonly kind = 'forbidden';
}

const RENEW_EVERY_MS = 5_000;
/** A younger copy is the auth service's own word. */
const OWN_WORD_MS = 15_000;
const COPY_COUNTS_MS = 3_600_000;

export type StaffMember = StaffStandingWire['sessions'][number] &
  Readonly<{ expiresAt: Date; isByCopy: boolean }>;

export interface StaffDoor {
  /** Keeps the copies true until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Throws `TokenRefused`, or `StaffUnknown`. */
  judge(token: string, asked: { permission: StaffPermission; address: string }): StaffMember;
}

export function createStaffDoor(deps: {
  auth: InnerCall;
  clock: Clock;
  tokens: Readonly<{ issuer: string; audience: string }>;
  /** Where staff may work from; absent: anywhere. */
  networks: Networks | undefined;
}): StaffDoor {
  const { auth, clock } = deps;
  const keys = new Map<string, KeyObject>();
  let sessions: ReadonlyMap<string, StaffStandingWire['sessions'][number]> = new Map();
  let cutTokens: ReadonlySet<string> = new Set();
  let copiedMs = Number.NEGATIVE_INFINITY;
  const verifier = createTokenVerifier({ keys, clock, ...deps.tokens });

  async function renew(): Promise<void> {
    const askedMs = clock.monotonicMs();
    const [standing, told] = await Promise.all([
      auth.ask(INNER_PATHS.staff, StaffStandingWire),
      auth.ask(JWKS_PATH, JwksWire),
    ]);
    keys.clear();
    for (const [kid, key] of publicKeysOf(told.keys)) keys.set(kid, key);
    sessions = new Map(standing.sessions.map((one) => [one.sessionId, one]));
    cutTokens = new Set(standing.cutTokens);
    copiedMs = askedMs;
  }

  return {
    async run(signal) {
      while (!signal.aborted) {
        // Nobody of auth answers: that is what the copy is for.
        await renew().catch(() => undefined);
        await clock.sleep(RENEW_EVERY_MS, signal);
      }
    },
    judge(token, { permission, address }) {
      const ageMs = clock.monotonicMs() - copiedMs;
      const isByCopy = ageMs > OWN_WORD_MS;
      const claims = verifier.verify(token, isByCopy ? 'deg_exp' : 'exp');
      const found = ageMs <= COPY_COUNTS_MS ? sessions.get(claims.sid) : undefined;
      if (found?.personId !== claims.sub || cutTokens.has(claims.jti))
        throw new StaffUnknown('no such session of staff');
      if (!ROLE_PERMISSIONS[found.role].has(permission)) {
        throw new StaffUnknown(`${found.role} lacks ${permission}`);
      }
      if (deps.networks?.includes(address) === false) {
        throw new StaffUnknown(`staff may not work from ${address}`);
      }
      const expiresAt = new Date((isByCopy ? claims.deg_exp : claims.exp) * 1000);
      return { ...found, expiresAt, isByCopy };
    },
  };
}
