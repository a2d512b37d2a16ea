/** The second step of staff, its enrolment, and the fresh second factor before acts of weight. */
import type { Tx } from '../../platform/db/index.ts';
import type { SignInDeps } from './deps.ts';
import { ChallengeInvalid, CodeRefused, SessionEnded } from './errors.ts';
import { useFactor } from './factor.ts';
import { selfFrom, strangerFrom, type From } from './from.ts';
import { hashOf, hashOfReadable, readableCode } from './one-time.ts';
import { closeChallenge, tryChallenge, type Purpose } from './repository-challenges.ts';
import { countRecoveryCodes, insertTotp, replaceRecoveryCodes } from './repository-credentials.ts';
import { markSecondFactor, touchStaffSession, type SessionView } from './repository-sessions.ts';
import { momentOf, viewOf, type SignedIn } from './sessions.ts';
import {
  admitStaff,
  CHALLENGE_TRIES,
  pendingPlace,
  recordRefusal,
  tell,
  totpPlace,
} from './steps.ts';
import { giveBack, take, windows } from './throttle.ts';
import { matchingStep } from './totp.ts';

const RECOVERY_CODES = 10;

export type Enrolled = Readonly<{ signedIn: SignedIn; recoveryCodes: readonly string[] }>;

/** Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`. */
export async function secondFactorStep(
  deps: SignInDeps,
  wish: { challenge: string; code: string },
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  const hash = hashOf(wish.challenge);
  const outcome = await deps.db.transaction(async (tx) => {
    const personId = await answering(tx, { hash, purpose: 'second_factor', at });
    const passed = await checkFactor(tx, deps, { personId, code: wish.code, from, at });
    if (!passed) return undefined;
    await closeChallenge(tx, hash, at);
    return admitStaff(tx, deps, { personId, act: 'session.signed_in', from, at });
  });
  if (outcome === undefined) throw new CodeRefused('wrong second factor');
  return outcome;
}

/** Throws `CodeRefused`, `ChallengeInvalid`; the recovery codes are in clear here only. */
export async function enrolStep(
  deps: SignInDeps,
  wish: { challenge: string; code: string },
  from: From,
): Promise<Enrolled> {
  const at = deps.clock.now();
  const hash = hashOf(wish.challenge);
  const outcome = await deps.db.transaction(async (tx) => {
    const begun = await tryChallenge(tx, { hash, purpose: 'enrol', most: CHALLENGE_TRIES, at });
    if (begun?.personId === undefined || begun.secret === undefined)
      throw new ChallengeInvalid('unknown, used, old or worn out');
    const { personId } = begun;
    const secret = deps.sealing.open(begun.secret, pendingPlace(hash));
    const step = matchingStep(secret, wish.code, { at, lastStep: 0 });
    if (step === undefined) {
      await refused(tx, deps, { personId, from, act: 'session.enrol_refused' });
      return undefined;
    }
    const sealed = deps.sealing.seal(secret, totpPlace(personId));
    // Another browser was quicker: its authenticator counts, this secret is forgotten.
    if (!(await insertTotp(tx, { personId, secret: sealed, step, at }))) {
      throw new ChallengeInvalid('enrolled meanwhile');
    }
    const recoveryCodes = Array.from({ length: RECOVERY_CODES }, () => readableCode(deps.ids));
    const hashes = recoveryCodes.map(hashOfReadable);
    await replaceRecoveryCodes(tx, { personId, hashes, at });
    await closeChallenge(tx, hash, at);
    const signedIn = await admitStaff(tx, deps, { personId, act: 'session.enrolled', from, at });
    await tell(tx, deps, { personId, kind: 'second_factor_changed', from, at });
    return { signedIn, recoveryCodes };
  });
  if (outcome === undefined) throw new CodeRefused('wrong code of a new authenticator');
  return outcome;
}

/** Throws `CodeRefused`, `SessionEnded`, `TooManyTries`. */
export async function stepUp(
  deps: SignInDeps,
  wish: { sessionId: string; code: string },
  from: From,
): Promise<SessionView> {
  const at = deps.clock.now();
  const { sessionId, code } = wish;
  const outcome = await deps.db.transaction(async (tx) => {
    const session = await touchStaffSession(tx, sessionId, momentOf(at));
    if (session === undefined) throw new SessionEnded(`no session of staff ${sessionId}`);
    const { personId } = session;
    if (!(await checkFactor(tx, deps, { personId, code, from, at }))) return undefined;
    await markSecondFactor(tx, sessionId, at);
    await deps.audit.record(tx, {
      actor: selfFrom(session, from),
      act: 'session.stepped_up',
      subject: { kind: 'session', id: sessionId },
      personId,
    });
    return viewOf(tx, sessionId, at);
  });
  if (outcome === undefined) throw new CodeRefused('wrong second factor');
  return outcome;
}

/** Whose challenge this try answers; throws `ChallengeInvalid`. */
async function answering(
  tx: Tx,
  tried: { hash: string; purpose: Purpose; at: Date },
): Promise<string> {
  const found = await tryChallenge(tx, { ...tried, most: CHALLENGE_TRIES });
  if (found?.personId === undefined) throw new ChallengeInvalid('unknown, used, old or worn out');
  return found.personId;
}

/** One of the hour's tries, the code itself, and what the log and the person must know of it. */
async function checkFactor(
  tx: Tx,
  deps: SignInDeps,
  given: { personId: string; code: string; from: From; at: Date },
): Promise<boolean> {
  const { personId, from, at } = given;
  const window = windows.factor(personId);
  await take(tx, window, at);
  const factor = await useFactor(tx, deps, given);
  if (factor === undefined) {
    await refused(tx, deps, { personId, from, act: 'session.second_factor_refused' });
    return false;
  }
  await giveBack(tx, window);
  if (factor === 'recovery') {
    await deps.audit.record(tx, {
      actor: strangerFrom(from),
      act: 'session.recovery_code_used',
      subject: { kind: 'person', id: personId },
      personId,
      after: { codesLeft: String(await countRecoveryCodes(tx, personId)) },
    });
    await tell(tx, deps, { personId, kind: 'recovery_code_used', from, at });
  }
  return true;
}

async function refused(
  tx: Tx,
  deps: SignInDeps,
  what: { personId: string; from: From; act: string },
): Promise<void> {
  const { personId, from, act } = what;
  await recordRefusal(tx, deps, { actor: strangerFrom(from), act, account: { personId } });
}
