/** How somebody becomes staff: the first owner by a code of the server, the others by invitation. */
import type { StaffRole } from '@opora/contracts';
import type { Tx } from '../../platform/db/index.ts';
import { SYSTEM } from '../audit/index.ts';
import type { SignInDeps } from './deps.ts';
import { readEmail, type Email } from './email.ts';
import { InvitationInvalid, OwnerCodeInvalid, PersonBanned, StaffNotFound } from './errors.ts';
import { selfFrom, strangerFrom, type From } from './from.ts';
import { hashOf, hashOfReadable, readableCode } from './one-time.ts';
import { cleanName } from './person.ts';
import { judge } from './judge.ts';
import { voidChallenges } from './repository-challenges.ts';
import {
  accountByAddress,
  accountOf,
  deleteSecondFactor,
  insertEmail,
  upsertPassword,
} from './repository-credentials.ts';
import {
  hasOwner,
  insertOwnerCode,
  insertStaff,
  isOwnerCode,
  lockStaff,
  readInvitation,
  useInvitation,
  useOwnerCode,
  type Invitation,
} from './repository-staff.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import { insertPerson, lockPerson } from './repository.ts';
import { beginEnrol, tell, type Step } from './steps.ts';
import { forgive, take, windows } from './throttle.ts';

const OWNER_CODE_LIFE_MS = 24 * 3_600_000;

/**
 * A code for whoever becomes the first owner; undefined when there is one. With `email` a way back in
 * for that owner, who lost password or second factor; throws `StaffNotFound`. Only for commands:
 * who runs one has a shell on the server, and it is in the audit log.
 */
export async function makeOwnerCode(
  deps: SignInDeps,
  email: string | undefined,
): Promise<string | undefined> {
  const at = deps.clock.now();
  const code = readableCode(deps.ids).toUpperCase();
  const expiresAt = new Date(at.getTime() + OWNER_CODE_LIFE_MS);
  return deps.db.transaction(async (tx) => {
    if (email === undefined && (await hasOwner(tx))) return undefined;
    const personId = email === undefined ? undefined : await ownerBehind(tx, email);
    await insertOwnerCode(tx, { hash: hashOfReadable(code), personId, at, expiresAt });
    await deps.audit.record(tx, {
      actor: SYSTEM,
      act: personId === undefined ? 'staff.owner_code_made' : 'staff.owner_reset_begun',
      subject: { kind: 'person', id: personId ?? 'first owner' },
      personId,
    });
    return code;
  });
}

async function ownerBehind(tx: Tx, email: string): Promise<string> {
  const account = await accountByAddress(tx, readEmail(email).address);
  if (account?.role === 'owner' && account.isActiveStaff) return account.personId;
  throw new StaffNotFound('no active owner has this address');
}

/** Throws `OwnerCodeInvalid`, `PasswordWeak`, `EmailInvalid`, `TooManyTries`. */
export async function firstOwnerStep(
  deps: SignInDeps,
  wish: { code: string; email: string; password: string },
  from: From,
): Promise<Step> {
  const at = deps.clock.now();
  const email = readEmail(wish.email);
  const hash = hashOfReadable(wish.code);
  await deps.db.transaction((tx) => take(tx, windows.codeFrom(from.address), at));
  // Looked at before the costly hash; used up only when all the rest is right.
  if (!(await isOwnerCode(deps.db.read, hash, at))) {
    await deps.db.transaction((tx) =>
      deps.audit.record(tx, {
        actor: strangerFrom(from),
        act: 'staff.owner_code_refused',
        subject: { kind: 'address', id: hashOf(email.address) },
        result: 'refused',
      }),
    );
    throw new OwnerCodeInvalid('unknown, used or old');
  }
  judge(deps, wish.password, { address: email.address, isStaff: true });
  const phc = await deps.hasher.hash(wish.password);
  return deps.db.transaction(async (tx) => {
    const used = await useOwnerCode(tx, hash, at);
    if (used === undefined) throw new OwnerCodeInvalid('used meanwhile');
    const personId =
      used.personId === undefined
        ? await firstOwner(tx, deps, { email, from, at })
        : await returningOwner(tx, deps, { personId: used.personId, email, from, at });
    await upsertPassword(tx, { personId, phc, at });
    return beginEnrol(tx, deps, { personId, display: email.display, at });
  });
}

