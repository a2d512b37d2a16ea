import { sql, type Tx } from '../../platform/db/index.ts';

export type Purpose =
  | 'second_factor'
  | 'enrol'
  | 'mail_code'
  | 'register'
  | 'reset'
  | 'prove'
  | 'new_email'
  | 'undo_email'
  | 'passkey_enter'
  | 'passkey_add'
  | 'passkey_factor'
  | 'passkey_prove'
  | 'telegram_oidc';

export type Challenge = Readonly<{
  personId: string | undefined;
  email: string | undefined;
  display: string | undefined;
  codeHash: string | undefined;
  secret: string | undefined;
  phc: string | undefined;
  expiresAt: Date;
}>;

type ChallengeRow = {
  person_id: string | null;
  email: string | null;
  display: string | null;
  code_hash: string | null;
  secret: string | null;
  phc: string | null;
  expires_at: Date;
};

const toChallenge = (row: ChallengeRow): Challenge => ({
  personId: row.person_id ?? undefined,
  email: row.email ?? undefined,
  display: row.display ?? undefined,
  codeHash: row.code_hash ?? undefined,
  secret: row.secret ?? undefined,
  phc: row.phc ?? undefined,
  expiresAt: row.expires_at,
});

export async function insertChallenge(
  tx: Tx,
  challenge: Partial<Challenge> & { hash: string; purpose: Purpose; expiresAt: Date },
): Promise<void> {
  await sql`
    insert into sign_in_challenge
      (hash, purpose, person_id, email, display, code_hash, secret, phc, expires_at)
    values (${challenge.hash}, ${challenge.purpose}, ${challenge.personId ?? null},
            ${challenge.email ?? null}, ${challenge.display ?? null}, ${challenge.codeHash ?? null},
            ${challenge.secret ?? null}, ${challenge.phc ?? null}, ${challenge.expiresAt})`.execute(
    tx,
  );
}

/** Takes one of the tries of a challenge of this purpose; undefined: unknown, used, old, worn out. */
export async function tryChallenge(
  tx: Tx,
  tried: { hash: string; purpose: Purpose; most: number; at: Date },
): Promise<Challenge | undefined> {
  const { rows } = await sql<ChallengeRow>`
    update sign_in_challenge set tries = tries + 1
     where hash = ${tried.hash} and purpose = ${tried.purpose} and used_at is null
       and expires_at > ${tried.at} and tries < ${tried.most}::int
    returning person_id, email, display, code_hash, secret, phc, expires_at`.execute(tx);
  return rows.map(toChallenge)[0];
}

/** An open one, looked at without taking a try. */
export async function readChallenge(
  tx: Tx,
  asked: { hash: string; purpose: Purpose; at: Date },
): Promise<Challenge | undefined> {
  const { rows } = await sql<ChallengeRow>`
    select person_id, email, display, code_hash, secret, phc, expires_at from sign_in_challenge
     where hash = ${asked.hash} and purpose = ${asked.purpose} and used_at is null
       and expires_at > ${asked.at}`.execute(tx);
  return rows.map(toChallenge)[0];
}

/** What was asked for before: only the newest of its kind counts. */
export async function voidEarlier(
  tx: Tx,
  about: { personId: string; purpose: Purpose; at: Date },
): Promise<void> {
  await sql`update sign_in_challenge set used_at = ${about.at}
    where person_id = ${about.personId} and purpose = ${about.purpose} and used_at is null`.execute(
    tx,
  );
}

/** The row is locked by its try, so nobody else closes it meanwhile. */
export async function closeChallenge(tx: Tx, hash: string, at: Date): Promise<void> {
  await sql`update sign_in_challenge set used_at = ${at} where hash = ${hash}`.execute(tx);
}

/** What was begun with credentials that no longer count; the way back to a former mailbox stays. */
export async function voidChallenges(tx: Tx, personId: string, at: Date): Promise<void> {
  await sql`update sign_in_challenge set used_at = ${at}
    where person_id = ${personId} and purpose <> 'undo_email' and used_at is null`.execute(tx);
}

export async function deleteOldChallenges(tx: Tx, before: Date): Promise<number> {
  const gone = await sql`delete from sign_in_challenge where expires_at < ${before}`.execute(tx);
  return Number(gone.numAffectedRows ?? 0n);
}
