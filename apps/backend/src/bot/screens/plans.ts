import { priceIn, type Plan } from '../../modules/catalog/index.ts';
import type { ProviderId } from '../../modules/payments/index.ts';
import { nextTerm } from '../../modules/subscriptions/index.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { plansView, priceView, type PlanOnSale } from './plans.view.ts';
import { subscriptionOf } from './standing.ts';

/** A plan of the window; `prices` are those of the other ways to pay too. */
export type Offered = PlanOnSale & Pick<Plan, 'prices'>;

/** The shop window: terms to choose from, or to add to a subscription that still runs. */
export async function showPlans(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const [plans, until] = await Promise.all([plansOnSale(deps), runningUntil(deps, turn)]);
  return { view: plansView(turn.speech, { plans, until }) };
}

/** One term and its price; the window again when that version is not sold any more. */
export async function showPrice(
  deps: ScreenDeps,
  turn: Turn,
  wish: { versionId: string; renews: boolean },
): Promise<Shown> {
  const plan = await findOnSale(deps, wish.versionId);
  if (plan === undefined) return showChangedPlans(deps, turn);
  return price(deps, turn, { plan, renews: wish.renews });
}

/** What a link of the site names; an unknown code opens the window. */
export async function showPlanByCode(deps: ScreenDeps, turn: Turn, code: string): Promise<Shown> {
  const plan = (await offeredPlans(deps)).find((each) => each.code === code);
  return plan === undefined
    ? showPlans(deps, turn)
    : price(deps, turn, { plan: onSale(deps, plan), renews: false });
}

/** The window, and a word about why the button did not do what it said. */
export async function showChangedPlans(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const toast = turn.speech.plain('toast.priceChanged');
  return { ...(await showPlans(deps, turn)), toast };
}

/** The offered plan of that version; undefined when it is not sold (any more). */
export async function findOnSale(
  deps: ScreenDeps,
  versionId: string,
): Promise<Offered | undefined> {
  return (await plansOnSale(deps)).find((plan) => plan.versionId === versionId);
}

async function price(
  deps: ScreenDeps,
  turn: Turn,
  wish: { plan: Offered; renews: boolean },
): Promise<Shown> {
  const { plan } = wish;
  const now = deps.clock.now();
  const until = await runningUntil(deps, turn);
  const ways = renewableWays(deps, plan);
  return {
    view: priceView(turn.speech, {
      plan,
      until: nextTerm(until ?? now, now, plan.termDays).endsAt,
      isExtension: until !== undefined,
      renews: ways.length === 0 ? undefined : wish.renews,
      atVendor: ways.filter((way) => deps.payments.chargesItself(way)),
    }),
  };
}

/** Ways by which the next terms can follow this one; none where the product offers no renewals. */
export function renewableWays(
  { product, payments }: ScreenDeps,
  { termDays, prices }: Pick<Offered, 'termDays' | 'prices'>,
): ProviderId[] {
  if (!product.renewals) return [];
  return payments.offered.filter(
    (way) =>
      product.ways.includes(way) &&
      payments.canRenew(way, termDays) &&
      payments.priceAt(way, prices) !== undefined,
  );
}

async function plansOnSale(deps: ScreenDeps): Promise<Offered[]> {
  return (await offeredPlans(deps)).map((plan) => onSale(deps, plan));
}

/** Plans without a price in the product's currency are not for this window. */
async function offeredPlans(deps: ScreenDeps): Promise<Plan[]> {
  const { slug, currency } = deps.product;
  const plans = await deps.catalog.offered(slug);
  return plans.filter(({ prices }) => prices.some((each) => each.currency === currency));
}

function onSale(deps: ScreenDeps, plan: Plan): Offered {
  return { ...plan, price: priceIn(plan, deps.product.currency) };
}

/** When the running subscription ends; undefined when none runs. */
async function runningUntil(deps: ScreenDeps, turn: Turn): Promise<Date | undefined> {
  const until = (await subscriptionOf(deps, turn))?.expiresAt;
  return until !== undefined && until > deps.clock.now() ? until : undefined;
}
