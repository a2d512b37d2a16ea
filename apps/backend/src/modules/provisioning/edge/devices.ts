import { API } from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Catalog } from '../../catalog/index.ts';
import type { Subscriptions } from '../../subscriptions/index.ts';
import type { Provisioning } from '../index.ts';

type Deps = Readonly<{
  subscriptions: Subscriptions;
  provisioning: Provisioning;
  catalog: Catalog;
}>;

/** Longest name of a device that is shown, characters. */
const NAME_MAX = 128;
const DEVICES_MAX = 50;

/** Devices of one's own subscription: the panel knows them, and takes them away. */
export function deviceRoutes(deps: Deps) {
  return (app: App): void => {
    serve(app, API.me.devices, async ({ request, params }) => {
      const own = await deps.subscriptions.findOwn(params.subscriptionId, request.personId);
      const [devices, plan] = await Promise.all([
        deps.provisioning.devices(own),
        deps.catalog.version(own.planVersionId),
      ]);
      const items = devices.slice(0, DEVICES_MAX).map(({ hwid, name, seenAt }) => ({
        id: hwid,
        name: name.slice(0, NAME_MAX),
        seenAt: seenAt.toISOString(),
      }));
      return { items, limit: plan.devices };
    });

    serve(app, API.me.removeDevice, async ({ request, params }) => {
      const own = await deps.subscriptions.findOwn(params.subscriptionId, request.personId);
      await deps.provisioning.removeDevice(own, params.deviceId);
      return { removed: true as const };
    });
  };
}
