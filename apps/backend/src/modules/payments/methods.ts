/**
 * Saved methods: what a customer let us charge again. Written with the money it was saved by, shown
 * to its owner, removed by them at any time; removed, it is never charged again.
 *
 * States: active -> removed (by its owner, or saved again) | refused (the vendor will not have it).
 */
import { assert, Secret } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import { placeIn } from '../../platform/sealing/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { MethodNotFound } from './errors.ts';
import { isAtProvider, type Payment } from './payment.ts';
import type { MethodToken } from './provider.ts';
import {
  endMethod,
  insertMethod,
  lockMethod,
  lockMethodsOf,
  selectActive,
  selectMethod,
  selectMethodsOf,
  selectSavedWith,
  stepAside,
} from './repository-methods.ts';
import { insertEvents, lockPayments, selectEvents } from './repository.ts';
import type { SavedMethod } from './saved-method.ts';
import { METHOD_TOKEN } from './sealed-columns.ts';

export interface Methods {
  /** Newest first, ended ones too. */
  ofPerson(personId: string): Promise<readonly SavedMethod[]>;
  find(id: string): Promise<SavedMethod | undefined>;
  /** What was saved with this payment; undefined: nothing. */
  savedWith(paymentId: string): Promise<SavedMethod | undefined>;
  /** The same, if that payer is whom its vendor charges by itself. */
  savedBy(paymentId: string, payer: string): Promise<SavedMethod | undefined>;
  /**
   * Its owner takes it back: from the commit on nothing new is charged, `alongside` ends what rests
   * on it. Throws `MethodNotFound` for anybody else's; a repeat changes nothing.
   */
  remove(id: string, personId: string, alongside: (tx: Tx) => Promise<void>): Promise<SavedMethod>;
  /** Its vendor charged by itself what it must not any more: ended like one its owner removed. */
  retire(tx: Tx, id: string): Promise<void>;
  /** An ended one that its vendor charges all the same: it is told once more. */
  endAgain(tx: Tx, id: string): Promise<void>;
  /** The vendor forbade to try it ever again. */
  refuse(tx: Tx, id: string): Promise<void>;
  /**
   * The vendor forgets an ended method, where it can; the work of a job that every end adds and that
   * is tried until the vendor answers. Of a vendor that charges by itself the timeline of the payment
   * says what became of that, and staff is told when nobody but they can end it there.
   */
  forget(id: string): Promise<void>;
}

export function createMethods(deps: PaymentsDeps): Methods {
  const { db, clock } = deps;
  const end = async (tx: Tx, id: string, state: 'removed' | 'refused'): Promise<void> => {
    const gone = await endMethod(tx, { id, state, at: clock.now() });
    await publishEnded(deps, tx, gone === undefined ? [] : [gone]);
  };
  return {
    ofPerson: (personId) => selectMethodsOf(db.read, personId),
    find: (id) => selectMethod(db.read, id),
    savedWith: (paymentId) => selectSavedWith(db.read, paymentId),
    async savedBy(paymentId, payer) {
      const method = await selectSavedWith(db.read, paymentId);
      if (method === undefined) return undefined;
      const vendor = deps.providers.get(method.provider);
      return vendor?.isPayer?.(tokenOf(deps, method), payer) === true ? method : undefined;
    },
    async remove(id, personId, alongside) {
      const known = await selectMethod(db.read, id);
      if (known?.personId !== personId) throw new MethodNotFound(`no saved method ${id}`);
      return db.transaction(async (tx) => {
        const gone = await endMethod(tx, { id, state: 'removed', at: clock.now() });
        await alongside(tx);
        await publishEnded(deps, tx, gone === undefined ? [] : [gone]);
        return gone ?? known;
      });
    },
    retire: (tx, id) => end(tx, id, 'removed'),
    async endAgain(tx, id) {
      const method = await lockMethod(tx, id);
      if (method !== undefined && method.state !== 'active') await publishEnded(deps, tx, [method]);
    },
    refuse: (tx, id) => end(tx, id, 'refused'),
    forget: (id) => forget(deps, id),
  };
}

