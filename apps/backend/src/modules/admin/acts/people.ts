import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, acted, consequence, CUSTOMER_IS_TOLD, words, type Act } from './act.ts';

/** Close an account, open it again, end sessions, write to a person. */
export function peopleActs(parts: AdminParts): readonly Act[] {
  return [ban(parts), unban(parts), signOut(parts), signOutEverybody(parts), message(parts)];
}

function ban({ identity, subscriptions, clock }: AdminParts): Act {
  return act({
    endpoints: API.acts.ban,
    async preview({ personId }) {
      const { name, state } = await identity.person(personId);
      const running = (await subscriptions.ofPerson(personId)).filter(
        ({ expiresAt }) => expiresAt > clock.now(),
      );
      return {
        title: words(`Закрыть доступ: ${name}?`, `Ban ${name}?`),
        verb: words('Закрыть доступ', 'Ban'),
        consequences: [
          ...(state === 'banned'
            ? [consequence('note', 'Уже закрыт: ничего не изменится', 'Banned already: no change')]
            : []),
          consequence(
            'access',
            `Действующих подписок: ${String(running.length)}; доступ выключится на панели`,
            `Subscriptions that run: ${String(running.length)}; access is switched off on the panel`,
          ),
          consequence(
            'money',
            'Деньги не возвращаются сами: для этого есть возврат',
            'No money goes back by itself: refund the payments for that',
          ),
          CUSTOMER_IS_TOLD,
        ],
        isDangerous: true,
      };
    },
    perform: async (order, { personId }) => acted(await identity.ban(order, personId)),
  });
}

function unban({ identity }: AdminParts): Act {
  return act({
    endpoints: API.acts.unban,
    async preview({ personId }) {
      const { name } = await identity.person(personId);
      return {
        title: words(`Открыть доступ: ${name}?`, `Unban ${name}?`),
        verb: words('Открыть доступ', 'Unban'),
        consequences: [
          consequence(
            'access',
            'Что оплачено и не кончилось, снова заработает',
            'What was paid for and has not ended works again',
          ),
          CUSTOMER_IS_TOLD,
        ],
      };
    },
    perform: async (order, { personId }) => acted(await identity.unban(order, personId)),
  });
}

function signOut({ identity }: AdminParts): Act {
  return act({
    endpoints: API.acts.signOut,
    async preview({ personId }) {
      const { name } = await identity.person(personId);
      return {
        title: words(`Завершить сеансы: ${name}?`, `Sign ${name} out everywhere?`),
        verb: words('Завершить сеансы', 'Sign out'),
        consequences: [
          consequence(
            'rights',
            'Все сеансы и ключи API кончатся за секунду; войти снова можно',
            'Every session and API key ends within a second; signing in again is possible',
          ),
          consequence('access', 'Подписки не меняются', 'Subscriptions do not change'),
        ],
      };
    },
    perform: async (order, { personId }) => acted(await identity.signOut.person(order, personId)),
  });
}

function signOutEverybody({ identity }: AdminParts): Act {
  return act({
    endpoints: API.acts.signOutEverybody,
    preview: () =>
      Promise.resolve({
        title: words('Завершить сеансы у всех?', 'Sign everybody out?'),
        verb: words('Завершить у всех', 'Sign everybody out'),
        consequences: [
          consequence(
            'rights',
            'Кончатся все сеансы и ключи API, ваши тоже',
            'Every session and API key ends, yours too',
          ),
          consequence('access', 'Подписки не меняются', 'Subscriptions do not change'),
        ],
        isDangerous: true,
      }),
    perform: async (order) => acted(await identity.signOut.everybody(order)),
  });
}

function message({ audit, db, identity, messaging }: AdminParts): Act {
  return act({
    endpoints: API.acts.message,
    async preview({ personId }) {
      const person = await identity.admin.read(personId);
      const { name } = person;
      const unreachable = person.telegramId === undefined || person.blockedAt !== undefined;
      return {
        title: words(`Написать: ${name}?`, `Write to ${name}?`),
        verb: words('Написать', 'Write'),
        consequences: [
          unreachable
            ? consequence(
                'note',
                'Бот заблокирован или его нет: сообщение подождёт сутки',
                'The bot is blocked or unknown: the message waits for a day',
              )
            : CUSTOMER_IS_TOLD,
        ],
      };
    },
    async perform(order, { personId, text }) {
      await identity.person(personId);
      return db.transaction(async (tx) => {
        const done = await audit.record(tx, {
          ...order,
          act: 'people.message',
          subject: { kind: 'person', id: personId },
          personId,
          asked: { text },
        });
        if (done.isFirst) {
          const values = { message: { text } };
          const key = `staff:${done.id}`;
          await messaging.tell(tx, { key, personId, template: 'staff.message', values });
        }
        return done;
      });
    },
  });
}
