import { API, moneyFromWire } from '@opora/contracts';
import { compareMoney, type Money } from '@opora/kernel';
import type { Tx } from '../../../platform/db/index.ts';
import { adjustmentsAccount, customerAccount, type Transfer } from '../../ledger/index.ts';
import { BalanceTooSmall } from '../../payments/index.ts';
import type { AdminParts } from '../deps.ts';
import { act, consequence, CUSTOMER_IS_TOLD, exact, sum, words, type Act } from './act.ts';

/** Add to a person's balance by hand, or take from it: never below zero, once per key. */
export function balanceActs(parts: AdminParts): readonly Act[] {
  return [adjust(parts)];
}

function adjust(parts: AdminParts): Act {
  const { audit, clock, db, identity, ledger, messaging } = parts;
  return act({
    endpoints: API.acts.adjust,
    async preview({ personId, direction, amount: wire }) {
      const amount = moneyFromWire(wire);
      const { name } = await identity.person(personId);
      if (direction === 'debit') await demandBalance(parts, db.read, { personId, amount });
      const shown = sum(amount);
      const isCredit = direction === 'credit';
      return {
        title: isCredit
          ? words(`Зачислить ${shown.ru}: ${name}?`, `Credit ${shown.en} to ${name}?`)
          : words(`Списать ${shown.ru}: ${name}?`, `Debit ${shown.en} from ${name}?`),
        verb: isCredit ? words('Зачислить', 'Credit') : words('Списать', 'Debit'),
        consequences: [
          isCredit
            ? consequence(
                'money',
                `Баланс вырастет на ${exact(amount)}; это наши деньги`,
                `The balance grows by ${exact(amount)}; the money is ours`,
              )
            : consequence(
                'money',
                `Баланс уменьшится на ${exact(amount)}`,
                `The balance goes down by ${exact(amount)}`,
              ),
          CUSTOMER_IS_TOLD,
        ],
        isDangerous: !isCredit,
      };
    },
    async perform(order, { personId, direction, amount: wire }) {
      const amount = moneyFromWire(wire);
      await identity.person(personId);
      return db.transaction(async (tx) => {
        const done = await audit.record(tx, {
          ...order,
          act: 'balance.adjust',
          subject: { kind: 'person', id: personId },
          personId,
          asked: { direction, minor: wire.minor, currency: wire.currency },
        });
        if (!done.isFirst) return done;
        const at = clock.now();
        await ledger.lock(tx, [{ personId, currency: amount.currency, at }]);
        if (direction === 'debit') await demandBalance(parts, tx, { personId, amount });
        await ledger.post(tx, [transferOf(done.id, { personId, direction, amount, at })]);
        const balance = await ledger.balance(tx, personId, amount.currency);
        await messaging.tell(tx, {
          ...{ key: `staff:${done.id}`, personId, template: 'staff.balance' },
          values: { balance: { money: { ...balance, minor: balance.minor.toString() } } },
        });
        return done;
      });
    },
  });
}

/** Throws `BalanceTooSmall`: an adjustment takes what is there and nothing else. */
async function demandBalance(
  { ledger }: Pick<AdminParts, 'ledger'>,
  tx: Tx,
  { personId, amount }: { personId: string; amount: Money },
): Promise<void> {
  const balance = await ledger.balance(tx, personId, amount.currency);
  if (compareMoney(balance, amount) >= 0) return;
  throw new BalanceTooSmall(`the balance of ${personId} does not hold that much`, {
    facts: { freeMinor: balance.minor.toString(), currency: balance.currency },
  });
}

function transferOf(
  actId: string,
  given: { personId: string; direction: 'credit' | 'debit'; amount: Money; at: Date },
): Transfer {
  const { personId, direction, amount, at } = given;
  const customer = customerAccount(personId, amount.currency);
  const ours = adjustmentsAccount(amount.currency);
  const sides =
    direction === 'credit' ? { debit: ours, credit: customer } : { debit: customer, credit: ours };
  return { ...sides, id: `${actId}:adjust`, amount, kind: 'adjustment', reference: actId, at };
}
