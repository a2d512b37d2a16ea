import { sql, type Tx } from '../../platform/db/index.ts';

export type Passkey = Readonly<{
  /** The credential's own id, base64url. */
  id: string;
  personId: string;
  /** COSE. */
  publicKey: Buffer;
  counter: number;
  transports: readonly string[];
  name: string;
  createdAt: Date;
  usedAt: Date | undefined;
}>;

type Row = {
  id: string;
  person_id: string;
  public_key: string;
  counter: bigint;
  transports: string;
  name: string;
  created_at: Date;
  used_at: Date | null;
};

const COLUMNS = sql`id, person_id, public_key, counter, transports, name, created_at, used_at`;

const toPasskey = (row: Row): Passkey => ({
  id: row.id,
  personId: row.person_id,
  publicKey: Buffer.from(row.public_key, 'base64url'),
  counter: Number(row.counter),
  transports: row.transports.split(' ').filter((word) => word !== ''),
  name: row.name,
  createdAt: row.created_at,
  usedAt: row.used_at ?? undefined,
});

/** At most `most`, the oldest first. */
export async function selectPasskeys(tx: Tx, personId: string, most: number): Promise<Passkey[]> {
  const { rows } = await sql<Row>`select ${COLUMNS} from passkey
    where person_id = ${personId} order by created_at, id limit ${most}`.execute(tx);
  return rows.map(toPasskey);
}

export async function readPasskey(tx: Tx, id: string): Promise<Passkey | undefined> {
  const { rows } = await sql<Row>`select ${COLUMNS} from passkey where id = ${id}`.execute(tx);
  return rows.map(toPasskey)[0];
}

/** False when this key is somebody's already. */
export async function insertPasskey(tx: Tx, key: Omit<Passkey, 'usedAt'>): Promise<boolean> {
  const { rows } = await sql`
    insert into passkey (id, person_id, public_key, counter, transports, name, created_at)
    values (${key.id}, ${key.personId}, ${key.publicKey.toString('base64url')}, ${key.counter},
            ${key.transports.join(' ')}, ${key.name}, ${key.createdAt})
    on conflict (id) do nothing returning id`.execute(tx);
  return rows.length === 1;
}

/** Undefined when it was taken away meanwhile; else how often it had said it was used before. */
export async function usePasskey(
  tx: Tx,
  used: { id: string; counter: number; at: Date },
): Promise<number | undefined> {
  const { rows } = await sql<{ before: bigint }>`
    with known as (select id, counter from passkey where id = ${used.id} for update)
    update passkey set counter = greatest(passkey.counter, ${used.counter}), used_at = ${used.at}
      from known where passkey.id = known.id returning known.counter as before`.execute(tx);
  return rows.map(({ before }) => Number(before))[0];
}

/** False when it is not there, or somebody else's. */
export async function deletePasskey(
  tx: Tx,
  key: { id: string; personId: string },
): Promise<boolean> {
  const { rows } = await sql`
    delete from passkey where id = ${key.id} and person_id = ${key.personId} returning id`.execute(
    tx,
  );
  return rows.length === 1;
}
