import { API, moneyFromWire, type Consequence } from '@opora/contracts';
import { sameMoney, type Money } from '@opora/kernel';
import type { Order } from '../../orders/index.ts';
import { documentOf, type HandActed, type HandPayment } from '../../payments/index.ts';
import type { AdminParts } from '../deps.ts';
import {
  act,
  consequence,
  CUSTOMER_IS_TOLD,
  exact,
  sum,
  words,
  type Act,
  type Done,
  type Wish,
} from './act.ts';

/** Money that came, or went back, past every provider: entered from its document. */
export function handActs(parts: AdminParts): readonly Act[] {
  return [
    enter(parts),
    enterForPlan(parts),
    decision(parts, 'confirm'),
    decision(parts, 'reject'),
    giveBack(parts),
  ];
}

const TWO_PEOPLE = consequence(
  'rights',
  'Сумма выше предела: ничего не изменится, пока её не подтвердит другой сотрудник',
  'Above the limit: nothing changes until another member of staff confirms it',
);

const TITLES: Readonly<Record<HandPayment['document']['kind'], { ru: string; en: string }>> = {
  transfer: { ru: 'перевод', en: 'transfer' },
  cash: { ru: 'наличные', en: 'cash' },
  invoice: { ru: 'счёт', en: 'invoice' },
  other: { ru: 'документ', en: 'document' },
};

type ByDocument = Pick<Wish<typeof API.acts.enterPayment>, 'amount' | 'documentKind'> &
  Readonly<{ documentNumber: string }>;

function paper({ amount, documentKind, documentNumber }: ByDocument) {
  return {
    amount: moneyFromWire(amount),
    document: documentOf(documentKind, documentNumber),
  };
}

function booked(amount: Money, document: HandPayment['document']): Consequence {
  const { ru, en } = TITLES[document.kind];
  return consequence(
    'money',
    `${exact(amount)} лягут в книгу: ${ru} № ${document.number}. Этот документ больше не примем`,
    `${exact(amount)} go into the books: ${en} no. ${document.number}. It is not taken again`,
  );
}

/** What the money buys, as the settling will decide it. */
function bought(order: Pick<Order, 'state' | 'amount'>, amount: Money): Consequence {
  if (order.state !== 'open') {
    return consequence(
      'money',
      'Заказ уже закрыт: деньги лягут на баланс человека',
      'The order is closed: the money goes to the balance of the person',
    );
  }
  if (!sameMoney(order.amount, amount)) {
    return consequence(
      'money',
      `Заказ стоит ${exact(order.amount)}: остальное спишется с баланса, а если там мало, деньги лягут на баланс`,
      `The order costs ${exact(order.amount)}: the balance pays the rest, or the money goes to the balance`,
    );
  }
  return consequence(
    'access',
    'Заказ будет оплачен, доступ выдан',
    'The order is paid, and access given',
  );
}

function enter({ identity, orders, payments }: AdminParts): Act {
  return act({
    endpoints: API.acts.enterPayment,
    async preview({ orderId, ...wish }) {
      const { amount, document } = paper(wish);
      const order = await orders.find(orderId);
      const { isForOne } = await payments.byHand.check({ order, amount, document });
      const { name } = await identity.person(order.personId);
      return foreseen({ name, amount, document, isForOne, order });
    },
    perform: async (staff, { orderId, ...wish }) =>
      told(await payments.byHand.enter(staff, { orderId, ...paper(wish) })),
  });
}

function enterForPlan({ catalog, identity, orders, payments }: AdminParts): Act {
  const priceOf = async (planId: string, amount: Money) => {
    const plan = await catalog.admin.newest(planId);
    return { plan, price: plan.prices.find(({ currency }) => currency === amount.currency) };
  };
  return act({
    endpoints: API.acts.enterForPlan,
    async preview({ personId, planId, ...wish }) {
      const { amount, document } = paper(wish);
      const { price } = await priceOf(planId, amount);
      const { isForOne } = await payments.byHand.check({ amount, document });
      const { name } = await identity.person(personId);
      const order = { state: 'open', amount: price ?? amount } as const;
      return foreseen({ name, amount, document, isForOne, order });
    },
    async perform(staff, { personId, planId, ...wish }) {
      const { amount, document } = paper(wish);
      await identity.person(personId);
      const { plan, price } = await priceOf(planId, amount);
      // The same press finds its order again; it is paid or it expires like any other.
      const order = await orders.place({
        ...{ personId, product: plan.product, planVersionId: plan.versionId },
        ...{ amount: price ?? amount, key: staff.key },
      });
      return told(await payments.byHand.enter(staff, { orderId: order.id, amount, document }));
    },
  });
}

