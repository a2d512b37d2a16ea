/**
 * A person's own ways in: what they are, adding, changing and taking away. Each change asks for a proof
 * of the last five minutes (security C7), is in the audit log and is told by mail; the last way in
 * stays. Who is staff proves with the second factor, in a session of staff: nothing that opens the
 * site for a customer may touch what opens it for staff.
 */
import type { Tx } from '../../platform/db/index.ts';
import type { SignInDeps } from './deps.ts';
import { provedTelegram, useTelegramProof, type TelegramWord } from './customer-steps.ts';
import {
  CodeRefused,
  EmailNeeded,
  LastWay,
  PersonBanned,
  PersonIsStaff,
  SessionEnded,
  SignInRefused,
  StepUpRequired,
  TelegramRefused,
  WayPresent,
  WayTaken,
} from './errors.ts';
import { selfFrom, type From } from './from.ts';
import { judge } from './judge.ts';
import type { Notice } from './letters.ts';
import { mailChallenge, whenProved, type CodeAnswer } from './mail-steps.ts';
import { accountOf, deletePassword, upsertPassword } from './repository-credentials.ts';
import { revokeOtherSessions } from './repository-own-sessions.ts';
import { selectPasskeys, type Passkey } from './repository-passkeys.ts';
import { markSecondFactor } from './repository-sessions.ts';
import {
  connectTelegram,
  disconnectTelegram,
  markProved,
  readFreshness,
  readWays,
  type Freshness,
  type Ways,
} from './repository-ways.ts';
import { lockPerson } from './repository.ts';
import { recordRefusal, tell } from './steps.ts';
import { brake, passwordBrakes, release } from './throttle.ts';

/** How long a proof stays fresh, a sign-in included. */
export const FRESH_MS = 5 * 60_000;

/** Whose account, and the session that asks. */
export type Own = Readonly<{ personId: string; sessionId: string }>;

/** Who asks, and from where. */
export type By = Own & Readonly<{ from: From }>;

export type AccountView = Ways &
  Readonly<{
    isStaff: boolean;
    keys: readonly Passkey[];
    /** Until when changes need no new proof; undefined: they do. */
    freshUntil: Date | undefined;
  }>;

export type Proof =
  | Readonly<{ password: string }>
  | Readonly<{ answer: CodeAnswer }>
  | Readonly<{ word: TelegramWord }>;

/** Throws `SessionEnded`. */
export async function readAccount(deps: SignInDeps, own: Own): Promise<AccountView> {
  const at = deps.clock.now();
  const freshness = await readFreshness(deps.db.read, { ...own, at });
  if (freshness === undefined) throw new SessionEnded(`session ${own.sessionId} has ended`);
  const ways = await readWays(deps.db.read, own.personId);
  const freshUntil = freshUntilOf(freshness);
  const isFresh = freshUntil !== undefined && freshUntil.getTime() > at.getTime();
  const { isActiveStaff: isStaff } = freshness;
  const keys = await selectPasskeys(deps.db.read, own.personId, ways.passkeys);
  return { ...ways, keys, isStaff, freshUntil: isFresh ? freshUntil : undefined };
}

/** A code to the own mailbox, for a proof. Throws `EmailNeeded`, `TooManyTries`. */
export async function sendProofCode(deps: SignInDeps, own: By): Promise<string> {
  const { from } = own;
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const { email } = await readWays(tx, own.personId);
    if (email === undefined) throw new EmailNeeded('no mailbox to send a code to');
    const { language } = await lockPerson(tx, own.personId, 'share');
    const about = { personId: own.personId, email, language, from, at };
    return mailChallenge(tx, deps, { ...about, purpose: 'prove' });
  });
}

/**
 * Makes the session fresh. Throws `SignInRefused`, `CodeRefused`, `ChallengeInvalid`,
 * `TelegramRefused`, `TelegramStale`, `TelegramUnreachable`, `TooManyTries`, `SessionEnded`, and `PersonIsStaff` for staff,
 * whose proof is the second factor (`stepUp`).
 */
