import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { act, acted, consequence, words, type Act } from './act.ts';

/** Who is staff: invite, change a role, end somebody's access. */
export function staffActs({ identity }: AdminParts): readonly Act[] {
  const { staff } = identity;
  return [
    act({
      endpoints: API.acts.invite,
      preview: ({ email, role }) =>
        Promise.resolve({
          title: words(`Пригласить ${email}?`, `Invite ${email}?`),
          verb: words('Пригласить', 'Invite'),
          consequences: [
            consequence('rights', `Роль после входа: ${role}`, `Role after signing in: ${role}`),
            consequence('message', 'Придёт письмо со ссылкой', 'A mail with a link is sent'),
          ],
        }),
      perform: async (order, wish) => acted(await staff.invite(order, wish)),
    }),
    act({
      endpoints: API.acts.setRole,
      async preview({ personId, role }) {
        const { name } = await identity.person(personId);
        return {
          title: words(`Сменить роль: ${name}?`, `Change the role of ${name}?`),
          verb: words('Сменить роль', 'Change role'),
          consequences: [
            consequence('rights', `Новая роль: ${role}`, `New role: ${role}`),
            consequence('rights', 'Прежние права кончатся сразу', 'The old rights end at once'),
          ],
          isDangerous: true,
        };
      },
      perform: async (order, wish) => acted(await staff.setRole(order, wish)),
    }),
    act({
      endpoints: API.acts.disable,
      async preview({ personId }) {
        const { name } = await identity.person(personId);
        return {
          title: words(`Отключить сотрудника: ${name}?`, `Disable ${name}?`),
          verb: words('Отключить', 'Disable'),
          consequences: [
            consequence(
              'rights',
              'Права и сеансы кончатся сразу',
              'Rights and sessions end at once',
            ),
          ],
          isDangerous: true,
        };
      },
      perform: async (order, { personId }) => acted(await staff.disable(order, personId)),
    }),
  ];
}
