/** Codes by mail: who answers with one reads the mailbox. */
import type { Language } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { SignInDeps } from './deps.ts';
import { readEmail, type Email } from './email.ts';
import { ChallengeInvalid, CodeRefused, WayTaken } from './errors.ts';
import { selfFrom, type From } from './from.ts';
import { adopt } from './joining.ts';
import { judge } from './judge.ts';
import { hashOf, mailCode, SECRET_BYTES } from './one-time.ts';
import { cleanName } from './person.ts';
import {
  closeChallenge,
  tryChallenge,
  type Challenge,
  type Purpose,
} from './repository-challenges.ts';
import { accountByAddress, insertEmail, upsertPassword } from './repository-credentials.ts';
import { insertPerson } from './repository.ts';
import type { SignedIn } from './sessions.ts';
import { admitCustomer, challenge, CHALLENGE_LIFE_MS, CHALLENGE_TRIES } from './steps.ts';
import { giveBack, take, windows } from './throttle.ts';

export type CodeAnswer = Readonly<{ challenge: string; code: string }>;
/** A challenge that was answered: the mailbox is the reader's. */
export type Proved = Challenge & Readonly<{ email: string; display: string }>;

/**
 * Sends a code to a mailbox, whether or not somebody has it. Returns the challenge. Throws
 * `TooManyTries`, `EmailInvalid`.
 */
export async function sendCodeStep(
  deps: SignInDeps,
  wish: { email: string; language: Language },
  from: From,
): Promise<string> {
  const email = readEmail(wish.email);
  const at = deps.clock.now();
  const { language } = wish;
  return deps.db.transaction((tx) =>
    mailChallenge(tx, deps, { purpose: 'mail_code', email, language, from, at }),
  );
}

/** Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`, `PersonBanned`. */
export async function mailCodeStep(
  deps: SignInDeps,
  answer: CodeAnswer,
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  return whenProved(deps, { answer, purpose: 'mail_code', at }, async (tx, { email, display }) => {
    const name = cleanName(email.split('@')[0] ?? '');
    const personId = await adopt(tx, deps, { email: { address: email, display }, name, from, at });
    return admitCustomer(tx, deps, { personId, way: 'mail_code', from, at });
  });
}

/**
 * The first half of a new account: nothing exists until the code comes back. One answer and one hash
 * of work for a mailbox that has an account and one that has none (A5). Throws `EmailInvalid`,
 * `PasswordWeak`, `TooManyTries`, `Overloaded`.
 */
export async function registerStep(
  deps: SignInDeps,
  wish: { email: string; password: string; language: Language },
  from: From,
): Promise<string> {
  const at = deps.clock.now();
  const { language, password } = wish;
  const email = readEmail(wish.email);
  judge(deps, password, { address: email.address, isStaff: false });
  const phc = await deps.hasher.hash(password);
  return deps.db.transaction((tx) =>
    mailChallenge(tx, deps, { purpose: 'register', email, language, phc, from, at }),
  );
}

/**
 * The second half. Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`, and `WayTaken` when the
 * mailbox has an account already, which only its reader learns.
 */
export async function confirmRegistrationStep(
  deps: SignInDeps,
  answer: CodeAnswer,
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  return whenProved(deps, { answer, purpose: 'register', at }, async (tx, proved) => {
    const { email: address, display, phc } = proved;
    if (phc === undefined) throw new ChallengeInvalid('a registration without a password');
    const personId = deps.ids.next('per');
    if (!(await insertEmail(tx, { address, display, personId, at }))) {
      throw new WayTaken('this mailbox has an account');
    }
    const name = cleanName(address.split('@')[0] ?? '');
    await insertPerson(tx, { id: personId, name, language: from.language, at });
    await upsertPassword(tx, { personId, phc, at });
    await deps.audit.record(tx, {
      actor: selfFrom({ personId, name }, from),
      act: 'person.registered',
      subject: { kind: 'person', id: personId },
      personId,
    });
    return admitCustomer(tx, deps, { personId, way: 'registration', from, at });
  });
}

/** Six digits to a mailbox, and the challenge they answer. Throws `TooManyTries`. */
export async function mailChallenge(
  tx: Tx,
  deps: SignInDeps,
  wish: {
    purpose: Purpose;
    email: Email;
    language: Language;
    personId?: string;
    phc?: string;
    from: From;
    at: Date;
  },
): Promise<string> {
  const { email, language, from, at, ...rest } = wish;
  const token = deps.ids.secret(SECRET_BYTES);
  const code = mailCode(deps.ids);
  await take(tx, windows.mailFrom(from.address), at);
  await take(tx, windows.mailTo(email.address), at);
  // To the spelling its owner gave: another one may be another mailbox at some hosts.
  const known = await accountByAddress(tx, email.address);
  const display = known?.display ?? email.display;
  const expiresAt = new Date(at.getTime() + CHALLENGE_LIFE_MS);
  await deps.letters.sendCode(tx, { email: display, code, language, expiresAt });
  const codeHash = hashOf(`${token} ${code}`);
  return challenge(tx, deps, { ...rest, email: email.address, display, codeHash, at, token });
}

/**
 * Does `then` when the code is right, and uses the challenge up with it; a wrong code costs a try of
 * the challenge and of the mailbox. Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`.
 */
export async function whenProved<T>(
  deps: SignInDeps,
  asked: { answer: CodeAnswer; purpose: Purpose; at: Date },
  then: (tx: Tx, proved: Proved) => Promise<T>,
): Promise<T> {
  const { answer, purpose, at } = asked;
  const hash = hashOf(answer.challenge);
  const outcome = await deps.db.transaction(async (tx) => {
    const found = await tryChallenge(tx, { hash, purpose, most: CHALLENGE_TRIES, at });
    if (found?.email === undefined || found.display === undefined)
      throw new ChallengeInvalid('unknown, used, old or worn out');
    const { email, display } = found;
    const window = windows.mailCode(email);
    await take(tx, window, at);
    // Both sides are hashes over a secret of 256 bits: their comparison tells nothing.
    if (found.codeHash !== hashOf(`${answer.challenge} ${answer.code}`)) return undefined;
    await giveBack(tx, window);
    await closeChallenge(tx, hash, at);
    return { done: await then(tx, { ...found, email, display }) };
  });
  if (outcome === undefined) throw new CodeRefused('wrong code of a mail');
  return outcome.done;
}
