/** Topping up: a way, a sum of its currency, the bill. */
import { money } from '@opora/kernel';
import type { TopUpWay } from '../../modules/payments/index.ts';
import { openOrder } from '../chat-order.ts';
import type { ScreenDeps, Turn } from '../deps.ts';
import type { Shown } from '../view.ts';
import { topUpSumsView, topUpWaysView } from './balance.view.ts';
import { bill, unavailable } from './bill.ts';

export async function showTopUp(deps: ScreenDeps, turn: Turn): Promise<Shown> {
  const { ways, resting } = await waysOf(deps);
  const [only, ...others] = ways;
  if (only === undefined) return unavailable(turn, resting[0] ?? deps.product.ways[0] ?? '');
  if (others.length + resting.length === 0) return sums(turn, only, false);
  return { view: topUpWaysView(turn.speech, { ways: ways.map(codeOf), resting }) };
}

export async function chooseSum(deps: ScreenDeps, turn: Turn, code: string): Promise<Shown> {
  const { ways } = await waysOf(deps);
  const way = ways.find(({ provider }) => provider === code);
  return way === undefined ? showTopUp(deps, turn) : sums(turn, way, ways.length > 1);
}

/** `choice`: the way and the sum, as the button said them; only what is offered is asked for. */
export async function topUp(deps: ScreenDeps, turn: Turn, choice: string): Promise<Shown> {
  const [code, minor] = choice.split('-');
  const { ways } = await waysOf(deps);
  const way = ways.find(({ provider }) => provider === code);
  const offered = way?.sums.find((sum) => sum.minor.toString() === minor);
  if (way === undefined || offered === undefined) return showTopUp(deps, turn);
  const amount = money(offered.minor, offered.currency);
  const order = await openOrder(deps, turn, { versionId: undefined, amount });
  const plain = { renews: false, mixed: false };
  return bill(deps, turn, { ...plain, order, way: way.provider, other: { type: 'topup' } });
}

function sums(
  turn: Turn,
  { provider: way, sums: offered }: TopUpWay,
  hasOtherWays: boolean,
): Shown {
  return { view: topUpSumsView(turn.speech, { way, sums: offered, hasOtherWays }) };
}

/** Money of currencies that nothing is sold in would only lie there. */
async function waysOf(deps: ScreenDeps): Promise<{ ways: TopUpWay[]; resting: string[] }> {
  const { product, payments } = deps;
  const plans = await deps.catalog.offered(product.slug);
  const sold = plans.flatMap(({ prices }) => prices.map(({ currency }) => currency));
  const currencies = [...new Set([product.currency, ...sold])];
  const all = payments.topUpWays({ ways: product.ways, currencies });
  const now = await payments.resting();
  return {
    ways: all.filter(({ provider }) => !now.has(provider)),
    resting: all.map(codeOf).filter((way) => now.has(way)),
  };
}

function codeOf({ provider }: TopUpWay): TopUpWay['provider'] {
  return provider;
}
