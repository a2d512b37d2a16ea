import type { Access } from '../../modules/provisioning/index.ts';
import type { Subscription } from '../../modules/subscriptions/index.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Standing } from './home.view.ts';

const DAY_MS = 86_400_000;
/** The access server's word for an account that works. */
const WORKS = 'ACTIVE';

/** The person's subscription of this product, if any. */
export async function subscriptionOf(
  deps: ScreenDeps,
  turn: Turn,
): Promise<Subscription | undefined> {
  const all = await deps.subscriptions.ofPerson(turn.person.id);
  return all.find(({ product }) => product === deps.product.slug);
}

export type Known = Readonly<{
  standing: Standing;
  subscription: Subscription | undefined;
  access: Access | undefined;
}>;

/**
 * What the person has now. While an extension is on its way the old access still works, so
 * "preparing" is only said when there is nothing to use yet.
 */
export async function standingOf(deps: ScreenDeps, turn: Turn): Promise<Known> {
  const subscription = await subscriptionOf(deps, turn);
  if (subscription === undefined) {
    return { standing: { state: 'none' }, subscription, access: undefined };
  }
  const access = await deps.provisioning.access(subscription);
  return { subscription, access, standing: judge(subscription, access, deps.clock.now()) };
}

function judge(subscription: Subscription, access: Access, now: Date): Standing {
  const until = subscription.expiresAt;
  const leftMs = until.getTime() - now.getTime();
  if (leftMs <= 0) return { state: 'expired', at: until };
  const isUsable = access.isCurrent || access.status === WORKS;
  if (access.subscriptionUrl === undefined || !isUsable) return { state: 'preparing' };
  return { state: 'active', until, daysLeft: Math.floor(leftMs / DAY_MS) };
}
