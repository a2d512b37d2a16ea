/**
 * A link that was paid more than once: the second sum is a payment of its own for the same order,
 * so that it is kept, told and given back like any other (principle 7). A charge by the vendor's own
 * schedule is one for an order of its own, the next term. Part of the settling transaction, under the
 * lock of the payment whose link it was.
 */
import { assert, sameMoney } from '@opora/kernel';
import type { Tx } from '../../platform/db/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { noMoney, type Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { insertPayment, lockPayments } from './repository.ts';
import { selectSavedWith } from './repository-methods.ts';
import type { Fact } from './fact.ts';

/** The vendor's further objects of a payment follow it as facts of their own. */
export function withAgain(facts: readonly Fact[]): Fact[] {
  return facts.flatMap((fact) => [
    fact,
    ...(fact.payment.again ?? []).map((payment) => ({ ...fact, payment, notices: [] })),
  ]);
}

/** Whether this object is money beside the payment it names, and not news of that payment. */
export function isBeside({ id, reference }: Payment, fact: ProviderPayment): boolean {
  const isOther = reference !== undefined && reference !== fact.reference;
  return fact.countsAlone === true && isOther && fact.paymentId === id && hasMoneyThere(fact);
}

/**
 * Writes a payment for each fact with money that came beside the payment it names, once for each
 * vendor's object; returns the known ones with these. Each is as the vendor says: it counts with
 * the sum that came, whatever was asked for.
 */
export async function openBeside(
  deps: Pick<PaymentsDeps, 'ids' | 'orders'>,
  tx: Tx,
  { facts, locked, at }: { facts: readonly Fact[]; locked: readonly Payment[]; at: Date },
): Promise<readonly Payment[]> {
  const besides = facts.flatMap(({ provider, payment: fact }) => {
    if (locked.some(({ reference }) => reference === fact.reference)) return [];
    const first = locked.find((payment) => isNamed(payment, fact, facts));
    return first === undefined || first.provider !== provider ? [] : [{ first, fact }];
  });
  const provider = facts[0]?.provider;
  if (besides.length === 0 || provider === undefined) return locked;
  // The lock of the first payment was waited for: another process may have written them meanwhile.
  const references = besides.map(({ fact }) => fact.reference);
  const written = await lockPayments(tx, provider, { ids: [], references });
  const opened: Payment[] = [];
  for (const { first, fact } of besides) {
    const isWritten = [...written, ...opened].some(({ reference }) => reference === fact.reference);
    if (isWritten || fact.amount.currency !== first.amount.currency) continue;
    const beside = paymentBeside(first, { fact, id: deps.ids.next('pay'), at });
    const payment = isNextTerm(first, fact) ? await forNextTerm(deps, tx, beside) : beside;
    await insertPayment(tx, payment, undefined);
    opened.push(payment);
  }
  return [...locked, ...written, ...opened];
}

/** By its own object, or by the one that pays it in this very batch. */
function isNamed(payment: Payment, fact: ProviderPayment, facts: readonly Fact[]): boolean {
  if (payment.reference !== undefined) return isBeside(payment, fact);
  const paying = facts.find(
    ({ payment: other }) => other.paymentId === payment.id && hasMoneyThere(other),
  );
  if (paying === undefined) return false;
  return isBeside({ ...payment, reference: paying.payment.reference }, fact);
}

/** The vendor charges what was agreed; another sum is money on the balance. */
function isNextTerm({ amount }: Payment, fact: ProviderPayment): boolean {
  return fact.renews === true && sameMoney(fact.amount, amount);
}

async function forNextTerm(
  { orders }: Pick<PaymentsDeps, 'orders'>,
  tx: Tx,
  payment: Payment,
): Promise<Payment> {
  const { orderId, provider, reference = '', secondOf = '' } = payment;
  const paid = (await orders.lock(tx, [orderId])).get(orderId);
  assert(paid !== undefined, `payment ${secondOf} has no order`);
  const next = await orders.placeAgain(tx, paid, `charged:${provider}:${reference}`);
  const method = await selectSavedWith(tx, secondOf);
  return { ...payment, orderId: next.id, methodId: method?.id };
}

function hasMoneyThere({ state, amount }: ProviderPayment): boolean {
  return (state === 'settled' || state === 'disputed') && amount.minor > 0n;
}

function paymentBeside(
  first: Payment,
  { fact, id, at }: { fact: ProviderPayment; id: string; at: Date },
): Payment {
  const { orderId, personId, provider, receiptTo, asked } = first;
  const nothing = noMoney(fact.amount.currency);
  return {
    ...{ id, orderId, personId, provider, reference: fact.reference, state: 'created' },
    ...{ amount: fact.amount, refunded: nothing, credited: nothing, checkoutUrl: undefined },
    ...{ reason: undefined, createdAt: at, settledAt: undefined, checks: 0, saveWords: undefined },
    ...{ methodId: undefined, advice: undefined, secondOf: first.id },
    ...{ receiptTo, asked },
  };
}