/** What was paid with, and the words by which its owner agreed that it is kept. */
export type Kept = Readonly<{ payment: Payment; method: MethodToken; words: string }>;

/** Keeps what was paid with, in the transaction of the money; facts that repeat keep it once. */
export async function saveMethods(
  deps: PaymentsDeps,
  tx: Tx,
  { kept, at }: { kept: readonly Kept[]; at: Date },
): Promise<void> {
  for (const { payment, method, words } of kept) {
    const { personId, provider } = payment;
    assert(isAtProvider(provider), `payment ${payment.id} has no method to keep`);
    const id = deps.ids.next('mth');
    const { title, expiresAt } = method;
    await lockMethodsOf(tx, personId);
    const replaced = await stepAside(tx, { personId, provider, title, at });
    await publishEnded(deps, tx, replaced);
    await insertMethod(tx, {
      ...{ id, personId, provider, title, expiresAt, words, isDefault: true, state: 'active' },
      paymentId: payment.id,
      sealed: deps.sealing.seal(Buffer.from(method.token.reveal()), placeOf(id)),
      agreedAt: payment.createdAt,
      createdAt: at,
      endedAt: undefined,
    });
  }
}

/** Opens the token for the one call that needs it. */
export function tokenOf(deps: PaymentsDeps, { id, sealed }: SavedMethod): Secret {
  return new Secret(deps.sealing.open(sealed, placeOf(id)).toString());
}

/** In the timeline of the payment that saved it: what a vendor charges by itself has ended there. */
export const VENDOR_ENDED = 'renewal ended at the provider';
/** Or it can be ended in its cabinet alone. */
export const VENDOR_LEFT = 'renewal goes on at the provider';

const placeOf = (id: string) => placeIn(METHOD_TOKEN, id);

function publishEnded(deps: PaymentsDeps, tx: Tx, ended: readonly SavedMethod[]): Promise<void> {
  return deps.publish(
    tx,
    ended.map(({ id, personId }) => ({ type: 'method.ended', methodId: id, personId })),
  );
}

async function forget(deps: PaymentsDeps, id: string): Promise<void> {
  const method = await selectMethod(deps.db.read, id);
  assert(method !== undefined && method.state !== 'active', `${id} is no ended method`);
  const token = tokenOf(deps, method);
  // Saved again, a vendor may give the very same token: that one is still charged.
  const others = await selectActive(deps.db.read, method);
  if (others.some((other) => tokenOf(deps, other).reveal() === token.reveal())) return;
  const vendor = deps.providers.get(method.provider);
  if (vendor?.removeMethod !== undefined) {
    await vendor.removeMethod(token);
    if (vendor.capabilities.savedMethods === 'provider') await noteEnded(deps, method, 'told');
  } else if (vendor?.capabilities.savedMethods !== 'merchant') {
    await noteEnded(deps, method, 'left');
  }
}

/** Once, however often the job is repeated. */
async function noteEnded(
  deps: PaymentsDeps,
  { id: methodId, paymentId, personId, provider }: SavedMethod,
  how: 'told' | 'left',
): Promise<void> {
  const kind = how === 'told' ? VENDOR_ENDED : VENDOR_LEFT;
  await deps.db.transaction(async (tx) => {
    const [payment] = await lockPayments(tx, provider, { ids: [paymentId], references: [] });
    const known = await selectEvents(tx, paymentId);
    if (payment === undefined || known.some((event) => event.kind === kind)) return;
    const detail = `${provider}, saved method ${methodId}`;
    await insertEvents(tx, [{ paymentId, at: deps.clock.now(), kind, detail }]);
    if (how === 'told') return;
    await deps.publish(tx, [{ type: 'method.left', methodId, personId, paymentId, provider }]);
  });
}
