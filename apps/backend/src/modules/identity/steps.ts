/** What the ways of signing in share: beginning a step, and opening the session at the end. */
import type { Actor } from '../audit/index.ts';
import type { Tx } from '../../platform/db/index.ts';
import { placeIn, type Place } from '../../platform/sealing/index.ts';
import { PENDING_SECRET, TOTP_SECRET } from './sealed-columns.ts';
import type { SignInDeps } from './deps.ts';
import { markDevice, readDevice } from './device.ts';
import { ChallengeInvalid, PersonBanned } from './errors.ts';
import { selfFrom, type From } from './from.ts';
import type { Notice } from './letters.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import { insertChallenge, type Challenge, type Purpose } from './repository-challenges.ts';
import { accountOf, type Account } from './repository-credentials.ts';
import { lockStaff } from './repository-staff.ts';
import { lockPerson, readContact } from './repository.ts';
import { openSession, type SignedIn } from './sessions.ts';
import { TOTP_SECRET_BYTES, totpInvitation } from './totp.ts';

export const CHALLENGE_LIFE_MS = 5 * 60_000;
/** Wrong answers to one challenge. */
export const CHALLENGE_TRIES = 5;

/** What the person does next. */
export type Step =
  | Readonly<{ next: 'second_factor'; challenge: string; hasPasskey: boolean }>
  | Readonly<{
      next: 'enrol';
      challenge: string;
      totp: Readonly<{ secret: string; uri: string }>;
    }>;

/** Opens a challenge, of five minutes unless told otherwise; returns the secret that answers to it. */
export async function challenge(
  tx: Tx,
  deps: SignInDeps,
  about: Partial<Challenge> & { purpose: Purpose; at: Date; token?: string; lifeMs?: number },
): Promise<string> {
  const { at, token = deps.ids.secret(SECRET_BYTES), lifeMs = CHALLENGE_LIFE_MS, ...rest } = about;
  const expiresAt = new Date(at.getTime() + lifeMs);
  await insertChallenge(tx, { ...rest, hash: hashOf(token), expiresAt });
  return token;
}

/** A new secret for the authenticator, shown this once; it counts when a code of it comes back. */
export async function beginEnrol(
  tx: Tx,
  deps: SignInDeps,
  account: { personId: string; display: string; at: Date },
): Promise<Step> {
  const token = deps.ids.secret(SECRET_BYTES);
  const secret = Buffer.from(deps.ids.secret(TOTP_SECRET_BYTES), 'base64url');
  await challenge(tx, deps, {
    purpose: 'enrol',
    personId: account.personId,
    secret: deps.sealing.seal(secret, pendingPlace(hashOf(token))),
    at: account.at,
    token,
  });
  const names = { issuer: deps.productName.en, account: account.display };
  return { next: 'enrol', challenge: token, totp: totpInvitation(secret, names) };
}

/** Where the secret of a challenge lives, and that of an authenticator after it was confirmed. */
export const pendingPlace = (row: string): Place => placeIn(PENDING_SECRET, row);
export const totpPlace = (row: string): Place => placeIn(TOTP_SECRET, row);

/** Password and second factor are shown: the session, its entry, and a word about a new device. */
export async function admitStaff(
  tx: Tx,
  deps: SignInDeps,
  who: { personId: string; act: string; amr?: readonly string[]; from: From; at: Date },
): Promise<SignedIn> {
  const { personId, amr = ['pwd', 'otp'], from, at } = who;
  const person = await lockPerson(tx, personId, 'share');
  const member = await lockStaff(tx, personId, 'share');
  if (person.state !== 'active' || member?.state !== 'active') {
    throw new ChallengeInvalid(`${personId} is no staff any more`);
  }
  const signedIn = await openSession(tx, deps, {
    personId,
    kind: 'staff',
    amr,
    secondFactorAt: at,
    from,
    at,
  });
  await deps.audit.record(tx, {
    actor: selfFrom({ personId, name: person.name }, from),
    act: who.act,
    subject: { kind: 'session', id: signedIn.view.sessionId },
    personId,
    after: { role: member.role },
  });
  const read = readDevice(deps.sealing, from.device, at);
  const known = read?.personId === personId ? read : undefined;
  if (known === undefined) await tell(tx, deps, { personId, kind: 'new_device', from, at });
  return { ...signedIn, device: markDevice(deps, personId, { at, known }) };
}

/** How customers come in, and what that proves (RFC 8176). */
const CUSTOMER_WAYS = {
  link: { amr: ['otp'], isTold: false },
  mail_code: { amr: ['otp'], isTold: false },
  registration: { amr: ['pwd', 'otp'], isTold: false },
  telegram: { amr: ['mca'], isTold: true },
  password: { amr: ['pwd'], isTold: true },
  passkey: { amr: ['pop', 'user'], isTold: true },
} as const;

/**
 * A customer's session: never with rights of staff, whoever the person is. A device they were not seen
 * on is told to them, unless what they came by was sent to them a moment ago (A7).
 */
export async function admitCustomer(
  tx: Tx,
  deps: SignInDeps,
  who: { personId: string; way: keyof typeof CUSTOMER_WAYS; from: From; at: Date },
): Promise<SignedIn> {
  const { personId, way, from, at } = who;
  const { amr, isTold } = CUSTOMER_WAYS[way];
  const person = await lockPerson(tx, personId, 'share');
  if (person.state !== 'active') throw new PersonBanned(`${person.id} is banned`);
  const signedIn = await openSession(tx, deps, { ...who, kind: 'customer', amr });
  await deps.audit.record(tx, {
    actor: selfFrom({ personId, name: person.name }, from),
    act: 'session.signed_in',
    subject: { kind: 'session', id: signedIn.view.sessionId },
    personId,
    after: { way },
  });
  const read = readDevice(deps.sealing, from.device, at);
  const known = read?.personId === personId ? read : undefined;
  if (known === undefined && isTold)
    await tell(tx, deps, { personId, kind: 'new_device', from, at });
  return { ...signedIn, device: markDevice(deps, personId, { at, known }) };
}

/** Tells the person by mail; who has no mailbox is told by the bot. */
export async function tell(
  tx: Tx,
  deps: Pick<SignInDeps, 'letters'>,
  news: { personId: string; kind: Notice['kind']; from: From; at: Date },
): Promise<void> {
  const { personId, kind, from, at } = news;
  const { address, userAgent } = from;
  const told = { kind, personId, at, address, userAgent };
  const account = await accountOf(tx, personId);
  if (account !== undefined) {
    const { display: email, language, isActiveStaff: isStaff } = account;
    await deps.letters.notify(tx, { ...told, email, language, isStaff });
    return;
  }
  const contact = await readContact(tx, personId);
  if (contact?.telegramId === undefined) return;
  const { language } = contact;
  await deps.letters.notify(tx, { ...told, email: undefined, language, isStaff: false });
}

/** A refusal stays in the log although the step failed: the caller commits, then throws. */
export async function recordRefusal(
  tx: Tx,
  deps: Pick<SignInDeps, 'audit'>,
  refusal: { actor: Actor; act: string; account: Pick<Account, 'personId'> | string },
): Promise<void> {
  const { actor, act, account } = refusal;
  const isKnown = typeof account !== 'string';
  await deps.audit.record(tx, {
    actor,
    act,
    // Addresses nobody has here are people's all the same: only a hash of them stays.
    subject: isKnown
      ? { kind: 'person', id: account.personId }
      : { kind: 'address', id: hashOf(account) },
    personId: isKnown ? account.personId : undefined,
    result: 'refused',
  });
}