export async function proveStep(deps: SignInDeps, own: By, proof: Proof): Promise<AccountView> {
  const { from } = own;
  const at = deps.clock.now();
  const mark = (tx: Tx, by: string): Promise<void> => markFresh(tx, deps, { own, by, at });
  if ('password' in proof) {
    await provePassword(deps, own, { password: proof.password, from, at });
    await deps.db.transaction((tx) => mark(tx, 'password'));
  } else if ('answer' in proof) {
    await whenProved(deps, { answer: proof.answer, purpose: 'prove', at }, async (tx, proved) => {
      if (proved.personId !== own.personId) throw new CodeRefused('a code of somebody else');
      await mark(tx, 'mail_code');
    });
  } else {
    const said = await provedTelegram(deps, proof.word, { place: 'account', from, at });
    await deps.db.transaction(async (tx) => {
      const { telegram } = await readWays(tx, own.personId);
      if (telegram?.subject !== said.user.id.toString()) {
        throw new TelegramRefused('the Telegram of somebody else');
      }
      await useTelegramProof(tx, said);
      await mark(tx, 'telegram');
    });
  }
  return readAccount(deps, own);
}

/**
 * The session is fresh from `at` on. Of staff only by what is a second factor, a passkey, and only in a
 * session of staff. Throws `SessionEnded`, `PersonBanned`, `PersonIsStaff`.
 */
export async function markFresh(
  tx: Tx,
  deps: Pick<SignInDeps, 'audit'>,
  { own, by, at }: { own: By; by: string; at: Date },
): Promise<void> {
  const { personId, sessionId, from } = own;
  const person = await activePerson(tx, own);
  const freshness = await readFreshness(tx, { ...own, at });
  if (freshness === undefined) throw new SessionEnded(`session ${sessionId} has ended`);
  const { isActiveStaff, kind } = freshness;
  if (isActiveStaff && !(by === 'passkey' && kind === 'staff')) {
    throw new PersonIsStaff('staff proves with the second factor');
  }
  await (isActiveStaff ? markSecondFactor : markProved)(tx, sessionId, at);
  await deps.audit.record(tx, {
    actor: selfFrom({ personId, name: person.name }, from),
    act: isActiveStaff ? 'session.stepped_up' : 'session.proved',
    subject: { kind: 'session', id: sessionId },
    personId,
    after: { by },
  });
}

async function provePassword(
  deps: SignInDeps,
  own: Own,
  given: { password: string; from: From; at: Date },
): Promise<void> {
  const { from, at } = given;
  const account = await accountOf(deps.db.read, own.personId);
  // Counted by the session: whoever sits at a browser that was left open guesses slowly.
  const brakes = passwordBrakes({ account: '', address: '', device: own.sessionId });
  await deps.db.transaction((tx) => brake(tx, brakes, at));
  const isRight = await deps.hasher.verify(given.password, account?.phc ?? deps.hasher.dummy);
  if (account?.phc === undefined || !isRight) {
    const refusal = { act: 'session.proof_refused', account: { personId: own.personId } };
    const actor = selfFrom({ personId: own.personId, name: account?.name ?? '' }, from);
    await deps.db.transaction((tx) => recordRefusal(tx, deps, { ...refusal, actor }));
    throw new SignInRefused('wrong password');
  }
  await deps.db.transaction((tx) => release(tx, brakes));
}

/** Ends the other sessions. Throws `StepUpRequired`, `EmailNeeded`, `PasswordWeak`, `Overloaded`. */
export async function setPasswordStep(deps: SignInDeps, own: By, password: string): Promise<void> {
  const { from } = own;
  const { db } = deps;
  const at = deps.clock.now();
  // All that can be refused is, before the costly hash.
  const { email, isStaff, freshUntil } = await readAccount(deps, own);
  if (freshUntil === undefined) throw new StepUpRequired('the proof is too old');
  if (email === undefined) throw new EmailNeeded('a password needs a mailbox');
  judge(deps, password, { address: email.address, isStaff });
  const phc = await deps.hasher.hash(password);
  await db.transaction(async (tx) => {
    const { ways } = await begin(tx, own, at);
    if (ways.email === undefined) throw new EmailNeeded('a password needs a mailbox');
    await upsertPassword(tx, { personId: own.personId, phc, at });
    const before = { password: ways.hasPassword ? 'set' : null };
    await finish(tx, deps, { own, from, at, act: 'person.password_set', before });
    await tell(tx, deps, { personId: own.personId, kind: 'password_changed', from, at });
  });
}

/** The mailbox and its codes stay. Throws `StepUpRequired`, `PersonIsStaff`. */
export async function removePasswordStep(deps: SignInDeps, own: By): Promise<void> {
  const { from } = own;
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    await beginRemoval(tx, own, at);
    await deletePassword(tx, own.personId);
    await finish(tx, deps, { own, from, at, act: 'person.password_removed' });
    await tell(tx, deps, { personId: own.personId, kind: 'password_changed', from, at });
  });
}

