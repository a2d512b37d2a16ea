/** Saved methods: every statement. The sealed token leaves only through `SavedMethod.sealed`. */
import { sql, type Tx } from '../../platform/db/index.ts';
import type { ProviderId } from './provider.ts';
import type { SavedMethod } from './saved-method.ts';

type MethodRow = {
  id: string;
  person_id: string;
  provider: string;
  payment_id: string;
  token: string;
  title: string;
  expires_at: Date | null;
  state: string;
  is_default: boolean;
  words: string;
  agreed_at: Date;
  created_at: Date;
  ended_at: Date | null;
};

const COLUMNS = sql.raw(
  `id, person_id, provider, payment_id, token, title, expires_at, state, is_default, words,
   agreed_at, created_at, ended_at`,
);

/** Removed ones are shown to staff; a person has few. */
const LISTED_MAX = 50;

function toMethod(row: MethodRow): SavedMethod {
  return {
    id: row.id,
    personId: row.person_id,
    provider: row.provider as ProviderId, // written by us from the registry's ids
    paymentId: row.payment_id,
    sealed: row.token,
    title: row.title,
    expiresAt: row.expires_at ?? undefined,
    state: row.state as SavedMethod['state'], // a check constraint keeps it to the three
    isDefault: row.is_default,
    words: row.words,
    agreedAt: row.agreed_at,
    createdAt: row.created_at,
    endedAt: row.ended_at ?? undefined,
  };
}

/** False when this payment saved its method before. */
export async function insertMethod(tx: Tx, method: SavedMethod): Promise<boolean> {
  const { rows } = await sql`
    insert into saved_method (${COLUMNS})
    values (${method.id}, ${method.personId}, ${method.provider}, ${method.paymentId},
            ${method.sealed}, ${method.title}, ${method.expiresAt ?? null}, ${method.state},
            ${method.isDefault}, ${method.words}, ${method.agreedAt}, ${method.createdAt}, null)
    on conflict (payment_id) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/**
 * Makes room for a new one: it is the default, and the same card saved again takes its place.
 * Returns what ended by that.
 */
export async function stepAside(
  tx: Tx,
  fresh: { personId: string; provider: string; title: string; at: Date },
): Promise<SavedMethod[]> {
  const { rows } = await sql<MethodRow>`update saved_method set is_default = false,
      state = case when provider = ${fresh.provider} and title = ${fresh.title}
                   then 'removed' else state end,
      ended_at = case when provider = ${fresh.provider} and title = ${fresh.title}
                      then ${fresh.at}::timestamptz else ended_at end
    where person_id = ${fresh.personId} and state = 'active'
    returning ${COLUMNS}`.execute(tx);
  return rows.map(toMethod).filter(({ state }) => state !== 'active');
}

/** One writer at a time among those who save for the same person. */
export async function lockMethodsOf(tx: Tx, personId: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`saved_method ${personId}`}, 0))
    `.execute(tx);
}

export async function selectMethod(tx: Tx, id: string): Promise<SavedMethod | undefined> {
  const { rows } = await sql<MethodRow>`
    select ${COLUMNS} from saved_method where id = ${id}`.execute(tx);
  return rows.map(toMethod)[0];
}

/** Held until the end of the transaction: who removes it meanwhile waits. */
export async function lockMethod(tx: Tx, id: string): Promise<SavedMethod | undefined> {
  const { rows } = await sql<MethodRow>`
    select ${COLUMNS} from saved_method where id = ${id} for update`.execute(tx);
  return rows.map(toMethod)[0];
}

export async function selectSavedWith(tx: Tx, paymentId: string): Promise<SavedMethod | undefined> {
  const { rows } = await sql<MethodRow>`
    select ${COLUMNS} from saved_method where payment_id = ${paymentId}`.execute(tx);
  return rows.map(toMethod)[0];
}

/** What this person let the same vendor charge and may still be charged. */
export async function selectActive(
  tx: Tx,
  { personId, provider }: Pick<SavedMethod, 'personId' | 'provider'>,
): Promise<SavedMethod[]> {
  const { rows } = await sql<MethodRow>`
    select ${COLUMNS} from saved_method
     where person_id = ${personId} and provider = ${provider} and state = 'active'
     order by id limit ${LISTED_MAX}`.execute(tx);
  return rows.map(toMethod);
}

/** Newest first, ended ones too. */
export async function selectMethodsOf(tx: Tx, personId: string): Promise<SavedMethod[]> {
  const { rows } = await sql<MethodRow>`
    select ${COLUMNS} from saved_method where person_id = ${personId}
     order by created_at desc, id desc limit ${LISTED_MAX}`.execute(tx);
  return rows.map(toMethod);
}

/** An active one ends; undefined when it is none, or had ended before. */
export async function endMethod(
  tx: Tx,
  ended: { id: string; state: 'removed' | 'refused'; at: Date },
): Promise<SavedMethod | undefined> {
  const { rows } = await sql<MethodRow>`
    update saved_method set state = ${ended.state}, ended_at = ${ended.at}, is_default = false
     where id = ${ended.id} and state = 'active' returning ${COLUMNS}`.execute(tx);
  return rows.map(toMethod)[0];
}
