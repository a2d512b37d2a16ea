import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { chooseDeviceView, guideView } from './connect.view.ts';
import { standingOf } from './standing.ts';
import { showSubscription } from './subscription.ts';

/** Which device is it? Without a link to give, the subscription's own screen says what to do. */
export async function showConnect(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const { standing } = await standingOf(deps, turn);
  if (standing.state !== 'active') return showSubscription(deps, turn);
  return { view: chooseDeviceView(turn.speech, deps.product.connect) };
}

/** Three steps for one platform. */
export async function showGuide(deps: ScreenDeps, turn: Turn, platform: string): Promise<Shown> {
  const { standing, access } = await standingOf(deps, turn);
  const guide = deps.product.connect.find((each) => each.platform === platform);
  const link = access?.subscriptionUrl;
  if (standing.state !== 'active' || guide === undefined || link === undefined) {
    return showConnect(deps, turn);
  }
  return { view: guideView(turn.speech, { guide, link }) };
}
