import { API, LIST_MAX, type SubscriptionWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Subscription, Subscriptions } from '../index.ts';

/** What the access of a subscription looks like; provisioning is told by the composition. */
export type AccessOf = (
  subscription: Subscription,
) => Promise<{ subscriptionUrl: string | undefined; trafficUsedBytes: bigint }>;

/** `GET /api/v1/me/subscriptions`: one's own, with the link. */
export function subscriptionRoutes(deps: {
  subscriptions: Subscriptions;
  catalog: Catalog;
  accessOf: AccessOf;
  clock: Clock;
}) {
  return (app: App): void => {
    serve(app, API.me.subscriptions, async ({ request }) => {
      const own = await deps.subscriptions.ofPerson(request.personId);
      return { items: await Promise.all(own.slice(0, LIST_MAX).map((one) => present(deps, one))) };
    });
  };
}

async function present(
  deps: { catalog: Catalog; accessOf: AccessOf; clock: Clock },
  subscription: Subscription,
): Promise<SubscriptionWire> {
  const plan = await deps.catalog.version(subscription.planVersionId);
  const access = await deps.accessOf(subscription);
  const isOver = subscription.expiresAt.getTime() <= deps.clock.now().getTime();
  return {
    id: subscription.id,
    plan: { id: plan.id, code: plan.code, title: plan.title },
    state: access.subscriptionUrl === undefined ? 'pending' : isOver ? 'expired' : 'active',
    startsAt: subscription.createdAt.toISOString(),
    endsAt: subscription.expiresAt.toISOString(),
    devices: plan.devices,
    trafficBytes: plan.trafficBytes.toString(),
    trafficUsedBytes: access.trafficUsedBytes.toString(),
    accessUrl: access.subscriptionUrl ?? null,
  };
}
