import { API } from '@opora/contracts';
import type { AdminParts } from '../deps.ts';
import { LinkNotReady } from '../errors.ts';
import { deliverJob } from '../../provisioning/index.ts';
import { nextTerm, type Subscription } from '../../subscriptions/index.ts';
import { act, consequence, CUSTOMER_IS_TOLD, day, words, type Act, type Foreseen } from './act.ts';

/** Terms and deliveries: extend, grant, revoke, deliver again, send the link again. */
export function accessActs(parts: AdminParts): readonly Act[] {
  return [extend(parts), grant(parts), revoke(parts), retry(parts), resend(parts)];
}

const NO_MONEY = consequence('money', 'Деньги не двигаются', 'No money moves');

async function about({ identity, subscriptions }: AdminParts, subscriptionId: string) {
  const subscription = await subscriptions.find(subscriptionId);
  const { name, state } = await identity.person(subscription.personId);
  return { subscription, name, isBanned: state === 'banned' };
}

/** Days for somebody banned are kept and cannot be used. */
function banned(isBanned: boolean): Foreseen['consequences'] {
  if (!isBanned) return [];
  const ru = 'Доступ закрыт: дни лягут в срок, но пользоваться ими нельзя';
  return [consequence('note', ru, 'Banned: the days are added, but access stays off')];
}

function extend(parts: AdminParts): Act {
  return act({
    endpoints: API.acts.extend,
    async preview({ subscriptionId, days }) {
      const { subscription, name, isBanned } = await about(parts, subscriptionId);
      const { endsAt } = nextTerm(subscription.expiresAt, parts.clock.now(), days);
      return {
        title: words(
          `Продлить на ${String(days)} дн.: ${name}?`,
          `Extend ${name} by ${String(days)} d?`,
        ),
        verb: words('Продлить', 'Extend'),
        consequences: [
          ...until(subscription, endsAt),
          ...banned(isBanned),
          NO_MONEY,
          CUSTOMER_IS_TOLD,
        ],
      };
    },
    perform: (order, wish) => parts.subscriptions.acts.extend(order, wish),
  });
}

function until({ expiresAt }: Subscription, endsAt: Date): Foreseen['consequences'] {
  const ru = `Доступ до ${day(endsAt, 'ru')} UTC вместо ${day(expiresAt, 'ru')} UTC`;
  const en = `Access until ${day(endsAt, 'en')} UTC instead of ${day(expiresAt, 'en')} UTC`;
  return [consequence('access', ru, en)];
}

function grant(parts: AdminParts): Act {
  const { catalog, clock, identity, subscriptions } = parts;
  return act({
    endpoints: API.acts.grant,
    async preview({ personId, planId, days }) {
      const { name, state } = await identity.person(personId);
      const plan = await catalog.admin.newest(planId);
      const own = (await subscriptions.ofPerson(personId)).find(
        ({ product }) => product === plan.product,
      );
      const { endsAt } = nextTerm(own?.expiresAt ?? clock.now(), clock.now(), days);
      const ru = `Доступ по тарифу «${plan.title.ru}» до ${day(endsAt, 'ru')} UTC`;
      const en = `Access by the plan "${plan.title.en}" until ${day(endsAt, 'en')} UTC`;
      return {
        title: words(`Выдать доступ: ${name}?`, `Grant access to ${name}?`),
        verb: words('Выдать', 'Grant'),
        consequences: [
          consequence('access', ru, en),
          ...(own === undefined
            ? []
            : [
                consequence(
                  'note',
                  'Подписка есть: срок прибавится, тариф станет этим',
                  'There is a subscription: the term is added, the plan becomes this one',
                ),
              ]),
          ...banned(state === 'banned'),
          consequence('money', 'Никто за это не платит', 'Nobody pays for it'),
          CUSTOMER_IS_TOLD,
        ],
      };
    },
    async perform(order, { personId, planId, days }) {
      await identity.person(personId);
      const { product, versionId } = await catalog.admin.newest(planId);
      return subscriptions.acts.grant(order, { personId, product, planVersionId: versionId, days });
    },
  });
}

function revoke(parts: AdminParts): Act {
  return act({
    endpoints: API.acts.revoke,
    async preview({ subscriptionId }) {
      const { subscription, name } = await about(parts, subscriptionId);
      const wasUntil = subscription.expiresAt;
      return {
        title: words(`Прекратить доступ: ${name}?`, `Revoke the access of ${name}?`),
        verb: words('Прекратить', 'Revoke'),
        consequences: [
          consequence(
            'access',
            `Доступ выключится сейчас; был до ${day(wasUntil, 'ru')} UTC`,
            `Access is switched off now; it was until ${day(wasUntil, 'en')} UTC`,
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
    perform: (order, { subscriptionId }) => parts.subscriptions.acts.revoke(order, subscriptionId),
  });
}

function retry(parts: AdminParts): Act {
  const { audit, db, jobs } = parts;
  return act({
    endpoints: API.acts.retry,
    async preview({ subscriptionId }) {
      const { name } = await about(parts, subscriptionId);
      return {
        title: words(`Выдать сейчас: ${name}?`, `Deliver to ${name} now?`),
        verb: words('Выдать сейчас', 'Try now'),
        consequences: [
          consequence(
            'access',
            'Панели ещё раз скажут, что должно быть; лишнего не выдаст',
            'The panel is told again what should be; nothing is given twice',
          ),
          NO_MONEY,
        ],
      };
    },
    async perform(order, { subscriptionId }) {
      const { personId } = await parts.subscriptions.find(subscriptionId);
      return db.transaction(async (tx) => {
        const done = await audit.record(tx, {
          ...order,
          act: 'deliveries.retry',
          subject: { kind: 'subscription', id: subscriptionId },
          personId,
        });
        if (done.isFirst) {
          // Without the key of a repair: a hint may get lost, a person's press may not.
          const { key: _hint, ...job } = deliverJob(subscriptionId, { again: true, enable: true });
          await jobs.add(tx, [job]);
        }
        return done;
      });
    },
  });
}

function resend(parts: AdminParts): Act {
  const { audit, db, messaging, provisioning } = parts;
  return act({
    endpoints: API.acts.resend,
    async preview({ subscriptionId }) {
      const { subscription, name } = await about(parts, subscriptionId);
      await linkOf(parts, subscription);
      return {
        title: words(`Отправить ссылку: ${name}?`, `Send the link to ${name}?`),
        verb: words('Отправить', 'Send'),
        consequences: [CUSTOMER_IS_TOLD, NO_MONEY],
      };
    },
    async perform(order, { subscriptionId }) {
      const subscription = await parts.subscriptions.find(subscriptionId);
      const link = await linkOf({ provisioning }, subscription);
      const { personId, expiresAt } = subscription;
      return db.transaction(async (tx) => {
        const done = await audit.record(tx, {
          ...order,
          act: 'subscriptions.resend',
          subject: { kind: 'subscription', id: subscriptionId },
          personId,
        });
        if (done.isFirst) {
          const values = { link: { text: link }, until: { date: expiresAt.toISOString() } };
          const key = `staff:${done.id}`;
          await messaging.tell(tx, { key, personId, template: 'staff.link', values });
        }
        return done;
      });
    },
  });
}

/** Throws `LinkNotReady` until the panel has made it. */
async function linkOf(
  { provisioning }: Pick<AdminParts, 'provisioning'>,
  subscription: Subscription,
): Promise<string> {
  const { subscriptionUrl } = await provisioning.access(subscription);
  if (subscriptionUrl === undefined) throw new LinkNotReady(`${subscription.id} has no link yet`);
  return subscriptionUrl;
}
