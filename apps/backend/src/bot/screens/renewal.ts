/** Automatic renewal: what is agreed and kept, and the buttons that end it at once. */
import { PlanNotOffered } from '../../modules/catalog/index.ts';
import { PriceChanged } from '../../modules/orders/index.ts';
import { MethodNotFound } from '../../modules/payments/index.ts';
import { RenewalNeedsMethod, type Subscription } from '../../modules/subscriptions/index.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { noMethodView, renewalOffView, renewalOnView } from './renewal.view.ts';
import { subscriptionOf } from './standing.ts';
import { showSubscription } from './subscription.ts';

export async function showRenewal(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const subscription = await subscriptionOf(deps, turn);
  if (subscription === undefined) return showSubscription(deps, turn);
  const { renewals } = deps.subscriptions;
  const standing = await renewals.standing(subscription);
  const { method, renewal, offer, chargedAt } = standing;
  const { speech } = turn;
  if (method === undefined) return { view: noMethodView(speech) };
  const kept = { methodId: method.id, method: method.title };
  if (renewal !== undefined) {
    return { view: renewalOnView(speech, { ...kept, price: renewal.amount, chargedAt }) };
  }
  return { view: renewalOffView(speech, { ...kept, offer }) };
}

/** Agrees to the price of the version the button was made with; a changed one shows the new one. */
export async function switchOn(deps: ScreenDeps, turn: Turn, versionId: string): Promise<Shown> {
  return act(deps, turn, async (subscription) => {
    const { method, offer } = await deps.subscriptions.renewals.standing(subscription);
    if (method === undefined) return turn.speech.plain('toast.stale');
    if (offer?.versionId !== versionId) return turn.speech.plain('toast.priceChanged');
    await deps.subscriptions.renewals.switchOn(subscription.id, turn.person.id, offer.price);
    return turn.speech.plain('toast.renewalOn');
  });
}

export async function switchOff(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  return act(deps, turn, async ({ id }) => {
    await deps.subscriptions.renewals.switchOff(id, turn.person.id);
    return turn.speech.plain('toast.renewalOff');
  });
}

export async function forgetMethod(deps: ScreenDeps, turn: Turn, id: string): Promise<Shown> {
  return act(deps, turn, async () => {
    await deps.subscriptions.renewals.removeMethod(id, turn.person.id);
    return turn.speech.plain('toast.methodGone');
  });
}

/** Does it and shows how it stands now, whatever became of it. */
async function act(
  deps: ScreenDeps,
  turn: Turn,
  work: (subscription: Subscription) => Promise<string>,
): Promise<Shown> {
  const subscription = await subscriptionOf(deps, turn);
  if (subscription === undefined) return showSubscription(deps, turn);
  const toast = await work(subscription).catch((error: unknown) => {
    if (!isStale(error)) throw error;
    return turn.speech.plain('toast.stale');
  });
  return { ...(await showRenewal(deps, turn)), toast };
}

function isStale(error: unknown): boolean {
  return [MethodNotFound, PlanNotOffered, PriceChanged, RenewalNeedsMethod].some(
    (kind) => error instanceof kind,
  );
}
