/** What a review of access asks about the means of staff to come in. */
import { KEYS_MAX, type StaffStandingWire } from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';
import { selectStaffKeys, type ApiKey } from './repository-keys.ts';
import { isAfterCut } from './repository-revocations.ts';

/** As many as there are members at most. */
const MEMBERS_MAX = 500;

export type StaffMeans = Readonly<{
  sessions: number;
  recoveryCodes: number;
  /** Living API keys. */
  keys: readonly ApiKey[];
}>;

/** Open sessions of staff (seen since `idleSince`), unused recovery codes and living keys, by person. */
export async function selectStaffMeans(
  tx: Tx,
  { at, idleSince }: Readonly<{ at: Date; idleSince: Date }>,
): Promise<ReadonlyMap<string, StaffMeans>> {
  const { rows } = await sql<{ person_id: string; sessions: bigint; codes: bigint }>`
    select m.person_id,
           (select count(*) from session s
             where s.person_id = m.person_id and s.kind = 'staff' and s.revoked_at is null
               and ${isAfterCut('s.created_at')}
               and s.expires_at > ${at} and s.last_seen_at > ${idleSince}) as sessions,
           (select count(*) from recovery_code c
             where c.person_id = m.person_id and c.used_at is null) as codes
      from staff_member m order by m.person_id limit ${MEMBERS_MAX}`.execute(tx);
  const keys = await selectStaffKeys(tx, { at, most: MEMBERS_MAX * KEYS_MAX });
  return new Map(
    rows.map(({ person_id, sessions, codes }) => [
      person_id,
      {
        ...{ sessions: Number(sessions), recoveryCodes: Number(codes) },
        keys: keys.get(person_id) ?? [],
      },
    ]),
  );
}

/** Sessions of staff that live now, the newest first. */
export async function selectStaffSessions(
  tx: Tx,
  { at, idleSince }: Readonly<{ at: Date; idleSince: Date }>,
): Promise<StaffStandingWire['sessions']> {
  const { rows } = await sql<StaffStandingWire['sessions'][number]>`
    select s.id as "sessionId", s.person_id as "personId", p.name, p.language, m.role
      from session s
      join person p on p.id = s.person_id and p.state = 'active'
      join staff_member m on m.person_id = s.person_id and m.state = 'active'
     where s.kind = 'staff' and s.revoked_at is null and s.expires_at > ${at}
       and s.last_seen_at > ${idleSince} and ${isAfterCut('s.created_at')}
     order by s.id desc limit ${MEMBERS_MAX}`.execute(tx);
  return rows;
}
