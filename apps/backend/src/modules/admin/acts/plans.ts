import { API, moneyFromWire, type PlanChange } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { PricesAmbiguous } from '../errors.ts';
import { act, consequence, exact, words, type Act } from './act.ts';

/** Publish the next version of a plan. */
export function planActs({ catalog, orders }: AdminParts): readonly Act[] {
  return [
    act({
      endpoints: API.acts.publish,
      async preview({ planId, change }) {
        const newest = await catalog.admin.newest(planId);
        const placed = await orders.admin.countByVersion([newest.versionId]);
        const { prices } = termsOf(change);
        const next = String(newest.version + 1);
        const kept = String(placed.get(newest.versionId) ?? 0);
        return {
          title: words(
            `Опубликовать «${newest.title.ru}», версия ${next}?`,
            `Publish "${newest.title.en}", version ${next}?`,
          ),
          verb: words('Опубликовать', 'Publish'),
          consequences: [
            consequence(
              'money',
              `Цена станет ${prices.map(exact).join(', ')} вместо ${newest.prices.map(exact).join(', ')}`,
              `The price becomes ${prices.map(exact).join(', ')} instead of ${newest.prices.map(exact).join(', ')}`,
            ),
            consequence(
              'note',
              `Заказы по прежней версии (${kept}) сохранят свою цену и условия`,
              `Orders of the version before (${kept}) keep their price and terms`,
            ),
            consequence(
              'note',
              'Папка продукта больше не меняет этот тариф: его ведут сотрудники',
              "The product's folder no longer changes this plan: staff keeps it",
            ),
          ],
        };
      },
      perform: (order, { planId, change }) => catalog.admin.publish(order, planId, termsOf(change)),
    }),
  ];
}

/** Throws `PricesAmbiguous`. */
function termsOf({ title, termDays, devices, trafficBytes, prices }: PlanChange) {
  const currencies = new Set(prices.map(({ currency }) => currency));
  if (currencies.size < prices.length) throw new PricesAmbiguous('two prices in one currency');
  return {
    title,
    termDays,
    devices,
    trafficBytes: BigInt(trafficBytes),
    prices: prices.map(moneyFromWire),
  };
}
