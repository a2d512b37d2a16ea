import { createHash } from 'node:crypto';
import { assert } from '@opora/kernel';
import type { Subscription } from '../../modules/subscriptions/index.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import { inTime } from '../patience.ts';
import type { Shown } from '../view.ts';
import { preparingView } from './home.view.ts';
import { standingOf } from './standing.ts';
import {
  devicesUnavailableView,
  devicesView,
  expiredView,
  noSubscriptionView,
  subscriptionView,
} from './subscription.view.ts';

/** The count of devices is worth this wait; the rest of the screen is known without it. */
const COUNT_MAX_MS = 1_200;
const DEVICE_KEY_LENGTH = 12;

export async function showSubscription(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const { speech } = turn;
  const { standing, subscription, access } = await standingOf(deps, turn);
  switch (standing.state) {
    case 'none':
      return { view: noSubscriptionView(speech) };
    case 'preparing':
      return { view: preparingView(speech) };
    case 'expired':
      return { view: expiredView(speech, standing.at) };
    case 'active': {
      assert(subscription !== undefined && access !== undefined, 'active without a subscription');
      const plan = await deps.catalog.version(subscription.planVersionId);
      const devices = await inTime(
        deps.clock,
        COUNT_MAX_MS,
        deps.provisioning.devices(subscription),
      );
      return {
        view: subscriptionView(speech, {
          until: standing.until,
          daysLeft: standing.daysLeft,
          devicesUsed: devices?.length,
          devicesLimit: plan.devices,
          trafficUsedBytes: access.trafficUsedBytes,
          trafficLimitBytes: plan.trafficBytes,
          link: access.subscriptionUrl ?? '',
          hasRenewals: deps.product.renewals,
        }),
      };
    }
  }
}

export async function showDevices(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const { standing, subscription } = await standingOf(deps, turn);
  if (standing.state !== 'active' || subscription === undefined) {
    return showSubscription(deps, turn);
  }
  return devicesOf(deps, turn, subscription);
}

/** The key is only looked for among the person's own devices. */
export async function removeDevice(deps: ScreenDeps, turn: Turn, key: string): Promise<Shown> {
  const { standing, subscription } = await standingOf(deps, turn);
  if (standing.state !== 'active' || subscription === undefined) {
    return showSubscription(deps, turn);
  }
  const devices = await deps.provisioning.devices(subscription).catch(unreachable(turn));
  const device = devices?.find(({ hwid }) => keyOf(hwid) === key);
  if (device === undefined) return devicesOf(deps, turn, subscription);
  const isGone = await deps.provisioning
    .removeDevice(subscription, device.hwid)
    .then(() => true)
    .catch(unreachable(turn));
  if (isGone !== true) return { view: devicesUnavailableView(turn.speech) };
  const toast = turn.speech.plain('toast.removed');
  return { ...(await devicesOf(deps, turn, subscription)), toast };
}

async function devicesOf(deps: ScreenDeps, turn: Turn, subscription: Subscription): Promise<Shown> {
  const devices = await deps.provisioning.devices(subscription).catch(unreachable(turn));
  if (devices === undefined) return { view: devicesUnavailableView(turn.speech) };
  const plan = await deps.catalog.version(subscription.planVersionId);
  return {
    view: devicesView(turn.speech, {
      devices: devices.map(({ hwid, name }) => ({ name, key: keyOf(hwid) })),
      limit: plan.devices,
    }),
  };
}

/** A device's own id may be longer than a button's data, and is nobody's business. */
function keyOf(hwid: string): string {
  return createHash('sha256').update(hwid).digest('hex').slice(0, DEVICE_KEY_LENGTH);
}

function unreachable(turn: Turn): (error: unknown) => undefined {
  return (error) => {
    turn.log.warn({ err: error }, 'devices could not be reached');
    return undefined;
  };
}
