import type { KeyScope, StaffRole } from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';
import { isAfterCut } from './repository-revocations.ts';

export type KeyKind = 'staff' | 'customer';

/** A key as its holder sees it: never its secret. */
export type ApiKey = Readonly<{
  id: string;
  /** The part of it that may be shown. */
  prefix: string;
  name: string;
  scopes: readonly KeyScope[];
  /** Addresses and networks it may be used from; empty: any. */
  networks: readonly string[];
  createdAt: Date;
  expiresAt: Date;
  usedAt: Date | undefined;
}>;

type Row = {
  id: string;
  prefix: string;
  name: string;
  scopes: string;
  networks: string;
  created_at: Date;
  expires_at: Date;
  used_at: Date | null;
};

const toKey = (row: Row): ApiKey => ({
  id: row.id,
  prefix: row.prefix,
  name: row.name,
  scopes: scopesOf(row.scopes),
  networks: wordsOf(row.networks),
  createdAt: row.created_at,
  expiresAt: row.expires_at,
  usedAt: row.used_at ?? undefined,
});

/** Living ones of a person, the newest first. */
export async function selectKeys(
  tx: Tx,
  personId: string,
  { at, most }: Readonly<{ at: Date; most: number }>,
): Promise<ApiKey[]> {
  const { rows } = await sql<Row>`
    select id, prefix, name, scopes, networks, created_at, expires_at, used_at from api_key
     where person_id = ${personId} and revoked_at is null and expires_at > ${at}
       and ${isAfterCut('created_at')}
     order by created_at desc, id desc limit ${most}`.execute(tx);
  return rows.map(toKey);
}

export async function insertKey(
  tx: Tx,
  key: Omit<ApiKey, 'usedAt'> &
    Readonly<{ personId: string; kind: KeyKind; publicId: string; secretHash: string }>,
): Promise<void> {
  await sql`
    insert into api_key
      (id, person_id, kind, public_id, secret_hash, prefix, name, scopes, networks, created_at,
       expires_at)
    values (${key.id}, ${key.personId}, ${key.kind}, ${key.publicId}, ${key.secretHash},
            ${key.prefix}, ${key.name}, ${key.scopes.join(' ')}, ${key.networks.join(' ')},
            ${key.createdAt}, ${key.expiresAt})`.execute(tx);
}

/** The name of the key that was ended; undefined: it is somebody else's, or has ended. */
export async function revokeKey(
  tx: Tx,
  key: Readonly<{ id: string; personId: string; at: Date }>,
): Promise<string | undefined> {
  const { rows } = await sql<{ name: string }>`
    update api_key set revoked_at = ${key.at}
     where id = ${key.id} and person_id = ${key.personId} and revoked_at is null
    returning name`.execute(tx);
  return rows[0]?.name;
}

/** The key's name and where it could be used from before; undefined: it is somebody else's, or has ended. */
export async function bindKey(
  tx: Tx,
  key: Readonly<{ id: string; personId: string; networks: readonly string[]; at: Date }>,
): Promise<{ name: string; before: readonly string[] } | undefined> {
  const { rows } = await sql<{ name: string; before: string }>`
    with old as (
      select id, networks from api_key
       where id = ${key.id} and person_id = ${key.personId} and revoked_at is null
         and expires_at > ${key.at} for update)
    update api_key set networks = ${key.networks.join(' ')} from old where api_key.id = old.id
    returning api_key.name, old.networks as before`.execute(tx);
  return rows.map(({ name, before }) => ({ name, before: wordsOf(before) }))[0];
}

/** Living keys of staff by person, the newest first; as many as a review shows. */
export async function selectStaffKeys(
  tx: Tx,
  { at, most }: Readonly<{ at: Date; most: number }>,
): Promise<ReadonlyMap<string, readonly ApiKey[]>> {
  const { rows } = await sql<Row & { person_id: string }>`
    select k.person_id, k.id, k.prefix, k.name, k.scopes, k.networks, k.created_at, k.expires_at,
           k.used_at
      from api_key k
      join staff_member m on m.person_id = k.person_id and m.state = 'active'
     where k.kind = 'staff' and k.revoked_at is null and k.expires_at > ${at}
       and ${isAfterCut('k.created_at')}
     order by k.created_at desc, k.id desc limit ${most}`.execute(tx);
  const byPerson = Map.groupBy(rows, ({ person_id: personId }) => personId);
  return new Map([...byPerson].map(([personId, keys]) => [personId, keys.map(toKey)]));
}

/** Ends every key of a person: a ban, a changed role, the end of their access. */
export async function revokeKeysOf(tx: Tx, personId: string, at: Date): Promise<void> {
  await sql`update api_key set revoked_at = ${at}
    where person_id = ${personId} and revoked_at is null`.execute(tx);
}

/** A living key with what its holder is now. */
export type HeldKey = Readonly<{
  id: string;
  publicId: string;
  secretHash: string;
  scopes: readonly KeyScope[];
  networks: readonly string[];
  createdAt: Date;
  usedAt: Date | undefined;
  personId: string;
  name: string;
  /** Undefined for keys of customers. */
  role: StaffRole | undefined;
}>;

/** The one question behind every call with a key: key alive, person and member active, which role. */
export async function readHeldKey(
  tx: Tx,
  publicId: string,
  at: Date,
): Promise<HeldKey | undefined> {
  const { rows } = await sql<{
    id: string;
    public_id: string;
    secret_hash: string;
    scopes: string;
    networks: string;
    created_at: Date;
    used_at: Date | null;
    person_id: string;
    name: string;
    role: StaffRole | null;
  }>`
    select k.id, k.public_id, k.secret_hash, k.scopes, k.networks, k.created_at, k.used_at,
           k.person_id, p.name, m.role
      from api_key k
      join person p on p.id = k.person_id and p.state = 'active'
      left join staff_member m
        on m.person_id = k.person_id and m.state = 'active' and k.kind = 'staff'
     where k.public_id = ${publicId} and k.revoked_at is null and k.expires_at > ${at}
       and (k.kind = 'customer' or m.role is not null)
       and ${isAfterCut('k.created_at')}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    publicId: row.public_id,
    secretHash: row.secret_hash,
    scopes: scopesOf(row.scopes),
    networks: wordsOf(row.networks),
    createdAt: row.created_at,
    usedAt: row.used_at ?? undefined,
    personId: row.person_id,
    name: row.name,
    role: row.role ?? undefined,
  }))[0];
}

/** Of many calls at once one writes. */
export async function markKeyUsed(
  tx: Tx,
  used: Readonly<{ id: string; at: Date; unlessSince: Date }>,
): Promise<void> {
  await sql`update api_key set used_at = ${used.at}
    where id = ${used.id} and (used_at is null or used_at <= ${used.unlessSince})`.execute(tx);
}

function wordsOf(text: string): string[] {
  return text === '' ? [] : text.split(' ');
}

function scopesOf(text: string): KeyScope[] {
  return text.split(' ') as KeyScope[]; // written by `insertKey` from words of this type
}