async function firstOwner(
  tx: Tx,
  deps: SignInDeps,
  who: { email: Email; from: From; at: Date },
): Promise<string> {
  const { email, from, at } = who;
  if (await hasOwner(tx)) throw new OwnerCodeInvalid('there is an owner');
  const name = cleanName(email.address.split('@')[0] ?? '');
  const personId = await adopt(tx, deps, { email, name, from, at });
  const joined = await insertStaff(tx, { personId, role: 'owner', createdBy: 'system', at });
  if (!joined) throw new OwnerCodeInvalid('is staff already');
  await recordJoin(tx, deps, { personId, act: 'staff.first_owner', role: 'owner', from });
  return personId;
}

/** Nothing of before counts any more: password, authenticator, recovery codes, sessions, steps. */
async function returningOwner(
  tx: Tx,
  deps: SignInDeps,
  who: { personId: string; email: Email; from: From; at: Date },
): Promise<string> {
  const { personId, email, from, at } = who;
  const member = await lockStaff(tx, personId, 'share');
  const account = await accountByAddress(tx, email.address);
  const isTheirs = account?.personId === personId;
  if (!isTheirs || member?.role !== 'owner' || member.state !== 'active') {
    throw new OwnerCodeInvalid('the code is for another owner');
  }
  await deleteSecondFactor(tx, personId);
  await voidChallenges(tx, personId, at);
  await revokeSessionsOf(tx, personId, { reason: 'owner reset', at });
  await forgive(tx, email.address);
  await recordJoin(tx, deps, { personId, act: 'staff.owner_reset', role: 'owner', from });
  await tell(tx, deps, { personId, kind: 'password_changed', from, at });
  return personId;
}

/** Throws `InvitationInvalid`, `TooManyTries`. */
export async function invitationOf(
  deps: SignInDeps,
  token: string,
  from: From,
): Promise<Invitation> {
  const at = deps.clock.now();
  await deps.db.transaction((tx) => take(tx, windows.codeFrom(from.address), at));
  const found = await readInvitation(deps.db.read, hashOf(token), at);
  if (found === undefined) throw new InvitationInvalid('unknown, used or old');
  return found;
}

/** Throws `InvitationInvalid`, `PasswordWeak`, `PersonBanned`, `TooManyTries`. */
export async function invitationStep(
  deps: SignInDeps,
  wish: { token: string; name: string; password: string },
  from: From,
): Promise<Step> {
  const at = deps.clock.now();
  const offered = await invitationOf(deps, wish.token, from);
  judge(deps, wish.password, { address: offered.address, name: wish.name, isStaff: true });
  const phc = await deps.hasher.hash(wish.password);
  return deps.db.transaction(async (tx) => {
    const invitation = await useInvitation(tx, hashOf(wish.token), at);
    if (invitation === undefined) throw new InvitationInvalid('used meanwhile');
    const { role, createdBy, display } = invitation;
    const name = cleanName(wish.name);
    const personId = await adopt(tx, deps, { email: invitation, name, from, at });
    if (!(await insertStaff(tx, { personId, role, createdBy, at }))) {
      throw new InvitationInvalid('is staff already');
    }
    await upsertPassword(tx, { personId, phc, at });
    await recordJoin(tx, deps, { personId, act: 'staff.invitation_accepted', role, from });
    return beginEnrol(tx, deps, { personId, display, at });
  });
}

/** The person of a proved mailbox, made when nobody has it. Throws `PersonBanned`. */
export async function adopt(
  tx: Tx,
  deps: Pick<SignInDeps, 'ids'>,
  who: { email: Email; name: string; from: From; at: Date },
): Promise<string> {
  const { email, name, from, at } = who;
  const id = deps.ids.next('per');
  // The mailbox first: who loses the race for it waits, and then finds the winner's person.
  const isNew = await insertEmail(tx, { ...email, personId: id, at });
  if (isNew) await insertPerson(tx, { id, name, language: from.language, at });
  const account = await accountByAddress(tx, email.address);
  const person = await lockPerson(tx, account?.personId ?? id, 'share');
  if (person.state !== 'active') throw new PersonBanned(`${person.id} is banned`);
  return person.id;
}

async function recordJoin(
  tx: Tx,
  deps: SignInDeps,
  join: { personId: string; act: string; role: StaffRole; from: From },
): Promise<void> {
  const { personId, act, role, from } = join;
  const account = await accountOf(tx, personId);
  await deps.audit.record(tx, {
    actor: selfFrom({ personId, name: account?.name ?? personId }, from),
    act,
    subject: { kind: 'person', id: personId },
    personId,
    after: { role },
  });
}
