/**
 * Days for everybody while payments do not work: one act, undone by one act. The work is done in
 * batches, each a transaction that also asks for the next, so whoever dies in the middle neither
 * doubles nor loses: a gift is a grant keyed by the act and the subscription.
 */
import { assert, type Clock, type Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Acted, Audit, StaffAct } from '../audit/index.ts';
import { ExtensionNotFound, ExtensionUnderWay } from './errors.ts';
import {
  countMeant,
  insertMass,
  lockGiven,
  lockMass,
  lockMeant,
  selectMass,
  selectOneMass,
  updateMass,
  type MassExtension,
} from './repository-mass.ts';
import { insertGrant, selectGrants, updateExtended } from './repository.ts';
import { withdraw } from './review.ts';
import { nextTerm, type Subscription, type SubscriptionEvent } from './subscription.ts';
import { isTaken } from './term.ts';

/** Subscriptions of one transaction: a purchase waits for it no longer than a moment. */
const BATCH = 100;
const LISTED_MAX = 20;
const HOUR_MS = 3_600_000;

export type MassWish = Readonly<{
  days: number;
  /** Terms that ended within so many hours get the days too, counted from now. */
  endedHours: number;
}>;

export interface MassExtensions {
  /** Whom it would mean now, and the newest one made before. */
  foresee(wish: MassWish): Promise<{
    running: number;
    ended: number;
    newest: MassExtension | undefined;
  }>;
  /** Throws `ExtensionUnderWay` while another one is. */
  begin(act: StaffAct, wish: MassWish): Promise<Acted>;
  /**
   * Takes back what it gave and is not used up, from those it gave to, also while it still gives.
   * Throws `ExtensionNotFound`, and `ExtensionUnderWay` for one that was undone before.
   */
  undo(act: StaffAct, extensionId: string): Promise<Acted>;
  /** One batch; the job's. A repeat goes on where the last one committed. */
  step(extensionId: string): Promise<void>;
  /** Throws `ExtensionNotFound`. */
  find(extensionId: string): Promise<MassExtension>;
  /** Newest first, 20 at most. */
  list(): Promise<readonly MassExtension[]>;
}

type Deps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
}>;

export function createMassExtensions(deps: Deps): MassExtensions {
  const { db, clock } = deps;
  const sinceOf = (endedHours: number, at: Date) => new Date(at.getTime() - endedHours * HOUR_MS);
  return {
    async foresee({ endedHours }) {
      const at = clock.now();
      const counted = await countMeant(db.read, { since: sinceOf(endedHours, at), at });
      return { ...counted, newest: (await selectMass(db.read, 1))[0] };
    },
    begin: (act, { days, endedHours }) =>
      db.transaction(async (tx) => {
        const at = clock.now();
        const since = sinceOf(endedHours, at);
        const { running, ended } = await countMeant(tx, { since, at });
        const id = deps.ids.next('ext');
        const meant = running + ended;
        const acted = await deps.audit.record(tx, {
          ...{ ...act, act: 'subscriptions.extend_all' },
          subject: { kind: 'extension', id: 'everybody' },
          asked: { days: String(days), endedHours: String(endedHours) },
          after: { extensionId: id, meant: String(meant) },
        });
        if (!acted.isFirst) return acted;
        const isAlone = await insertMass(tx, {
          ...{ id, days, since, meant, reason: act.reason, actId: acted.id },
          ...{ state: 'giving', cursor: '', given: 0, taken: 0, undoneByName: undefined },
          ...{ startedByName: act.actor.name, startedAt: at, finishedAt: undefined },
          undoActId: undefined,
        });
        if (!isAlone) throw new ExtensionUnderWay('another extension is still under way');
        await deps.publish(tx, [{ type: 'extension.continues', extensionId: id }]);
        return acted;
      }),
    undo: (act, extensionId) =>
      db.transaction(async (tx) => {
        const mass = demand(await lockMass(tx, extensionId), extensionId);
        const acted = await deps.audit.record(tx, {
          ...{ ...act, act: 'subscriptions.undo_extend_all' },
          subject: { kind: 'extension', id: extensionId },
          before: { days: String(mass.days), given: String(mass.given) },
        });
        if (!acted.isFirst) return acted;
        const [newest] = await selectMass(tx, 1);
        const isBusy = newest?.id !== mass.id && newest?.state.endsWith('ing') === true;
        if (isBusy || mass.undoActId !== undefined) {
          throw new ExtensionUnderWay(`extension ${extensionId} cannot be undone now`);
        }
        await updateMass(tx, {
          ...{ ...mass, state: 'taking', cursor: '', finishedAt: undefined },
          ...{ undoActId: acted.id, undoneByName: act.actor.name },
        });
        await deps.publish(tx, [{ type: 'extension.continues', extensionId }]);
        return acted;
      }),
    step: (extensionId) => db.transaction((tx) => step(deps, tx, extensionId)),
    find: async (extensionId) => demand(await selectOneMass(db.read, extensionId), extensionId),
    list: () => selectMass(db.read, LISTED_MAX),
  };
}

