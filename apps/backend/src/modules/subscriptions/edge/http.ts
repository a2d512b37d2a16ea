import { LIST_MAX, SubscriptionsWire, type SubscriptionWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { App } from '../../../platform/http/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Subscription, Subscriptions } from '../index.ts';

/** What the access of a subscription looks like; provisioning is told by the composition. */
export type AccessOf = (
  subscription: Subscription,
) => Promise<{ subscriptionUrl: string | undefined }>;

/** `GET /api/v1/me/subscriptions`: one's own, with the link. */
export function subscriptionRoutes(deps: {
  subscriptions: Subscriptions;
  catalog: Catalog;
  accessOf: AccessOf;
  clock: Clock;
}) {
  return (app: App): void => {
    app.get(
      '/api/v1/me/subscriptions',
      { config: { permission: 'session' }, schema: { response: { 200: SubscriptionsWire } } },
      async (request, reply) => {
        const own = await deps.subscriptions.ofPerson(request.personId);
        reply.header('cache-control', 'no-store');
        return {
          items: await Promise.all(own.slice(0, LIST_MAX).map((one) => present(deps, one))),
        };
      },
    );
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
    accessUrl: access.subscriptionUrl ?? null,
  };
}
