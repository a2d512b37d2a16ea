/** What a payment's facts mean in the books. Pure. */
import { isPositive, money, type Money } from '@opora/kernel';
import {
  clearingAccount,
  customerAccount,
  debtAccount,
  heldAccount,
  salesAccount,
  type Transfer,
} from '../ledger/index.ts';
import type { MoneyInOutcome } from '../orders/index.ts';
import type { Payment } from './payment.ts';

/** Money comes to the customer's account; a sale moves it on. A surplus stays: it is the balance. */
export function moneyInTransfers(
  payment: Payment,
  { order, outcome }: MoneyInOutcome,
  at: Date,
): Transfer[] {
  const { currency } = payment.amount;
  const customer = customerAccount(payment.personId, currency);
  const common = { amount: payment.amount, at };
  const arrived: Transfer = {
    ...common,
    id: `${payment.id}:in`,
    debit: clearingAccount(payment.provider, currency),
    credit: customer,
    kind: 'payment',
    reference: payment.id,
  };
  if (outcome !== 'paid') return [arrived];
  return [
    arrived,
    {
      ...common,
      id: `${payment.orderId}:sale`,
      debit: customer,
      credit: salesAccount(order.product, currency),
      kind: 'sale',
      reference: payment.orderId,
    },
  ];
}

/** What stood on the accounts that money which goes back is taken from. */
export type Sources = Readonly<{
  /** Of the sale, not given back yet; zero when this payment bought nothing. */
  sold: Money;
  /** Held of the balance for this payment's refunds. */
  held: Money;
  /** Of the balance. */
  free: Money;
}>;

/**
 * Money went back to the payer. It is taken from what its payment bought, then from what was held for
 * the refund, then from the balance; what is not there any more is the customer's debt. The total
 * given back so far makes the ids, so two partial refunds are two sets of transfers.
 */
export function moneyBackTransfers(
  payment: Payment,
  back: Readonly<{ amount: Money; total: Money; sources: Sources; product: string; at: Date }>,
): Transfer[] {
  const { amount, sources, product, at } = back;
  const { currency } = amount;
  const key = `${payment.id}:back:${back.total.minor.toString()}`;
  const customer = customerAccount(payment.personId, currency);
  const common = { reference: payment.id, at };
  const parts = take(amount, [sources.sold, sources.held, sources.free]);
  const into = (part: Money | undefined, name: string, more: Pick<Transfer, 'debit' | 'kind'>) =>
    part === undefined || !isPositive(part)
      ? []
      : [{ ...common, ...more, id: `${key}:${name}`, credit: customer, amount: part }];
  const [sold, held, , debt] = parts;
  return [
    ...into(sold, 'sale', { debit: salesAccount(product, currency), kind: 'sale_refund' }),
    ...into(held, 'held', { debit: heldAccount(payment.personId, currency), kind: 'release' }),
    ...into(debt, 'debt', { debit: debtAccount(payment.personId, currency), kind: 'refund' }),
    {
      ...common,
      ...{ id: key, debit: customer, credit: clearingAccount(payment.provider, currency) },
      ...{ amount, kind: 'refund' },
    },
  ];
}

/** How much of a sum each source gives, in their order; the last is what none of them had. */
function take(amount: Money, sources: readonly Money[]): Money[] {
  let left = amount.minor;
  const parts = sources.map(({ minor }) => {
    const part = minor < left ? minor : left;
    const given = part > 0n ? part : 0n;
    left -= given;
    return money(given, amount.currency);
  });
  return [...parts, money(left, amount.currency)];
}

/** A part of the balance is set aside: for the order a payment is to pay, or for its refund. */
export function holdTransfer(
  payment: Pick<Payment, 'id' | 'personId'>,
  hold: { id: string; amount: Money; at: Date },
): Transfer {
  const { currency } = hold.amount;
  return {
    ...hold,
    debit: customerAccount(payment.personId, currency),
    credit: heldAccount(payment.personId, currency),
    kind: 'hold',
    reference: payment.id,
  };
}

/** The way back of it. */
export function releaseTransfer(
  payment: Pick<Payment, 'id' | 'personId'>,
  hold: { id: string; amount: Money; at: Date },
): Transfer {
  const { debit, credit, ...held } = holdTransfer(payment, hold);
  return { ...held, debit: credit, credit: debit, kind: 'release' };
}

/** The balance, or what was held of it, pays its part of an order. */
export function balanceSale(
  { id, personId, orderId, amount }: Payment,
  sale: { from: 'balance' | 'held'; product: string; at: Date },
): Transfer {
  const { currency } = amount;
  const account = sale.from === 'held' ? heldAccount : customerAccount;
  return {
    ...{ id: `${id}:sale`, amount, kind: 'sale', at: sale.at },
    debit: account(personId, currency),
    credit: salesAccount(sale.product, currency),
    // What is held belongs to its payment, so that nothing of it seems to be left.
    reference: sale.from === 'held' ? id : orderId,
  };
}

/** Money of a sale goes to the customer's balance instead of to the payer. */
export function creditTransfer(
  { id, personId }: Payment,
  credit: { refundId: string; amount: Money; product: string; at: Date },
): Transfer {
  const { amount, refundId, at } = credit;
  return {
    ...{ id: `${refundId}:credit`, amount, kind: 'sale_refund', reference: id, at },
    debit: salesAccount(credit.product, amount.currency),
    credit: customerAccount(personId, amount.currency),
  };
}
