/** Ways in for customers: the bot's link, and a code by mail. Neither opens rights of staff. */
import type { Language } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { SignInDeps } from './deps.ts';
import { readEmail } from './email.ts';
import { ChallengeInvalid, CodeRefused, LoginLinkInvalid } from './errors.ts';
import type { From } from './from.ts';
import { adopt } from './joining.ts';
import { hashOf, mailCode, SECRET_BYTES } from './one-time.ts';
import { cleanName } from './person.ts';
import { closeChallenge, tryChallenge } from './repository-challenges.ts';
import { accountByAddress } from './repository-credentials.ts';
import {
  readUsedLink,
  revokeSession,
  setLinkSession,
  useLoginLink,
} from './repository-sessions.ts';
import type { SignedIn } from './sessions.ts';
import { admitCustomer, challenge, CHALLENGE_TRIES, CHALLENGE_LIFE_MS } from './steps.ts';
import { giveBack, take, windows } from './throttle.ts';

/** Longer than the gateway waits for an answer that will not come. */
const AGAIN_WITHIN_MS = 10_000;

/** Throws `LoginLinkInvalid` for a used, old or invented link, `PersonBanned`. */
export async function linkStep(deps: SignInDeps, link: string, from: From): Promise<SignedIn> {
  const at = deps.clock.now();
  const hash = hashOf(link);
  return deps.db.transaction(async (tx) => {
    const personId =
      (await useLoginLink(tx, hash, at)) ??
      (from.isAgain === true ? await takeBack(tx, hash, at) : undefined);
    if (personId === undefined) throw new LoginLinkInvalid('login link is used, old or invented');
    const opened = await admitCustomer(tx, deps, { personId, from, at });
    await setLinkSession(tx, hash, opened.view.sessionId);
    return opened;
  });
}

/**
 * The first try of this very press opened a session nobody was told of: it ends, and the link counts
 * once more. Only our gateway says that a try is the second one, and only within seconds.
 */
async function takeBack(tx: Tx, hash: string, at: Date): Promise<string | undefined> {
  const used = await readUsedLink(tx, hash, new Date(at.getTime() - AGAIN_WITHIN_MS));
  if (used === undefined) return undefined;
  await revokeSession(tx, used.sessionId, { reason: 'its answer was lost', at });
  return used.personId;
}

/**
 * Sends a code to a mailbox, whether or not somebody has it: who answers with it has the mailbox.
 * Returns the challenge. Throws `TooManyTries`, `EmailInvalid`.
 */
export async function sendCodeStep(
  deps: SignInDeps,
  wish: { email: string; language: Language },
  from: From,
): Promise<string> {
  const at = deps.clock.now();
  const email = readEmail(wish.email);
  const token = deps.ids.secret(SECRET_BYTES);
  const code = mailCode(deps.ids);
  return deps.db.transaction(async (tx) => {
    await take(tx, windows.mailFrom(from.address), at);
    await take(tx, windows.mailTo(email.address), at);
    // To the spelling its owner gave: another one may be another mailbox at some hosts.
    const known = await accountByAddress(tx, email.address);
    const display = known?.display ?? email.display;
    const expiresAt = new Date(at.getTime() + CHALLENGE_LIFE_MS);
    const { language } = wish;
    await deps.letters.sendCode(tx, { email: display, code, language, expiresAt });
    const codeHash = hashOf(`${token} ${code}`);
    return challenge(tx, deps, {
      purpose: 'mail_code',
      email: email.address,
      display,
      codeHash,
      at,
      token,
    });
  });
}

/** Throws `CodeRefused`, `ChallengeInvalid`, `TooManyTries`, `PersonBanned`. */
export async function mailCodeStep(
  deps: SignInDeps,
  wish: { challenge: string; code: string },
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  const hash = hashOf(wish.challenge);
  const outcome = await deps.db.transaction(async (tx) => {
    const tried = { hash, purpose: 'mail_code', most: CHALLENGE_TRIES, at } as const;
    const { email, display, codeHash } = (await tryChallenge(tx, tried)) ?? {};
    if (email === undefined || display === undefined)
      throw new ChallengeInvalid('unknown, used, old or worn out');
    const window = windows.mailCode(email);
    await take(tx, window, at);
    // Both sides are hashes over a secret of 256 bits: their comparison tells nothing.
    if (codeHash !== hashOf(`${wish.challenge} ${wish.code}`)) return undefined;
    await giveBack(tx, window);
    await closeChallenge(tx, hash, at);
    const name = cleanName(email.split('@')[0] ?? '');
    const personId = await adopt(tx, deps, { email: { address: email, display }, name, from, at });
    return admitCustomer(tx, deps, { personId, from, at });
  });
  if (outcome === undefined) throw new CodeRefused('wrong code of a mail');
  return outcome;
}
