import { API } from '@opora/contracts';
import type { MassExtension } from '../../subscriptions/index.ts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, day, words, type Act, type Foreseen } from './act.ts';

/** Days for everybody while payments do not work, and their undoing. */
export function everybodyActs(parts: AdminParts): readonly Act[] {
  return [extendAll(parts), undo(parts)];
}

const NO_MONEY = consequence('money', 'Деньги не двигаются', 'No money moves');
const ALL_ARE_TOLD = consequence(
  'message',
  'Каждому придёт одно сообщение от бота',
  'The bot tells each of them once',
);

function extendAll({ subscriptions }: AdminParts): Act {
  return act({
    endpoints: API.acts.extendAll,
    async preview(wish) {
      const { running, ended, newest } = await subscriptions.everybody.foresee(wish);
      const [count, days] = [String(running + ended), String(wish.days)];
      return {
        title: words(
          `Продлить всем на ${days} дн. (${count})?`,
          `Extend all ${count} by ${days} d?`,
        ),
        verb: words('Продлить всем', 'Extend all'),
        consequences: [
          consequence(
            'access',
            `Действующих подписок: ${String(running)}; каждая станет длиннее на ${days} дн.`,
            `Subscriptions that run: ${String(running)}; each becomes ${days} d longer`,
          ),
          consequence(
            'access',
            `Закончились за последние ${String(wish.endedHours)} ч: ${String(ended)}; заработают снова на ${days} дн. с этой минуты`,
            `Ended in the last ${String(wish.endedHours)} h: ${String(ended)}; they work again for ${days} d from now`,
          ),
          ...before(newest),
          NO_MONEY,
          ALL_ARE_TOLD,
          consequence(
            'note',
            'Можно отменить одним действием: вернётся всё, что ещё не использовано',
            'One act undoes it: what is not used up by then is taken back',
          ),
        ],
        isDangerous: true,
      };
    },
    perform: (staff, wish) => subscriptions.everybody.begin(staff, wish),
  });
}

/** Two people who help at once would give the days twice. */
function before(newest: MassExtension | undefined): Foreseen['consequences'] {
  if (newest === undefined || newest.undoActId !== undefined) return [];
  const { days, startedAt, startedByName } = newest;
  return [
    consequence(
      'note',
      `Всем уже продлевали: ${day(startedAt, 'ru')} UTC, ${String(days)} дн., ${startedByName}`,
      `Everybody was extended before: ${day(startedAt, 'en')} UTC, ${String(days)} d, ${startedByName}`,
    ),
  ];
}

function undo({ subscriptions }: AdminParts): Act {
  return act({
    endpoints: API.acts.undoExtendAll,
    async preview({ extensionId }) {
      const mass = await subscriptions.everybody.find(extensionId);
      const [given, days] = [String(mass.given), String(mass.days)];
      return {
        title: words(
          `Забрать ${days} дн. у всех (${given})?`,
          `Take ${days} d back from ${given}?`,
        ),
        verb: words('Забрать дни', 'Take back'),
        consequences: [
          consequence(
            'access',
            `Подписок: ${given}; уйдёт то, что ещё не использовано, оплаченные дни останутся`,
            `Subscriptions: ${given}; what is not used up goes, paid days stay`,
          ),
          NO_MONEY,
          ALL_ARE_TOLD,
        ],
        isDangerous: true,
      };
    },
    perform: (staff, { extensionId }) => subscriptions.everybody.undo(staff, extensionId),
  });
}