/**
 * Throws `StepUpRequired`, `TelegramRefused`, `TelegramStale`, `TelegramAway`, `TelegramUnreachable`, `TooManyTries`,
 * `WayPresent`, and
 * `WayTaken` when that Telegram has an account of its own: two accounts are never joined.
 */
export async function connectTelegramStep(
  deps: SignInDeps,
  own: By,
  word: TelegramWord,
): Promise<void> {
  const { from } = own;
  const at = deps.clock.now();
  const { personId } = own;
  const said = await provedTelegram(deps, word, { place: 'account', from, at });
  await deps.db.transaction(async (tx) => {
    const { ways } = await begin(tx, own, at);
    if (ways.telegram !== undefined) throw new WayPresent('there is a Telegram already');
    await useTelegramProof(tx, said);
    const subject = said.user.id.toString();
    if (!(await connectTelegram(tx, { personId, subject, username: said.user.username, at }))) {
      throw new WayTaken('this Telegram has an account');
    }
    await finish(tx, deps, { own, from, at, act: 'person.telegram_connected', after: { subject } });
    await tell(tx, deps, { personId, kind: 'telegram_changed', from, at });
  });
}

/** Throws `StepUpRequired`, `LastWay`. */
export async function disconnectTelegramStep(deps: SignInDeps, own: By): Promise<void> {
  const { from } = own;
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    const { ways } = await begin(tx, own, at);
    const { telegram, ...left } = ways;
    assertLeft({ ...left, telegram: undefined });
    await disconnectTelegram(tx, own.personId);
    const before = { subject: telegram?.subject ?? null };
    await finish(tx, deps, { own, from, at, act: 'person.telegram_removed', before });
    await tell(tx, deps, { personId: own.personId, kind: 'telegram_changed', from, at });
  });
}

/** Throws `LastWay` when nothing of these opens the account. A password is none without a mailbox. */
export function assertLeft({ email, telegram, passkeys }: Ways): void {
  if (email === undefined && telegram === undefined && passkeys === 0) {
    throw new LastWay('nobody could sign in any more');
  }
}

/**
 * Holds the person, so that two changes at once see each other. Throws `StepUpRequired`,
 * `SessionEnded`, `PersonBanned`.
 */
export async function begin(
  tx: Tx,
  own: Own,
  at: Date,
): Promise<{ ways: Ways; isStaff: boolean; name: string }> {
  const { name } = await activePerson(tx, own);
  const freshness = await readFreshness(tx, { ...own, at });
  if (freshness === undefined) throw new SessionEnded(`session ${own.sessionId} has ended`);
  const until = freshUntilOf(freshness);
  if (until === undefined || until.getTime() <= at.getTime()) {
    throw new StepUpRequired('the proof is too old');
  }
  return { ways: await readWays(tx, own.personId), isStaff: freshness.isActiveStaff, name };
}

/** What staff signs in with is taken away with their access, by an owner. Throws `PersonIsStaff`. */
export async function beginRemoval(tx: Tx, own: Own, at: Date): Promise<{ ways: Ways }> {
  const { ways, isStaff } = await begin(tx, own, at);
  if (isStaff) throw new PersonIsStaff('staff signs in with mailbox and password');
  return { ways };
}

type Change = Readonly<{
  own: Own;
  from: From;
  at: Date;
  act: string;
  before?: Readonly<Record<string, string | null>>;
  after?: Readonly<Record<string, string | null>>;
}>;

/** The entry of a change, and the end of all sessions but the one that made it (B4). */
export async function finish(tx: Tx, deps: SignInDeps, change: Change): Promise<void> {
  const { own, from, at, act, before, after } = change;
  const { personId } = own;
  const { name } = await lockPerson(tx, personId, 'share');
  await deps.audit.record(tx, {
    actor: selfFrom({ personId, name }, from),
    ...{ act, subject: { kind: 'person', id: personId }, personId, before, after },
  });
  await revokeOtherSessions(tx, own, { reason: act, at });
}

async function activePerson(
  tx: Tx,
  own: Own,
): Promise<{ name: string; language: Notice['language'] }> {
  const person = await lockPerson(tx, own.personId, 'update');
  if (person.state !== 'active') throw new PersonBanned(`${person.id} is banned`);
  return person;
}

/** Staff is fresh by the second factor in a session of staff, and by nothing else. */
function freshUntilOf({
  kind,
  provedAt,
  secondFactorAt,
  isActiveStaff,
}: Freshness): Date | undefined {
  const since = isActiveStaff ? (kind === 'staff' ? secondFactorAt : undefined) : provedAt;
  return since === undefined ? undefined : new Date(since.getTime() + FRESH_MS);
}
