/**
 * New keys without a failure: first everybody learns the new key, then it is used, so no process
 * ever meets what a key sealed or signed that it does not know. A rotation that was cut off goes on
 * where it stopped. Old keys stay until somebody drops them.
 */
import { DomainError, type Clock, type Ids } from '@opora/kernel';
import { KEYS_MAX } from '../../platform/sealing/index.ts';
import type { KeyFiles } from './key-files.ts';
import { keysIn, newKey, settingOf, type KeyClass, type KeyText } from './key-set-text.ts';

/** The roles that read keys when they start, in the order in which they learn. */
export const KEY_HOLDERS = ['auth', 'api', 'bot', 'worker'];
/** Two rounds in which the gateway asks for the public keys, and all read those of services. */
export const LEARNT_AFTER_MS = 20_000;
/** How long what an older key signed or marked may still come back, by class. */
export const KEPT_FOR_MS = {
  signing: 3_600_000,
  encryption: 7 * 24 * 3_600_000,
  service: 10 * 60_000,
};

/** The set is full, or the key is in use, not there, or needed still; the message says which. */
export class KeyKept extends DomainError {
  readonly code = 'keys.kept';
  readonly kind = 'conflict';
}

export type RotationDeps = Readonly<{
  clock: Clock;
  ids: Ids;
  files: KeyFiles;
  /** Restarts a role gracefully, instance by instance; throws when one does not come back. */
  restart: (role: string) => Promise<void>;
  say: (sentence: string) => void;
}>;

/** Answers the ids of the keys in use afterwards. Throws `KeyKept`, `KeysNotOurs`. */
export async function rotateKeys(
  deps: RotationDeps,
  kinds: readonly KeyClass[],
): Promise<ReadonlyMap<KeyClass, string>> {
  const fresh = new Map<KeyClass, string>();
  for (const kind of kinds) fresh.set(kind, await prepare(deps, kind));
  deps.say('new keys are in the sets, behind those in use; all roles learn them');
  await restartHolders(deps, kinds);
  if (kinds.some((kind) => kind !== 'encryption')) await deps.clock.sleep(LEARNT_AFTER_MS);
  for (const [kind, id] of fresh) await promote(deps, kind, id);
  deps.say('the new keys are used from now on; all roles turn to them');
  await restartHolders(deps, kinds);
  const history = await deps.files.history();
  await deps.files.keepHistory({ ...history, prepared: {} });
  return fresh;
}

/**
 * Takes a key away for good. Refused while it is in use, while values are sealed with it (`sealed`
 * counts them), and, unless `atOnce`, while something it signed or marked may still come back.
 * Throws `KeyKept`.
 */
export async function dropKey(
  deps: RotationDeps,
  kind: KeyClass,
  wish: { id: string; sealed: number; atOnce: boolean },
): Promise<void> {
  const keys = keysIn(kind, await deps.files.read(kind));
  const at = keys.findIndex(({ id }) => id === wish.id);
  if (at === -1) throw new KeyKept(`no ${kind} key ${wish.id}`);
  if (at === 0) throw new KeyKept(`${wish.id} is the key in use: rotate first`);
  if (wish.sealed > 0) {
    throw new KeyKept(`${String(wish.sealed)} values are sealed with ${wish.id}: reseal first`);
  }
  if (!wish.atOnce) await assertFree(deps, kind, wish.id);
  await deps.files.write(kind, settingOf(kind, keys.toSpliced(at, 1)));
  await restartHolders(deps, [kind]);
}

/** Throws `KeyKept` while something the key signed or marked may still come back. */
async function assertFree(
  { clock, files }: RotationDeps,
  kind: KeyClass,
  id: string,
): Promise<void> {
  const replacedAt = (await files.history()).replacedAt[id];
  if (replacedAt === undefined) {
    throw new KeyKept(
      `${id} was replaced by hand, so nobody knows what still rests on it; --at-once ends that now`,
    );
  }
  const freeFromMs = Date.parse(replacedAt) + KEPT_FOR_MS[kind];
  if (clock.now().getTime() >= freeFromMs) return;
  const when = new Date(freeFromMs).toISOString();
  throw new KeyKept(`${id} is needed until ${when}; --at-once ends what rests on it now`);
}

/** The id of the new key: one that a cut-off rotation had made, or one made now. */
async function prepare(deps: RotationDeps, kind: KeyClass): Promise<string> {
  const keys = keysIn(kind, await deps.files.read(kind));
  const history = await deps.files.history();
  const begun = history.prepared[kind];
  if (begun !== undefined && keys.some(({ id }) => id === begun)) return begun;
  if (keys.length >= KEYS_MAX) {
    throw new KeyKept(`${String(KEYS_MAX)} ${kind} keys already: drop the oldest first`);
  }
  const key: KeyText = newKey(deps, kind);
  const prepared = { ...history.prepared, [kind]: key.id };
  await deps.files.keepHistory({ ...history, prepared });
  await deps.files.write(kind, settingOf(kind, [...keys, key]));
  return key.id;
}

async function promote(deps: RotationDeps, kind: KeyClass, id: string): Promise<void> {
  const keys = keysIn(kind, await deps.files.read(kind));
  const [inUse] = keys;
  if (inUse === undefined || inUse.id === id) return;
  const history = await deps.files.history();
  const replacedAt = { ...history.replacedAt, [inUse.id]: deps.clock.now().toISOString() };
  await deps.files.keepHistory({ ...history, replacedAt });
  const isNew = (key: KeyText): boolean => key.id === id;
  const ordered = [...keys.filter(isNew), ...keys.filter((key) => !isNew(key))];
  await deps.files.write(kind, settingOf(kind, ordered));
}

/** Keys of services are read anew by everybody all the time: nobody is restarted for them. */
async function restartHolders(
  { restart, say }: RotationDeps,
  kinds: readonly KeyClass[],
): Promise<void> {
  if (kinds.every((kind) => kind === 'service')) return;
  for (const role of KEY_HOLDERS) {
    await restart(role);
    say(`${role}: restarted`);
  }
}
