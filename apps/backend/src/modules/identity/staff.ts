/** Rights of staff: who has which, and the acts of an owner that change them. */
import type { StaffRole } from '@opora/contracts';
import type { Tx } from '../../platform/db/index.ts';
import type { StaffAct } from '../audit/index.ts';
import type { PeopleDeps } from './deps.ts';
import { readEmail } from './email.ts';
import { AlreadyStaff, OwnRights, StaffNotFound } from './errors.ts';
import { hashOf, SECRET_BYTES } from './one-time.ts';
import { selectStaffMeans, type StaffMeans } from './repository-access.ts';
import { voidChallenges } from './repository-challenges.ts';
import { accountByAddress, deletePassword, deleteSecondFactor } from './repository-credentials.ts';
import { revokeKeysOf } from './repository-keys.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import {
  insertInvitation,
  lockStaff,
  selectInvitations,
  selectStaff,
  updateStaff,
  voidInvitationsBy,
  type Invitation,
  type StaffMember,
  type StaffState,
} from './repository-staff.ts';
import { readPerson } from './repository.ts';
import { STAFF_IDLE_MS } from './sessions.ts';

const INVITATION_LIFE_MS = 72 * 3_600_000;

/** `isFirst: false`: this very act was done before, and nothing was done again. */
export type ActOutcome = Readonly<{ auditId: string; isFirst: boolean }>;

export interface Staff {
  list(): Promise<{ members: StaffMember[]; invitations: Invitation[] }>;
  /** Open sessions and unused recovery codes, by person. */
  means(): Promise<ReadonlyMap<string, StaffMeans>>;
  /**
   * `token` opens the invitation; it is in the letter too, and nowhere else: undefined for a repeat.
   * Throws `AlreadyStaff`, `EmailInvalid`.
   */
  invite(
    act: StaffAct,
    wish: Readonly<{ email: string; role: StaffRole }>,
  ): Promise<ActOutcome & { token: string | undefined }>;
  /** Ends the member's sessions. Throws `OwnRights`, `StaffNotFound`, `LastOwner`. */
  setRole(
    act: StaffAct,
    wish: Readonly<{ personId: string; role: StaffRole }>,
  ): Promise<ActOutcome>;
  /** Ends sessions and forgets all credentials; an invitation brings them back. Throws as above. */
  disable(act: StaffAct, personId: string): Promise<ActOutcome>;
}

export function createStaff(deps: PeopleDeps): Staff {
  const { db, clock } = deps;
  return {
    async list() {
      const [members, invitations] = await Promise.all([
        selectStaff(db.read),
        selectInvitations(db.read, clock.now()),
      ]);
      return { members, invitations };
    },
    means() {
      const at = clock.now();
      return selectStaffMeans(db.read, { at, idleSince: new Date(at.getTime() - STAFF_IDLE_MS) });
    },
    invite: (act, wish) => invite(deps, act, wish),
    setRole: (act, { personId, role }) =>
      change(deps, act, { name: 'staff.set_role', personId, to: { role } }),
    disable: (act, personId) =>
      change(deps, act, { name: 'staff.disable', personId, to: { state: 'disabled' } }),
  };
}

async function invite(
  deps: PeopleDeps,
  act: StaffAct,
  wish: Readonly<{ email: string; role: StaffRole }>,
): Promise<ActOutcome & { token: string | undefined }> {
  const at = deps.clock.now();
  const email = readEmail(wish.email);
  const token = deps.ids.secret(SECRET_BYTES);
  return deps.db.transaction(async (tx) => {
    const { id: auditId, isFirst } = await deps.audit.record(tx, {
      ...act,
      act: 'staff.invite',
      subject: { kind: 'mailbox', id: email.address },
      asked: { role: wish.role },
    });
    if (!isFirst) return { auditId, isFirst, token: undefined };
    const account = await accountByAddress(tx, email.address);
    if (account?.isActiveStaff === true) throw new AlreadyStaff('is staff already');
    const expiresAt = new Date(at.getTime() + INVITATION_LIFE_MS);
    await insertInvitation(tx, {
      id: deps.ids.next('inv'),
      hash: hashOf(token),
      ...email,
      role: wish.role,
      createdAt: at,
      createdBy: act.actor.id,
      expiresAt,
    });
    const language = account?.language ?? (await readPerson(tx, act.actor.id)).language;
    await deps.letters.sendInvitation(tx, {
      ...{ email: email.display, token, role: wish.role, language, expiresAt },
      inviter: act.actor.name,
    });
    return { auditId, isFirst, token };
  });
}

async function change(
  deps: PeopleDeps,
  act: StaffAct,
  wish: { name: string; personId: string; to: { role: StaffRole } | { state: StaffState } },
): Promise<ActOutcome> {
  const { personId } = wish;
  if (act.actor.id === personId) throw new OwnRights('nobody changes their own rights');
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const before = await lockStaff(tx, personId, 'update');
    if (before === undefined) throw new StaffNotFound(`no member ${personId}`);
    const after = { ...before, ...wish.to };
    const { id: auditId, isFirst } = await deps.audit.record(tx, {
      ...act,
      act: wish.name,
      subject: { kind: 'person', id: personId },
      personId,
      asked: wish.to,
      before,
      after,
    });
    if (!isFirst) return { auditId, isFirst };
    if (before.state !== 'active') throw new StaffNotFound(`${personId} is disabled`);
    await updateStaff(tx, { personId, ...after });
    await endEverything(tx, personId, { at, reason: wish.name });
    if (after.role !== 'owner' || after.state !== 'active') {
      await voidInvitationsBy(tx, personId, at);
    }
    if (after.state === 'disabled') {
      await deletePassword(tx, personId);
      await deleteSecondFactor(tx, personId);
    }
    return { auditId, isFirst };
  });
}

async function endEverything(
  tx: Tx,
  personId: string,
  why: { at: Date; reason: string },
): Promise<void> {
  await revokeSessionsOf(tx, personId, why);
  await revokeKeysOf(tx, personId, why.at);
  await voidChallenges(tx, personId, why.at);
}
