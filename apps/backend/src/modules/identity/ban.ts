import type { StaffAct } from '../audit/index.ts';
import type { PeopleDeps } from './deps.ts';
import { PersonIsStaff } from './errors.ts';
import { revokeKeysOf } from './repository-keys.ts';
import { revokeSessionsOf } from './repository-sessions.ts';
import { lockStaff } from './repository-staff.ts';
import { lockPerson, updateState } from './repository.ts';
import type { ActOutcome } from './staff.ts';

/**
 * Closes an account or opens it again: state, entry, end of all sessions and the fact for others in
 * one transaction. Staff keeps its rights until an owner ends them: who may ban may not do that.
 */
export async function setBanned(
  deps: PeopleDeps,
  act: StaffAct,
  wish: { personId: string; isBanned: boolean },
): Promise<ActOutcome> {
  const { personId, isBanned } = wish;
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const person = await lockPerson(tx, personId, 'update');
    const state = isBanned ? 'banned' : 'active';
    const { id: auditId, isFirst } = await deps.audit.record(tx, {
      ...act,
      act: isBanned ? 'people.ban' : 'people.unban',
      subject: { kind: 'person', id: personId },
      personId,
      before: { state: person.state },
      after: { state },
    });
    if (!isFirst || person.state === state) return { auditId, isFirst };
    const member = isBanned ? await lockStaff(tx, personId, 'share') : undefined;
    if (member?.state === 'active') throw new PersonIsStaff(`${personId} is staff`);
    await updateState(tx, personId, state);
    if (isBanned) {
      await revokeSessionsOf(tx, personId, { reason: 'banned', at });
      await revokeKeysOf(tx, personId, at);
    }
    await deps.publish(tx, [
      { type: isBanned ? 'person.banned' : 'person.unbanned', personId, actId: auditId },
    ]);
    return { auditId, isFirst };
  });
}
