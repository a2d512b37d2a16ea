/** The mailbox of an account: added, changed, taken away, and put back by who had it before. */
import type { SignInDeps } from './deps.ts';
import { assertLeft, begin, beginRemoval, finish, type By } from './account.ts';
import { readEmail } from './email.ts';
import { CodeRefused, MailLinkInvalid, WayTaken } from './errors.ts';
import { selfFrom, type From } from './from.ts';
import { mailChallenge, whenProved, type CodeAnswer } from './mail-steps.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import {
  closeChallenge,
  tryChallenge,
  voidChallenges,
  voidEarlier,
} from './repository-challenges.ts';
import { accountOf, deletePassword, insertEmail } from './repository-credentials.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import { deleteEmail, forgetWaysSince, type Ways } from './repository-ways.ts';
import { lockPerson } from './repository.ts';
import { challenge, tell } from './steps.ts';
import type { Tx } from '../../platform/db/index.ts';
import { take, windows } from './throttle.ts';

/** How long the former mailbox may take a change back (security A7). */
const UNDO_LIFE_MS = 72 * 3_600_000;

/** A code to the new mailbox. Throws `StepUpRequired`, `EmailInvalid`, `TooManyTries`. */
export async function askEmailStep(deps: SignInDeps, own: By, wished: string): Promise<string> {
  const { from } = own;
  const at = deps.clock.now();
  const email = readEmail(wished);
  return deps.db.transaction(async (tx) => {
    await begin(tx, own, at);
    const { personId } = own;
    const { language } = await lockPerson(tx, personId, 'share');
    return mailChallenge(tx, deps, { purpose: 'new_email', personId, email, language, from, at });
  });
}

/**
 * The new mailbox is proved and takes the place of the old one, which may take it back for three days.
 * Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`, `StepUpRequired`, and `WayTaken` when the
 * mailbox has an account of its own: two accounts are never joined.
 */
export async function confirmEmailStep(
  deps: SignInDeps,
  own: By,
  answer: CodeAnswer,
): Promise<void> {
  const { from } = own;
  const at = deps.clock.now();
  const { personId } = own;
  await whenProved(deps, { answer, purpose: 'new_email', at }, async (tx, proved) => {
    if (proved.personId !== personId) throw new CodeRefused('a code of somebody else');
    const { ways } = await begin(tx, own, at);
    await letGo(tx, deps, { personId, ways, at });
    await deleteEmail(tx, personId);
    const { email: address, display } = proved;
    if (!(await insertEmail(tx, { address, display, personId, at }))) {
      throw new WayTaken('this mailbox has an account');
    }
    await voidChallenges(tx, personId, at);
    await finish(tx, deps, { own, from, at, act: 'person.email_changed' });
    await tell(tx, deps, { personId, kind: 'email_changed', from, at });
  });
}

/** Takes the password with it, which is nothing without. Throws `StepUpRequired`, `LastWay`, `PersonIsStaff`. */
export async function removeEmailStep(deps: SignInDeps, own: By): Promise<void> {
  const { from } = own;
  const at = deps.clock.now();
  const { personId } = own;
  await deps.db.transaction(async (tx) => {
    const { ways } = await beginRemoval(tx, own, at);
    assertLeft({ ...ways, email: undefined });
    await letGo(tx, deps, { personId, ways, at });
    await deletePassword(tx, personId);
    await deleteEmail(tx, personId);
    await voidChallenges(tx, personId, at);
    await finish(tx, deps, { own, from, at, act: 'person.email_removed' });
  });
}

/**
 * The former mailbox takes a change back: it is the account's again, every session ends, and what was
 * set up since to get in with goes. Throws `MailLinkInvalid`, `WayTaken`, `TooManyTries`.
 */
export async function undoEmailStep(deps: SignInDeps, token: string, from: From): Promise<void> {
  const at = deps.clock.now();
  const hash = hashOf(token);
  await deps.db.transaction((tx) => take(tx, windows.codeFrom(from.address), at));
  await deps.db.transaction(async (tx) => {
    const found = await tryChallenge(tx, { hash, purpose: 'undo_email', most: 1, at });
    const { personId, email: address, display, expiresAt } = found ?? {};
    if (
      personId === undefined ||
      address === undefined ||
      display === undefined ||
      expiresAt === undefined
    ) {
      throw new MailLinkInvalid('unknown, used or old');
    }
    await closeChallenge(tx, hash, at);
    const { name } = await lockPerson(tx, personId, 'update');
    await deleteEmail(tx, personId);
    if (!(await insertEmail(tx, { address, display, personId, at }))) {
      throw new WayTaken('this mailbox has another account meanwhile');
    }
    await deletePassword(tx, personId);
    await forgetWaysSince(tx, personId, new Date(expiresAt.getTime() - UNDO_LIFE_MS));
    await voidChallenges(tx, personId, at);
    // Nobody who was in between takes it back once more.
    await voidEarlier(tx, { personId, purpose: 'undo_email', at });
    await revokeSessionsOf(tx, personId, { reason: 'mailbox taken back', at });
    await deps.audit.record(tx, {
      actor: selfFrom({ personId, name }, from),
      act: 'person.email_taken_back',
      subject: { kind: 'person', id: personId },
      personId,
    });
    await tell(tx, deps, { personId, kind: 'email_changed', from, at });
  });
}

/** The mailbox that goes is told, and how to take that back. */
async function letGo(
  tx: Tx,
  deps: SignInDeps,
  change: { personId: string; ways: Ways; at: Date },
): Promise<void> {
  const { personId, ways, at } = change;
  const account = await accountOf(tx, personId);
  if (ways.email === undefined || account === undefined) return;
  const token = deps.ids.secret(SECRET_BYTES);
  const { address, display } = ways.email;
  await challenge(tx, deps, {
    ...{ purpose: 'undo_email', personId, email: address, display, at, token },
    lifeMs: UNDO_LIFE_MS,
  });
  const expiresAt = new Date(at.getTime() + UNDO_LIFE_MS);
  const { language } = account;
  await deps.letters.sendEmailChanged(tx, { email: display, token, language, at, expiresAt });
}
