import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, words, type Act } from './act.ts';

/** Switch a way to pay off while it does not work, and on again. */
export function providerActs({ payments }: AdminParts): readonly Act[] {
  return [
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
