import { API, LIST_MAX, type SubscriptionWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { createCopies, serve, type App } from '../../../platform/http/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Subscription, Subscriptions } from '../index.ts';

/** What the access of a subscription looks like; provisioning is told by the composition. */
export type AccessOf = (subscription: Subscription) => Promise<{
  subscriptionUrl: string | undefined;
  trafficUsedBytes: bigint;
  /** The panel's word, as last seen. */
  status: string | undefined;
  /** False while the newest purchase is on its way to the panel. */
  isCurrent: boolean;
}>;

type Deps = Readonly<{ catalog: Catalog; accessOf: AccessOf; clock: Clock }>;

/** The panel's word for an account that works. */
const WORKS = 'ACTIVE';
const ENDED: SubscriptionWire['state'] = 'expired';

/** `GET /api/v1/me/subscriptions`: one's own, with the link. */
export function subscriptionRoutes(deps: Deps & { subscriptions: Subscriptions }) {
  const copies = createCopies<SubscriptionWire[]>(deps);

  async function ofPerson(personId: string): Promise<SubscriptionWire[]> {
    const own = await deps.subscriptions.ofPerson(personId);
    return Promise.all(own.slice(0, LIST_MAX).map((one) => presentSubscription(deps, one)));
  }

  return (app: App): void => {
    serve(app, API.me.subscriptions, async ({ request: { personId }, reply }) => {
      const { value, asOf } = await copies.read(personId, () => ofPerson(personId), reply);
      if (asOf === undefined) return { items: value };
      const now = deps.clock.now().toISOString();
      // What was bought goes on ending while nobody can look.
      const items = value.map((one) => (one.endsAt <= now ? { ...one, state: ENDED } : one));
      return { items, asOf: asOf.toISOString() };
    });
  };
}

/** A subscription as its owner sees it; a link that still works counts more than a new term. */
export async function presentSubscription(
  deps: Deps,
  subscription: Subscription,
): Promise<SubscriptionWire> {
  const plan = await deps.catalog.version(subscription.planVersionId);
  const access = await deps.accessOf(subscription);
  const isOver = subscription.expiresAt.getTime() <= deps.clock.now().getTime();
  const isUsable =
    access.subscriptionUrl !== undefined && (access.isCurrent || access.status === WORKS);
  return {
    id: subscription.id,
    plan: { id: plan.id, code: plan.code, title: plan.title },
    state: isOver ? 'expired' : isUsable ? 'active' : 'pending',
    startsAt: subscription.createdAt.toISOString(),
    endsAt: subscription.expiresAt.toISOString(),
    devices: plan.devices,
    trafficBytes: plan.trafficBytes.toString(),
    trafficUsedBytes: access.trafficUsedBytes.toString(),
    accessUrl: access.subscriptionUrl ?? null,
  };
}
