/** The own balance on the site: what is there, what moved it, and topping it up. */
import { API, moneyFromWire, moneyToWire } from '@opora/contracts';
import type { Database } from '../../../platform/db/index.ts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { Ledger } from '../../ledger/index.ts';
import { TOP_UP_TITLE, topUpBounds } from '../../orders/index.ts';
import { ProviderNotConfigured } from '../errors.ts';
import type { TopUpWay } from '../wallet.ts';
import type { CheckoutDeps } from './deps.ts';
import { demandBuyer, demandCalm, presentPlaced } from './placing.ts';

type Deps = CheckoutDeps & Readonly<{ ledger: Ledger; db: Database }>;

export function balanceRoutes(deps: Deps) {
  const { payments, orders, product, clock } = deps;
  return (app: App): void => {
    serve(app, API.me.balance, async ({ request: { personId } }) => {
      const { free, held } = await payments.wallet(personId);
      const entries = await deps.ledger.entries(deps.db.read, personId);
      return {
        free: free.map(moneyToWire),
        held: held.map(moneyToWire),
        entries: entries.map(({ at, amount, kind }) => ({
          ...{ at: at.toISOString(), amount: moneyToWire(amount), kind },
        })),
      };
    });

    serve(app, API.me.topUpWays, async () => {
      const resting = await payments.resting();
      const items = (await waysOf(deps)).map(({ provider, currency, sums }) => {
        const { least, most } = topUpBounds(currency);
        return {
          ...{ provider, title: deps.wayTitle(provider), sums: sums.map(moneyToWire) },
          ...{ least: moneyToWire(least), most: moneyToWire(most) },
          resting: resting.has(provider),
        };
      });
      return { items };
    });

    serve(app, API.me.topUp, async ({ request: { personId }, body, key }) => {
      const language = await demandBuyer(deps.identity, personId);
      const amount = moneyFromWire(body.amount);
      const way = (await waysOf(deps)).find(({ provider }) => provider === body.provider);
      if (way?.currency !== amount.currency) {
        throw new ProviderNotConfigured(`${body.provider} does not top up in ${amount.currency}`);
      }
      if ((await orders.ofKey(personId, key)) === undefined) await demandCalm(deps, personId);
      const order = await orders.placeTopUp({ personId, product: product.slug, amount, key });
      return presentPlaced(clock, { order, planId: null }, () =>
        payments.start({
          ...{ orderId: order.id, provider: way.provider, language },
          description: `${product.name[language]}: ${TOP_UP_TITLE[language]}`,
        }),
      );
    });
  };
}

/** Money of currencies that nothing is sold in would only lie there. */
async function waysOf({ catalog, payments, product }: Deps): Promise<TopUpWay[]> {
  const plans = await catalog.offered(product.slug);
  const currencies = new Set(plans.flatMap(({ prices }) => prices.map((each) => each.currency)));
  return payments.topUpWays({ ways: product.ways, currencies: [...currencies] });
}
