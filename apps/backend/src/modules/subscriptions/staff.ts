/** What staff may do to a term. Each act is a grant of its own, so access always has its evidence. */
import type { Clock, Ids } from '@opora/kernel';
import type { Database, Tx } from '../../platform/db/index.ts';
import type { Acted, Audit, StaffAct } from '../audit/index.ts';
import { SubscriptionNotFound } from './errors.ts';
import {
  insertGrant,
  lockOfPerson,
  lockSubscription,
  updateExtended,
  type lockOrInsert,
} from './repository.ts';
import { updateNextLook } from './repository-renewals.ts';
import { nextTerm, type Grant, type Subscription, type SubscriptionEvent } from './subscription.ts';

/** Each is done once per key, with its audit entry; a repeat of it changes nothing. */
export interface SubscriptionActs {
  /** Adds days from the later of now and the expiry; throws `SubscriptionNotFound`. */
  extend(act: StaffAct, wish: { subscriptionId: string; days: number }): Promise<Acted>;
  /** Gives a plan nobody paid for, on top of what the person has of that product. */
  grant(act: StaffAct, wish: GrantWish): Promise<Acted>;
  /** Ends the term now; throws `SubscriptionNotFound`. */
  revoke(act: StaffAct, subscriptionId: string): Promise<Acted>;
  /** The person may or may not use what is theirs from now on: the panel must hear of it. */
  refresh(personId: string): Promise<void>;
}

export type GrantWish = Readonly<{
  personId: string;
  product: string;
  planVersionId: string;
  days: number;
}>;

export type StaffDeps = Readonly<{
  db: Database;
  clock: Clock;
  ids: Ids;
  audit: Audit;
  publish: (tx: Tx, events: readonly SubscriptionEvent[]) => Promise<void>;
  lock: typeof lockOrInsert;
}>;

type Term = Readonly<{ startsAt: Date; endsAt: Date }>;
type Change = Readonly<{
  kind: Grant['kind'];
  act: StaffAct;
  asked: Readonly<Record<string, string>>;
  planVersionId: string;
  term: Term;
  at: Date;
}>;

export function createSubscriptionActs(deps: StaffDeps): SubscriptionActs {
  const { db, clock, ids } = deps;
  return {
    extend: (act, { subscriptionId, days }) =>
      db.transaction(async (tx) => {
        const at = clock.now();
        const current = await locked(tx, subscriptionId);
        const term = nextTerm(current.expiresAt, at, days);
        const asked = { days: String(days) };
        const { planVersionId } = current;
        return change(deps, tx, current, { kind: 'extend', act, asked, planVersionId, term, at });
      }),
    grant: (act, { personId, product, planVersionId, days }) =>
      db.transaction(async (tx) => {
        const at = clock.now();
        const fresh = { id: ids.next('sub'), personId, product, planVersionId };
        const current = await deps.lock(tx, {
          ...fresh,
          ...{ expiresAt: at, revision: 0, deliveredRevision: 0, deliverySince: at, createdAt: at },
        });
        const term = nextTerm(current.expiresAt, at, days);
        const asked = { days: String(days), planVersionId };
        return change(deps, tx, current, { kind: 'grant', act, asked, planVersionId, term, at });
      }),
    revoke: (act, subscriptionId) =>
      db.transaction(async (tx) => {
        const at = clock.now();
        const current = await locked(tx, subscriptionId);
        const endsAt = current.expiresAt < at ? current.expiresAt : at;
        const { planVersionId } = current;
        const term = { startsAt: endsAt, endsAt };
        return change(deps, tx, current, {
          ...{ kind: 'revoke', act, asked: {}, planVersionId, term, at },
        });
      }),
    refresh: (personId) =>
      db.transaction(async (tx) => {
        const at = clock.now();
        const subscriptions = await lockOfPerson(tx, personId);
        for (const one of subscriptions) {
          await updateExtended(tx, { ...one, revision: one.revision + 1, at });
          // Its renewal is looked at now: a vendor would charge on whom we keep out.
          await updateNextLook(tx, one.id, at);
        }
        await deps.publish(tx, subscriptions.map(changed));
      }),
  };
}

async function locked(tx: Tx, id: string): Promise<Subscription> {
  const subscription = await lockSubscription(tx, id);
  if (subscription === undefined) throw new SubscriptionNotFound(`no subscription ${id}`);
  return subscription;
}

/** The entry, the grant and the new term together, or, when the key came before, nothing. */
async function change(
  deps: StaffDeps,
  tx: Tx,
  current: Subscription,
  { kind, act, asked, planVersionId, term, at }: Change,
): Promise<Acted> {
  const acted = await deps.audit.record(tx, {
    ...act,
    act: `subscriptions.${kind}`,
    // A grant is about the person: whether a subscription was there before is an accident.
    subject:
      kind === 'grant'
        ? { kind: 'person', id: current.personId }
        : { kind: 'subscription', id: current.id },
    personId: current.personId,
    asked,
    before: { endsAt: current.expiresAt.toISOString() },
    after: { endsAt: term.endsAt.toISOString(), subscriptionId: current.id },
  });
  if (!acted.isFirst) return acted;
  const revision = current.revision + 1;
  await insertGrant(tx, {
    ...{ ...term, kind, orderId: undefined, actId: acted.id, ofRevision: undefined },
    ...{ subscriptionId: current.id, revision, createdAt: at },
  });
  const next = { id: current.id, planVersionId, expiresAt: term.endsAt, revision };
  await updateExtended(tx, { ...next, at });
  await deps.publish(tx, [changed(current)]);
  return acted;
}

function changed({ id, personId }: Subscription): SubscriptionEvent {
  return { type: 'subscription.changed', subscriptionId: id, personId };
}
