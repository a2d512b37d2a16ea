/**
 * A person's own API keys: making one wants a proof of the last five minutes (C7), is told and in the
 * audit log, and shows the key this once. Taking one away wants nothing but the session.
 */
import {
  CUSTOMER_SCOPES,
  KEY_SCOPES,
  KEYS_MAX,
  ROLE_PERMISSIONS,
  type KeyScope,
} from '@opora/contracts';
import type { Tx } from '../../platform/db/index.ts';
import { makeApiKey } from '../../platform/tokens/index.ts';
import { begin, type By, type Own } from './account.ts';
import type { SignInDeps } from './deps.ts';
import { KeyNotFound, KeyScopeRefused, KeysNotOffered, TooManyKeys } from './errors.ts';
import { selfFrom } from './from.ts';
import { bindKey, insertKey, revokeKey, selectKeys, type ApiKey } from './repository-keys.ts';
import { lockStaff } from './repository-staff.ts';
import { lockPerson } from './repository.ts';
import { tell } from './steps.ts';

const DAY_MS = 24 * 3_600_000;

export type KeyWish = Readonly<{
  name: string;
  scopes: readonly KeyScope[];
  /** Where it may be used from; empty: anywhere. */
  networks: readonly string[];
  days: number;
}>;

export type OwnKeys = Readonly<{
  keys: readonly ApiKey[];
  /** What a new key could be allowed; empty: this person may have none. */
  scopes: readonly KeyScope[];
}>;

export async function readKeys(deps: SignInDeps, own: Own): Promise<OwnKeys> {
  const at = deps.clock.now();
  const { read } = deps.db;
  const keys = await selectKeys(read, own.personId, { at, most: KEYS_MAX });
  return { keys, scopes: await scopesFor(read, deps, own.personId) };
}

/**
 * The key is in the answer and nowhere else. Throws `StepUpRequired`, `KeysNotOffered`,
 * `KeyScopeRefused`, `TooManyKeys`, `SessionEnded`, `PersonBanned`.
 */
export async function addKeyStep(
  deps: SignInDeps,
  own: By,
  wish: KeyWish,
): Promise<{ key: string; made: ApiKey }> {
  const at = deps.clock.now();
  const { personId, from } = own;
  const { key, ...shown } = makeApiKey(deps.ids, deps.keys.place);
  return deps.db.transaction(async (tx) => {
    // Holds the person: two keys made at once see each other.
    const { name, isStaff } = await begin(tx, own, at);
    const allowed = await scopesFor(tx, deps, personId);
    if (allowed.length === 0) throw new KeysNotOffered('no keys for customers here');
    const surplus = wish.scopes.filter((scope) => !allowed.includes(scope));
    if (surplus.length > 0) throw new KeyScopeRefused(`not theirs to give: ${surplus.join(' ')}`);
    const living = await selectKeys(tx, personId, { at, most: KEYS_MAX });
    if (living.length >= KEYS_MAX) throw new TooManyKeys(`${personId} has ${String(KEYS_MAX)}`);
    const made = {
      ...{ id: deps.ids.next('key'), prefix: shown.prefix, name: wish.name },
      networks: [...new Set(wish.networks)],
      ...{ scopes: [...new Set(wish.scopes)], createdAt: at, usedAt: undefined },
      expiresAt: new Date(at.getTime() + wish.days * DAY_MS),
    };
    await insertKey(tx, { ...made, ...shown, personId, kind: isStaff ? 'staff' : 'customer' });
    await deps.audit.record(tx, {
      actor: selfFrom({ personId, name }, from),
      ...{ act: 'key.created', subject: { kind: 'key', id: made.id }, personId },
      after: {
        ...{ name: made.name, prefix: made.prefix, scopes: made.scopes.join(' ') },
        networks: made.networks.join(' '),
        expiresAt: made.expiresAt.toISOString(),
      },
    });
    await tell(tx, deps, { personId, kind: 'key_created', from, at });
    return { key, made };
  });
}

/**
 * Says where a key may be used from, from the next call on: an asker with a session alone could set a
 * key free. Throws `StepUpRequired`, `KeyNotFound`, `SessionEnded`, `PersonBanned`.
 */
export async function bindKeyStep(
  deps: SignInDeps,
  own: By,
  { id, networks }: Readonly<{ id: string; networks: readonly string[] }>,
): Promise<void> {
  const at = deps.clock.now();
  const { personId, from } = own;
  await deps.db.transaction(async (tx) => {
    const { name } = await begin(tx, own, at);
    const wanted = [...new Set(networks)];
    const bound = await bindKey(tx, { id, personId, networks: wanted, at });
    if (bound === undefined) throw new KeyNotFound(`no key ${id} of ${personId}`);
    await deps.audit.record(tx, {
      actor: selfFrom({ personId, name }, from),
      ...{ act: 'key.bound', subject: { kind: 'key', id }, personId },
      before: { name: bound.name, networks: bound.before.join(' ') },
      after: { networks: wanted.join(' ') },
    });
  });
}

/** Within a second no gateway takes it any more. Throws `KeyNotFound`. */
export async function removeKeyStep(deps: SignInDeps, own: By, id: string): Promise<void> {
  const at = deps.clock.now();
  const { personId, from } = own;
  await deps.db.transaction(async (tx) => {
    const { name } = await lockPerson(tx, personId, 'share');
    const removed = await revokeKey(tx, { id, personId, at });
    if (removed === undefined) throw new KeyNotFound(`no key ${id} of ${personId}`);
    await deps.audit.record(tx, {
      actor: selfFrom({ personId, name }, from),
      ...{ act: 'key.revoked', subject: { kind: 'key', id }, personId, before: { name: removed } },
    });
  });
}

/** A key is never allowed more than its maker. */
async function scopesFor(
  tx: Tx,
  { keys }: Pick<SignInDeps, 'keys'>,
  personId: string,
): Promise<readonly KeyScope[]> {
  const member = await lockStaff(tx, personId, 'share');
  if (member?.state !== 'active') return keys.forCustomers ? CUSTOMER_SCOPES : [];
  const rights = ROLE_PERMISSIONS[member.role];
  return KEY_SCOPES.filter((scope) => scope !== 'session' && rights.has(scope));
}
