import {
  API,
  moneyToWire,
  type PlanVersionWire,
  type StaffRow,
  type TransferRow,
} from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { PlanVersionListed } from '../../catalog/index.ts';
import type { Invitation, StaffMember } from '../../identity/index.ts';
import type { TransferListed } from '../../ledger/index.ts';
import type { AdminParts } from '../deps.ts';
import { createRows, STUCK_AFTER_MS } from '../rows.ts';
import { auditWire } from './people.ts';
import { listed, period } from './query.ts';

const DAY_MS = 86_400_000;

/** What was sold and what became of it: subscriptions, deliveries, the ledger, plans, messages. */
export function bookRoutes(parts: AdminParts) {
  const { clock, db, ledger, subscriptions } = parts;
  const rows = createRows(parts);
  return (app: App): void => {
    serve(app, API.subscriptions.list, ({ query }) => {
      const filter = subscriptionFilter(query, clock.now());
      return listed(query, (page) => subscriptions.admin.list(filter, page), rows.subscriptions);
    });
    serve(app, API.deliveries.list, ({ query }) => {
      const filter = deliveryFilter(query.state, clock.now());
      return listed(query, (page) => subscriptions.admin.byDelivery(filter, page), rows.deliveries);
    });
    serve(app, API.ledger.accounts, async () => {
      const { items, sums } = await ledger.admin.accounts(db.read);
      return {
        items: items.map(({ code, balance }) => ({ code, balance: moneyToWire(balance) })),
        sums: sums.map(moneyToWire),
      };
    });
    serve(app, API.ledger.transfers, ({ query }) => {
      const filter = transferFilter(query);
      return listed(
        query,
        (page) => ledger.admin.transfers(db.read, filter, page),
        (transfers) => transfers.map(transferRow),
      );
    });
    listRoutes(parts)(app);
  };
}

type TransferQuery = Readonly<{
  account?: string | undefined;
  reference?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
}>;

/** The filters of the list and of its file. */
export function transferFilter(query: TransferQuery) {
  const { account, reference } = query;
  const references = reference === undefined ? undefined : [reference];
  return { ...period(query), account, references };
}

/** Plans, messages, the audit log, settings and staff. */
function listRoutes({
  audit,
  catalog,
  clock,
  messaging,
  orders,
  product,
  settings,
  identity,
}: AdminParts) {
  return (app: App): void => {
    serve(app, API.plans.list, async () => {
      const versions = await catalog.admin.versions(product.slug);
      const counts = await orders.admin.countByVersion(versions.map(({ versionId }) => versionId));
      return { items: versions.map((one) => planRow(one, counts.get(one.versionId) ?? 0)) };
    });
    serve(app, API.messages.statistics, async ({ query }) => {
      const midnightMs = Math.floor(clock.now().getTime() / DAY_MS) * DAY_MS;
      const from = new Date(midnightMs - (query.days - 1) * DAY_MS);
      return { items: [...(await messaging.admin.byDay(from))] };
    });
    serve(app, API.audit.list, ({ query }) => {
      const { actorId, act, subjectId } = query;
      const filter = { ...period(query), actorId, act, subjectId };
      return listed(
        query,
        (page) => audit.list(filter, page),
        (entries) => entries.map(auditWire),
      );
    });
    serve(app, API.settings.list, () => Promise.resolve({ items: [...settings] }));
    serve(app, API.staff.list, async () => {
      const { members, invitations } = await identity.staff.list();
      return { items: members.map(staffRow), invitations: invitations.map(invitationRow) };
    });
  };
}

type SubscriptionQuery = Readonly<{
  state?: 'active' | 'expired' | 'pending' | undefined;
  endsWithinDays?: number | undefined;
}>;

export function subscriptionFilter({ state, endsWithinDays }: SubscriptionQuery, now: Date) {
  if (endsWithinDays === undefined) return { state, endsBefore: undefined };
  return { state, endsBefore: new Date(now.getTime() + endsWithinDays * DAY_MS) };
}

/** Without a state: everything the panel does not have yet. */
export function deliveryFilter(state: 'waiting' | 'stuck' | 'delivered' | undefined, now: Date) {
  const stuckBefore = new Date(now.getTime() - STUCK_AFTER_MS);
  switch (state) {
    case 'delivered':
      return { state };
    case 'stuck':
      return { state: 'waiting' as const, since: { before: stuckBefore } };
    case 'waiting':
      return { state, since: { after: stuckBefore } };
    case undefined:
      return { state: 'waiting' as const };
  }
}

export function transferRow(transfer: TransferListed): TransferRow {
  return {
    ...transfer,
    amount: moneyToWire(transfer.amount),
    postedAt: transfer.postedAt.toISOString(),
  };
}

export function staffRow(member: StaffMember): StaffRow {
  return {
    ...member,
    lastSeenAt: member.lastSeenAt?.toISOString() ?? null,
    createdAt: member.createdAt.toISOString(),
  };
}

function invitationRow({ id, display: email, role, createdAt, expiresAt }: Invitation) {
  const times = { createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() };
  return { id, email, role, ...times };
}

function planRow(plan: PlanVersionListed, orders: number): PlanVersionWire {
  return {
    id: plan.id,
    code: plan.code,
    version: plan.version,
    title: plan.title,
    termDays: plan.termDays,
    devices: plan.devices,
    trafficBytes: plan.trafficBytes.toString(),
    prices: plan.prices.map(moneyToWire),
    versionId: plan.versionId,
    createdAt: plan.createdAt.toISOString(),
    isCurrent: plan.isCurrent,
    orders,
  };
}