async function step(deps: Deps, tx: Tx, extensionId: string): Promise<void> {
  const mass = demand(await lockMass(tx, extensionId), extensionId);
  if (mass.state === 'given' || mass.state === 'taken') return;
  const at = deps.clock.now();
  const isGiving = mass.state === 'giving';
  const batch = await (isGiving ? lockMeant : lockGiven)(tx, mass, BATCH);
  let moved = 0;
  for (const subscription of batch) {
    const isMoved = await (isGiving ? give : takeBack)(deps, tx, { mass, subscription, at });
    moved += Number(isMoved);
  }
  const isOver = batch.length < BATCH;
  await updateMass(tx, {
    ...mass,
    cursor: batch.at(-1)?.id ?? mass.cursor,
    ...(isGiving ? { given: mass.given + moved } : { taken: mass.taken + moved }),
    ...(isOver ? { state: isGiving ? 'given' : 'taken', finishedAt: at } : {}),
  });
  if (!isOver) await deps.publish(tx, [{ type: 'extension.continues', extensionId }]);
}

type Gift = Readonly<{ mass: MassExtension; subscription: Subscription; at: Date }>;

/** False when it was given before. */
async function give(deps: Deps, tx: Tx, { mass, subscription, at }: Gift): Promise<boolean> {
  const { id, expiresAt, planVersionId, personId } = subscription;
  const revision = subscription.revision + 1;
  const term = nextTerm(expiresAt, at, mass.days);
  const isNew = await insertGrant(tx, {
    ...{ ...term, kind: 'extend', orderId: undefined, actId: partOf(mass.actId, id) },
    ...{ subscriptionId: id, revision, ofRevision: undefined, createdAt: at },
  });
  if (!isNew) return false;
  await updateExtended(tx, { id, planVersionId, expiresAt: term.endsAt, revision, at });
  await deps.publish(tx, [
    { type: 'subscription.changed', subscriptionId: id, personId, isBulk: true },
  ]);
  return true;
}

/** What of the gift is not used up; false when that is nothing. */
async function takeBack(deps: Deps, tx: Tx, { mass, subscription }: Gift): Promise<boolean> {
  const { id, revision } = subscription;
  assert(mass.undoActId !== undefined, `extension ${mass.id} takes back without an act`);
  const grants = await selectGrants(tx, id, revision);
  const own = grants.find(({ actId }) => actId === partOf(mass.actId, id));
  assert(own !== undefined, `${mass.id} gave nothing to ${id}`);
  if (isTaken(grants, own.revision)) return false;
  const publish: Deps['publish'] = (inside, events) =>
    deps.publish(
      inside,
      events.map((event) =>
        event.type === 'subscription.changed' ? { ...event, isBulk: true } : event,
      ),
    );
  const taken = await withdraw({ clock: deps.clock, publish }, tx, {
    ...{ current: subscription, grants, owner: own.revision },
    actId: partOf(mass.undoActId, id),
  });
  return taken === 'withdrawn';
}

/** The part of an act about everybody that is about one subscription. */
function partOf(actId: string, subscriptionId: string): string {
  return `${actId}/${subscriptionId}`;
}

/** Whether it is such a part. */
export function isPartOfMany(actId: string): boolean {
  return actId.includes('/');
}

function demand(mass: MassExtension | undefined, id: string): MassExtension {
  if (mass === undefined) throw new ExtensionNotFound(`no extension ${id}`);
  return mass;
}
