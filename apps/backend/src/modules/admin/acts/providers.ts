import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, CUSTOMER_IS_TOLD, words, type Act } from './act.ts';

/** Switch a way to pay off while it does not work, and on again; compare its book with ours. */
export function providerActs({ payments }: AdminParts): readonly Act[] {
  return [
    reconcileNow(payments),
    act({
      endpoints: API.acts.switchOff,
      async preview({ provider }) {
        const resting = await payments.resting();
        const left = payments.offered.filter((each) => each !== provider && !resting.has(each));
        return {
          title: words(`Отключить ${provider}?`, `Switch ${provider} off?`),
          verb: words('Отключить', 'Switch off'),
          consequences: [
            consequence(
              'note',
              'Новых оплат через неё не будет, покупателям скажут об этом сразу',
              'Nobody can begin to pay by it; customers are told at once',
            ),
            consequence(
              'money',
              'Начатые платежи не пропадут: уведомления принимаем и спрашиваем сами',
              'Payments already begun are not lost: notices are taken, and we keep asking',
            ),
            left.length === 0
              ? consequence(
                  'note',
                  'Других способов оплаты не останется',
                  'No other way to pay is left',
                )
              : consequence('note', `Останутся: ${left.join(', ')}`, `Left: ${left.join(', ')}`),
          ],
          isDangerous: true,
        };
      },
      perform: (order, wish) => payments.switchByStaff(order, { ...wish, isOff: true }),
    }),
    act({
      endpoints: API.acts.switchOn,
      preview: ({ provider }) =>
        Promise.resolve({
          title: words(`Включить ${provider}?`, `Switch ${provider} on?`),
          verb: words('Включить', 'Switch on'),
          consequences: [
            consequence(
              'note',
              'Её снова можно выбрать, пока предохранитель не сработал',
              'It can be chosen again, while its breaker is not open',
            ),
          ],
        }),
      perform: (order, wish) => payments.switchByStaff(order, { ...wish, isOff: false }),
    }),
  ];
}

function reconcileNow(payments: AdminParts['payments']): Act {
  return act({
    endpoints: API.acts.reconcile,
    async preview(wish) {
      await payments.askedRuns.check(wish);
      const { provider, day } = wish;
      return {
        title: words(`Сверить ${provider} за ${day}?`, `Compare ${provider} of ${day}?`),
        verb: words('Сверить', 'Compare'),
        consequences: [
          consequence(
            'note',
            'Прочитаем у платёжной системы все платежи этого дня (UTC) и сравним с нашими',
            'Everything the provider has of this day (UTC) is read and compared with ours',
          ),
          consequence(
            'money',
            'Деньги и возвраты, о которых мы не узнали вовремя, будут учтены; дважды ничего не учтётся',
            'Money and refunds we did not hear of are booked; nothing is ever booked twice',
          ),
          CUSTOMER_IS_TOLD,
        ],
      };
    },
    async perform(order, wish) {
      const note = words(
        'Сверка идёт: её ход виден на странице платёжных систем',
        'It is under way: the page of providers shows how far',
      );
      return { ...(await payments.askedRuns.begin(order, wish)), note };
    },
  });
}
