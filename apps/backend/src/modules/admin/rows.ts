/** Rows of lists: facts of one module with the names that another one knows, resolved in batches. */
import {
  moneyToWire,
  type DeliveryRow,
  type OrderRow,
  type PaymentRow,
  type PersonBrief,
  type SubscriptionRow,
} from '@opora/contracts';
import { addMoney, assert } from '@opora/kernel';
import type { StoredPlan } from '../catalog/index.ts';
import type { Order } from '../orders/index.ts';
import type { Payment } from '../payments/index.ts';
import type { Subscription } from '../subscriptions/index.ts';
import type { AdminParts } from './deps.ts';

/** What waits longer than this is stuck. */
export const STUCK_AFTER_MS = 60_000;

export interface Rows {
  /** The names of those the rows are about. */
  names(rows: readonly { personId: string }[]): Promise<PersonOf>;
  payments(payments: readonly Payment[]): Promise<PaymentRow[]>;
  orders(orders: readonly Order[]): Promise<OrderRow[]>;
  subscriptions(subscriptions: readonly Subscription[]): Promise<SubscriptionRow[]>;
  deliveries(subscriptions: readonly Subscription[]): Promise<DeliveryRow[]>;
}

type PersonOf = (personId: string) => PersonBrief;
type PlanOf = (planVersionId: string) => StoredPlan;
type NamesOf = (rows: readonly { personId: string }[]) => Promise<PersonOf>;

export function createRows(parts: AdminParts): Rows {
  const { clock } = parts;
  const namesOf: NamesOf = (rows) => readNames(parts, rows);
  const plansOf = (rows: readonly { planVersionId: string | undefined }[]) =>
    readPlans(parts, rows);

  return {
    names: namesOf,
    async payments(payments) {
      const personOf = await namesOf(payments);
      return payments.map((payment) => ({
        id: payment.id,
        orderId: payment.orderId,
        person: personOf(payment.personId),
        provider: payment.provider,
        reference: payment.reference ?? null,
        state: payment.state,
        amount: moneyToWire(payment.amount),
        refunded: moneyToWire(addMoney(payment.refunded, payment.credited)),
        reason: payment.reason ?? null,
        createdAt: payment.createdAt.toISOString(),
        settledAt: payment.settledAt?.toISOString() ?? null,
      }));
    },
    async orders(orders) {
      const [personOf, planOf] = await Promise.all([namesOf(orders), plansOf(orders)]);
      const at = clock.now();
      return orders.map((order) => orderRow(order, { personOf, planOf, at }));
    },
    async subscriptions(subscriptions) {
      const [personOf, planOf, accounts] = await Promise.all([
        namesOf(subscriptions),
        plansOf(subscriptions),
        parts.provisioning.accounts(subscriptions.map(({ id }) => id)),
      ]);
      const at = clock.now();
      return subscriptions.map((one) => {
        const plan = planOf(one.planVersionId);
        const account = accounts.get(one.id);
        return {
          id: one.id,
          person: personOf(one.personId),
          plan: { id: plan.id, code: plan.code, title: plan.title },
          state: stateOf(one, at),
          startsAt: one.createdAt.toISOString(),
          endsAt: one.expiresAt.toISOString(),
          trafficUsedBytes: (account?.trafficUsedBytes ?? 0n).toString(),
          trafficBytes: plan.trafficBytes.toString(),
          panelStatus: account?.status ?? null,
          panelUsername: account?.username ?? null,
          isDelivered: isDelivered(one),
        };
      });
    },
    deliveries: (subscriptions) => deliveryRows(parts, subscriptions, namesOf),
  };
}

async function readNames(
  { identity }: AdminParts,
  rows: readonly { personId: string }[],
): Promise<PersonOf> {
  const briefs = await identity.admin.briefs(rows.map(({ personId }) => personId));
  return (personId) => {
    const brief = briefs.get(personId);
    return {
      id: personId,
      name: brief?.name ?? '…',
      telegramUsername: brief?.telegramUsername ?? null,
    };
  };
}

async function readPlans(
  { catalog }: AdminParts,
  rows: readonly { planVersionId: string | undefined }[],
): Promise<PlanOf> {
  const plans = await catalog.admin.byVersion(
    rows.flatMap(({ planVersionId }) => planVersionId ?? []),
  );
  return (planVersionId) => {
    const plan = plans.get(planVersionId);
    // Versions are never removed: a row without its version is broken, and better seen.
    assert(plan !== undefined, `no plan version ${planVersionId}`);
    return plan;
  };
}

async function deliveryRows(
  { clock, db, jobs, provisioning, subscriptions: all }: AdminParts,
  subscriptions: readonly Subscription[],
  namesOf: NamesOf,
): Promise<DeliveryRow[]> {
  const ids = subscriptions.map(({ id }) => id);
  const [personOf, accounts, orders, dueAt] = await Promise.all([
    namesOf(subscriptions),
    provisioning.accounts(ids),
    all.admin.newestOrders(ids),
    jobs.dueIn(
      db.read,
      ids.map((id) => `deliver:${id}`),
    ),
  ]);
  const stuckBefore = clock.now().getTime() - STUCK_AFTER_MS;
  return subscriptions.map((one) => {
    const account = accounts.get(one.id);
    const isStuck = one.deliverySince.getTime() < stuckBefore;
    return {
      subscriptionId: one.id,
      person: personOf(one.personId),
      orderId: orders.get(one.id) ?? null,
      state: isDelivered(one) ? 'delivered' : isStuck ? 'stuck' : 'waiting',
      since: one.deliverySince.toISOString(),
      attempts: account?.attempts ?? 0,
      lastError: account?.lastError ?? null,
      nextTryAt: dueAt.get(`deliver:${one.id}`)?.toISOString() ?? null,
    };
  });
}

function orderRow(order: Order, known: { personOf: PersonOf; planOf: PlanOf; at: Date }): OrderRow {
  const plan = order.planVersionId === undefined ? undefined : known.planOf(order.planVersionId);
  return {
    id: order.id,
    person: known.personOf(order.personId),
    kind: order.kind,
    plan:
      plan === undefined
        ? null
        : { id: plan.id, code: plan.code, version: plan.version, title: plan.title },
    amount: moneyToWire(order.amount),
    state: order.state === 'open' && order.expiresAt <= known.at ? 'expired' : order.state,
    createdAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    paidAt: order.paidAt?.toISOString() ?? null,
    deliveredAt: order.deliveredAt?.toISOString() ?? null,
  };
}

export function stateOf(one: Subscription, at: Date): SubscriptionRow['state'] {
  if (one.deliveredRevision === 0) return 'pending';
  return one.expiresAt <= at ? 'expired' : 'active';
}

function isDelivered(one: Subscription): boolean {
  return one.deliveredRevision >= one.revision;
}
