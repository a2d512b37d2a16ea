/** What a payment's facts mean in the books. Pure. */
import type { Money } from '@opora/kernel';
import { clearingAccount, customerAccount, salesAccount, type Transfer } from '../ledger/index.ts';
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
  if (outcome === 'surplus') return [arrived];
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

/**
 * Money went back: from the sale of `product` when this payment paid its order, else from the
 * balance. The total given back so far makes the id, so two partial refunds are two transfers.
 */
export function moneyBackTransfers(
  payment: Payment,
  back: Readonly<{ amount: Money; total: Money; product: string | undefined; at: Date }>,
): Transfer[] {
  const { product, at } = back;
  const { currency } = back.amount;
  const customer = customerAccount(payment.personId, currency);
  const key = `${payment.id}:back:${back.total.minor.toString()}`;
  const common = { amount: back.amount, reference: payment.id, at };
  const unsold: Transfer[] =
    product === undefined
      ? []
      : [
          {
            ...common,
            id: `${key}:sale`,
            debit: salesAccount(product, currency),
            credit: customer,
            kind: 'sale_refund',
          },
        ];
  return [
    ...unsold,
    {
      ...common,
      id: key,
      debit: customer,
      credit: clearingAccount(payment.provider, currency),
      kind: 'refund',
    },
  ];
}
