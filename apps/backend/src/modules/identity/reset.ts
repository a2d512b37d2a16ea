/** A new password for who forgot the old one: the mailbox opens the way, and nothing is signed in. */
import type { Language } from '@opora/kernel';
import type { SignInDeps } from './deps.ts';
import { readEmail } from './email.ts';
import { MailLinkInvalid } from './errors.ts';
import { selfFrom, type From } from './from.ts';
import { judge } from './judge.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import {
  closeChallenge,
  readChallenge,
  tryChallenge,
  voidChallenges,
  voidEarlier,
} from './repository-challenges.ts';
import { accountByAddress, upsertPassword, type Account } from './repository-credentials.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import { lockPerson } from './repository.ts';
import { challenge, tell } from './steps.ts';
import { forgive, take, windows } from './throttle.ts';

/** Security A8. */
const RESET_LIFE_MS = 15 * 60_000;
const PURPOSE = 'reset';

/**
 * Mails a link to set a new password, or the word that nobody here has this mailbox: the answer is the
 * same, and so is the work (A5). A newer link voids the older. Throws `EmailInvalid`, `TooManyTries`.
 */
export async function askResetStep(
  deps: SignInDeps,
  wish: { email: string; language: Language },
  from: From,
): Promise<void> {
  const at = deps.clock.now();
  const { address, display } = readEmail(wish.email);
  const token = deps.ids.secret(SECRET_BYTES);
  await deps.db.transaction(async (tx) => {
    await take(tx, windows.mailFrom(from.address), at);
    await take(tx, windows.mailTo(address), at);
    const account = await accountByAddress(tx, address);
    if (account?.isActive !== true) {
      await deps.letters.sendNobody(tx, { email: display, language: wish.language });
      return;
    }
    const { personId } = account;
    await voidEarlier(tx, { personId, purpose: PURPOSE, at });
    const about = { purpose: PURPOSE, personId, email: address, at, token } as const;
    await challenge(tx, deps, { ...about, lifeMs: RESET_LIFE_MS });
    const expiresAt = new Date(at.getTime() + RESET_LIFE_MS);
    const { language } = account;
    await deps.letters.sendReset(tx, { email: account.display, token, language, expiresAt });
  });
}

/**
 * Sets the password, once per link; ends every session and every step underway, and says so by mail.
 * Staff passes the second factor as ever. Throws `MailLinkInvalid`, `PasswordWeak`, `TooManyTries`.
 */
export async function resetStep(
  deps: SignInDeps,
  wish: { token: string; password: string },
  from: From,
): Promise<void> {
  const at = deps.clock.now();
  const hash = hashOf(wish.token);
  await deps.db.transaction((tx) => take(tx, windows.codeFrom(from.address), at));
  // Looked at before the costly hash; a password that is refused uses nothing up.
  const account = await accountBehind(deps, hash, at);
  const { personId, address } = account;
  judge(deps, wish.password, { address, name: account.name, isStaff: account.isActiveStaff });
  const phc = await deps.hasher.hash(wish.password);
  await deps.db.transaction(async (tx) => {
    const used = await tryChallenge(tx, { hash, purpose: PURPOSE, most: 1, at });
    if (used === undefined) throw new MailLinkInvalid('used meanwhile');
    await closeChallenge(tx, hash, at);
    const person = await lockPerson(tx, personId, 'update');
    const owner = await accountByAddress(tx, address);
    if (person.state !== 'active' || owner?.personId !== personId) {
      throw new MailLinkInvalid('the mailbox has left the account');
    }
    await upsertPassword(tx, { personId, phc, at });
    await voidChallenges(tx, personId, at);
    await revokeSessionsOf(tx, personId, { reason: 'password reset', at });
    await forgive(tx, address);
    await deps.audit.record(tx, {
      actor: selfFrom(account, from),
      act: 'person.password_reset',
      subject: { kind: 'person', id: personId },
      personId,
    });
    await tell(tx, deps, { personId, kind: 'password_changed', from, at });
  });
}

/** Whose link it is, as long as it counts. Throws `MailLinkInvalid`. */
async function accountBehind(
  deps: SignInDeps,
  hash: string,
  at: Date,
): Promise<Account & { address: string }> {
  const found = await readChallenge(deps.db.read, { hash, purpose: PURPOSE, at });
  const address = found?.email ?? '';
  const account = await accountByAddress(deps.db.read, address);
  if (account === undefined || account.personId !== found?.personId) {
    throw new MailLinkInvalid('unknown, used or old');
  }
  return { ...account, address };
}