type Foreseeing = Readonly<{
  name: string;
  amount: Money;
  document: HandPayment['document'];
  isForOne: boolean;
  order: Pick<Order, 'state' | 'amount'>;
}>;

function foreseen({ name, amount, document, isForOne, order }: Foreseeing) {
  const shown = sum(amount);
  return {
    title: words(`Внести ${shown.ru}: ${name}?`, `Enter ${shown.en} of ${name}?`),
    verb: words('Внести', 'Enter'),
    consequences: [
      ...(isForOne ? [] : [TWO_PEOPLE]),
      booked(amount, document),
      bought(order, amount),
      CUSTOMER_IS_TOLD,
    ],
  };
}

function told({ hand, ...done }: HandActed): Done {
  if (hand.state !== 'waiting') return done;
  const ru = 'Ждёт второго сотрудника: раздел «Вручную»';
  return { ...done, note: words(ru, 'It waits for a second person, in the section By hand') };
}

function decision({ identity, orders, payments }: AdminParts, kind: 'confirm' | 'reject'): Act {
  const isConfirmed = kind === 'confirm';
  return act({
    endpoints: isConfirmed ? API.acts.confirmPayment : API.acts.rejectPayment,
    async preview({ handId }) {
      const { personId, amount, document, enteredBy, orderId } = await payments.byHand.find(handId);
      const [{ name }, order] = await Promise.all([
        identity.person(personId),
        orders.find(orderId),
      ]);
      const shown = sum(amount);
      const who = consequence('note', `Внёс: ${enteredBy.name}`, `Entered by ${enteredBy.name}`);
      return isConfirmed
        ? {
            title: words(`Подтвердить ${shown.ru}: ${name}?`, `Confirm ${shown.en} of ${name}?`),
            verb: words('Подтвердить', 'Confirm'),
            consequences: [who, booked(amount, document), bought(order, amount), CUSTOMER_IS_TOLD],
          }
        : {
            title: words(`Отклонить ${shown.ru}: ${name}?`, `Reject ${shown.en} of ${name}?`),
            verb: words('Отклонить', 'Reject'),
            consequences: [
              who,
              consequence(
                'money',
                'Деньги не двигаются, документ можно внести снова',
                'No money moves, and the document can be entered again',
              ),
            ],
            isDangerous: true,
          };
    },
    perform: async (staff, { handId }) => told(await payments.byHand[kind](staff, handId)),
  });
}

function giveBack({ identity, payments }: AdminParts): Act {
  return act({
    endpoints: API.acts.refundByHand,
    async preview({ paymentId, ...wish }) {
      const { amount, document } = paper(wish);
      const { personId } = await payments.find(paymentId);
      await payments.checkRefund({ paymentId, amount });
      await payments.byHand.check({ amount, document });
      const { name } = await identity.person(personId);
      const shown = sum(amount);
      return {
        title: words(
          `Внести возврат ${shown.ru}: ${name}?`,
          `Enter a refund of ${shown.en} to ${name}?`,
        ),
        verb: words('Внести возврат', 'Enter the refund'),
        consequences: [
          booked(amount, document),
          consequence(
            'note',
            'Сами деньги отдаёте вы: мы только записываем',
            'You give the money itself: this only writes it down',
          ),
          CUSTOMER_IS_TOLD,
        ],
        isDangerous: true,
      };
    },
    async perform(staff, { paymentId, ...wish }) {
      return told(await payments.byHand.refund(staff, { paymentId, ...paper(wish) }));
    },
  });
}
