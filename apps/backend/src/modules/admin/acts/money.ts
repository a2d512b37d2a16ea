import { API, moneyFromWire, type Consequence } from '@opora/contracts';
import { sameMoney, subtractMoney, type Money } from '@opora/kernel';
import { BALANCE, type Payment } from '../../payments/index.ts';
import type { AccessPolicy } from '../../subscriptions/index.ts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, CUSTOMER_IS_TOLD, exact, sum, words, type Act } from './act.ts';

/** Give money back, and ask the provider how a payment stands. */
export function moneyActs(parts: AdminParts): readonly Act[] {
  return [refund(parts), look(parts)];
}

function moneyGoes(amount: Money, to: Payment['provider']) {
  if (to === BALANCE) {
    return consequence(
      'money',
      `${exact(amount)} лягут на баланс человека сразу`,
      `${exact(amount)} go to the balance of the person at once`,
    );
  }
  return consequence(
    'money',
    `${exact(amount)} уйдут с нашего счёта у ${to}; отменить нельзя`,
    `${exact(amount)} leave our account at ${to}; this cannot be undone`,
  );
}

function refund({ identity, orders, payments, product }: AdminParts): Act {
  return act({
    endpoints: API.acts.refund,
    async preview({ paymentId, amount: wire, target = 'provider' }) {
      const amount = moneyFromWire(wire);
      const payment = await payments.find(paymentId);
      await payments.checkRefund({ paymentId, amount, target });
      const [{ name }, order] = await Promise.all([
        identity.person(payment.personId),
        orders.find(payment.orderId),
      ]);
      const isWhole = sameMoney(
        amount,
        subtractMoney(subtractMoney(payment.amount, payment.refunded), payment.credited),
      );
      const isToBalance = target === 'balance' || payment.provider === BALANCE;
      const shown = sum(amount);
      return {
        title: words(`Вернуть ${shown.ru}: ${name}?`, `Refund ${shown.en} to ${name}?`),
        verb: words('Вернуть', 'Refund'),
        consequences: [
          moneyGoes(amount, isToBalance ? 'balance' : payment.provider),
          order.paymentId === payment.id || payment.provider === BALANCE
            ? accessAfter(isWhole ? product.policy.onRefund : 'never')
            : consequence(
                'money',
                'Этот платёж лежит на балансе: уменьшится баланс',
                'This payment is on the balance: the balance goes down',
              ),
          ...(isWhole && order.paymentId === payment.id
            ? [consequence('note', 'Заказ станет «возвращён»', 'The order becomes "refunded"')]
            : []),
          CUSTOMER_IS_TOLD,
        ],
        isDangerous: true,
      };
    },
    async perform(order, { paymentId, amount, target = 'provider' }) {
      const { refund: made, ...done } = await payments.refundByStaff(order, {
        paymentId,
        amount: moneyFromWire(amount),
        target,
      });
      if (made.state === 'refunded') return done;
      const note =
        made.state === 'refused'
          ? words(
              'Платёжная система отказала: деньги остались у нас, причина в платеже',
              'The provider refused: the money stayed with us, the payment says why',
            )
          : words(
              'Платёжная система ещё не закончила: спросим её сами',
              'The provider has not finished: it is asked again by itself',
            );
      return { ...done, note };
    },
  });
}

/** What a refund does to the access of its order; one in part leaves it. */
function accessAfter(change: AccessPolicy['onRefund']): Consequence {
  switch (change) {
    case 'immediately':
      return consequence(
        'access',
        'Оставшиеся по этому заказу дни снимутся сразу; дни других заказов останутся',
        'What is left of the days of this order is taken at once; other orders keep theirs',
      );
    case 'at_period_end':
      return consequence(
        'access',
        'Доступ останется до конца срока, по этому заказу больше ничего не выдаётся',
        'Access stays until the end of the term; nothing more is given for this order',
      );
    case 'never':
      return consequence(
        'access',
        'Срок доступа не изменится: закрыть его можно отдельно',
        'The term of access stays: revoke it separately',
      );
  }
}

function look({ audit, db, payments }: AdminParts): Act {
  return act({
    endpoints: API.acts.look,
    async preview({ paymentId }) {
      const { provider } = await payments.find(paymentId);
      return {
        title: words(`Спросить ${provider} о платеже?`, `Ask ${provider} about the payment?`),
        verb: words('Спросить', 'Ask'),
        consequences: [
          consequence(
            'note',
            'Решает ответ платёжной системы: пришли деньги, значит, заказ будет оплачен',
            'The answer of the provider decides: if the money came, the order is paid',
          ),
        ],
      };
    },
    async perform(order, { paymentId }) {
      const { personId } = await payments.find(paymentId);
      const done = await db.transaction((tx) =>
        audit.record(tx, {
          ...order,
          act: 'payments.look',
          subject: { kind: 'payment', id: paymentId },
          personId,
        }),
      );
      // A question changes nothing by itself, so a repeat of it may be asked again.
      const { state } = await payments.look(paymentId);
      return { ...done, note: words(`Состояние: ${state}`, `State: ${state}`) };
    },
  });
}
