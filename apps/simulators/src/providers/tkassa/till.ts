import { formatMajor, money } from '@opora/kernel';
import type { World } from '../../world.ts';
import { sumOf } from '../control.ts';
import { ActRefused, type Bill, type BillState, type Till } from '../till.ts';
import type { Bank } from './bank.ts';
import type { Notices } from './notices.ts';
import { HELD, OPEN, type Payment } from './payment.ts';
import type { Terminal } from './settings.ts';

/** T-Kassa as people and drills handle it. A refused card ends nothing: the form takes another. */
export function createTill(
  world: World,
  parts: Readonly<{ bank: Bank; terminal: Terminal; notices: Notices }>,
): Till {
  const { bank, terminal, notices } = parts;
  const billOf = (payment: Payment): Bill => presentBill(payment, world.selfUrl);
  return {
    id: 'tkassa',
    bills: () => bank.payments.ids().map((id) => billOf(bank.payment(id))),
    bill: (id) => billOf(bank.payment(id)),
    acts: {
      pay: (id, { method }) => void bank.pay(id, method),
      decline: (id) => void bank.decline(id),
      abandon: (id) => void bank.show(id),
      late(id, { afterMs = 0 }) {
        if (afterMs === 0) bank.pay(id);
        else bank.payLater(id, afterMs);
      },
      expire: (id) => void bank.expire(id),
      capture: (id) => void bank.confirm(id),
      cancel(id) {
        if (bank.payment(id).taken > 0) throw new ActRefused('it is paid: refund it');
        bank.cancel(id);
      },
      refund(id, wish) {
        if (bank.payment(id).taken === 0) throw new ActRefused('nothing was taken for it yet');
        const sum = sumOf(wish, 'RUB');
        bank.cancel(id, sum === undefined ? undefined : Number(sum.minor));
      },
      resend(id) {
        if (!notices.resend(id)) throw new ActRefused('no notice was sent for it yet');
      },
    },
    cabinet: terminal,
    forge: notices.forge,
  };
}

function presentBill(payment: Payment, selfUrl: string): Bill {
  const { id, orderId, status, description, language, payAt, deadlineAt, createdAt } = payment;
  const state = stateOf(payment);
  return {
    id,
    reference: orderId,
    state,
    status,
    amount: { value: decimal(payment.amount), currency: 'RUB' },
    taken: decimal(payment.taken),
    returned: decimal(payment.refunded),
    createdAt,
    checkoutUrl: `${selfUrl}/tkassa/checkout/${id}`,
    description,
    returnUrl: state === 'paid' || state === 'held' ? payment.successUrl : payment.failUrl,
    language,
    payAt,
    deadlineAt: OPEN.includes(status) ? deadlineAt : undefined,
  };
}

function stateOf({ status, taken }: Payment): BillState {
  if (OPEN.includes(status)) return 'open';
  if (HELD.includes(status)) return 'held';
  return taken > 0 ? 'paid' : 'closed';
}

/** Kopecks as decimal text. */
export const decimal = (kopecks: number): string => formatMajor(money(BigInt(kopecks), 'RUB'));
