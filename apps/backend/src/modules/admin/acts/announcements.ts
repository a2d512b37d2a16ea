import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, day, words, type Act } from './act.ts';

const TOLD = consequence(
  'message',
  'Увидят все: страница состояния, строка на сайте, в кабинете и в боте; не позже чем через минуту',
  'Everybody sees it: the status page, a line on the site, in the account and in the bot; within a minute',
);
const NOTHING_CHANGES = consequence(
  'note',
  'Сами службы от этого не меняются: это слова',
  'The services themselves do not change by it: these are words',
);

/** What staff tells customers: incidents, their steps, planned maintenance. */
export function announcementActs(parts: AdminParts): readonly Act[] {
  return [...incidentActs(parts), ...maintenanceActs(parts)];
}

function incidentActs({ announcements }: AdminParts): readonly Act[] {
  return [
    act({
      endpoints: API.acts.tellIncident,
      preview: ({ titleRu, titleEn }) =>
        Promise.resolve({
          title: words(`Сообщить: ${titleRu}?`, `Tell: ${titleEn}?`),
          verb: words('Сообщить всем', 'Tell everybody'),
          consequences: [TOLD, NOTHING_CHANGES],
        }),
      perform: (order, wish) => announcements.tellIncident(order, wish),
    }),
    act({
      endpoints: API.acts.updateIncident,
      preview: ({ step }) =>
        Promise.resolve({
          title: words('Дополнить сообщение?', 'Add to the incident?'),
          verb: words('Сообщить', 'Tell'),
          consequences: [
            TOLD,
            ...(step === 'resolved'
              ? [
                  consequence(
                    'note',
                    'Инцидент закроется, строка исчезнет',
                    'It ends, the line goes',
                  ),
                ]
              : []),
          ],
        }),
      perform: (order, wish) => announcements.update(order, wish),
    }),
  ];
}

function maintenanceActs({ announcements }: AdminParts): readonly Act[] {
  return [
    act({
      endpoints: API.acts.planMaintenance,
      preview(wish) {
        announcements.checkTimes(wish);
        const [from, to] = [new Date(wish.from), new Date(wish.to)];
        return Promise.resolve({
          title: words(`Запланировать: ${wish.titleRu}?`, `Plan: ${wish.titleEn}?`),
          verb: words('Запланировать', 'Plan it'),
          consequences: [
            consequence(
              'note',
              `С ${day(from, 'ru')} до ${day(to, 'ru')} (UTC)`,
              `From ${day(from, 'en')} to ${day(to, 'en')} (UTC)`,
            ),
            TOLD,
            NOTHING_CHANGES,
          ],
        });
      },
      perform: (order, wish) => announcements.planMaintenance(order, wish),
    }),
    act({
      endpoints: API.acts.endMaintenance,
      preview: () =>
        Promise.resolve({
          title: words('Завершить или отменить работы?', 'End or take back the maintenance?'),
          verb: words('Завершить', 'End it'),
          consequences: [
            consequence(
              'note',
              'Идущие работы закончатся сейчас; о запланированных перестанем говорить',
              'One that goes on is over now; one that is planned is told of no more',
            ),
          ],
        }),
      perform: (order, wish) => announcements.endMaintenance(order, wish),
    }),
  ];
}
