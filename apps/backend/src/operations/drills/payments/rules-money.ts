/** The judge's rules about money: R1, R3, R6, R7. Pure. */
import type { Books, TransferRow, Violation } from './books.ts';

const TAKEN = 'succeeded';
/** States of an order that has its money. */
const PAID_ORDERS: ReadonlySet<string> = new Set(['paid', 'refunded']);

/** R1: one `:in` transfer for each payment the provider took, of its sum, and no other. */
export function settledOnce({ provider, payments, transfers }: Books): Violation[] {
  const broken = (what: string): Violation => ({ rule: 'R1', what });
  const incoming = Map.groupBy(
    transfers.filter(({ kind }) => kind === 'payment'),
    ({ reference }) => reference,
  );
  const explained = new Set<string>();
  const missing = provider.payments.flatMap((entry) => {
    if (entry.status !== TAKEN) return [];
    const ours = payments.filter(({ id }) => id === entry.paymentId);
    const arrived = ours.flatMap(({ id }) => incoming.get(id) ?? []);
    for (const { id } of arrived) explained.add(id);
    const [transfer] = arrived;
    if (ours.length !== 1) return [broken(`${entry.id} belongs to ${count(ours)} payments`)];
    if (transfer === undefined || arrived.length !== 1) {
      return [broken(`${entry.id} came in ${count(arrived)} times`)];
    }
    return transfer.id === `${ours[0]?.id ?? ''}:in` &&
      transfer.amountMinor === entry.amountMinor &&
      transfer.currency === entry.currency &&
      transfer.debit === clearing(provider.name, entry.currency)
      ? []
      : [broken(`${transfer.id} is not the payment ${entry.id} as the provider knows it`)];
  });
  const unfounded = [...incoming.values()]
    .flat()
    .filter(({ id }) => !explained.has(id))
    .map(({ id }) => broken(`${id}: the provider never took that money`));
  return [...missing, ...unfounded];
}

/** R3: zero in sum, each account in its currency; clearing = the provider's, sales = what was sold. */
export function ledgerBalances(books: Books): Violation[] {
  const broken = (what: string): Violation => ({ rule: 'R3', what });
  const found = books.transfers
    .filter(({ debit, credit, currency }) =>
      [debit, credit].some((code) => books.accounts[code] !== currency),
    )
    .map(({ id }) => broken(`${id} touches an account of another currency, or of none`));
  const currencies = new Set(books.transfers.map(({ currency }) => currency));
  for (const currency of new Set([...currencies, ...Object.keys(books.provider.heldMinor)])) {
    const balances = balancesOf(books.transfers.filter((each) => each.currency === currency));
    const sumOf = (kind: string): bigint =>
      [...balances].reduce((sum, [code, minor]) => (code.startsWith(kind) ? sum + minor : sum), 0n);
    const total = sumOf('');
    if (total !== 0n) found.push(broken(`${currency} sums to ${String(total)}, not to zero`));
    const cleared = sumOf(clearing(books.provider.name, currency));
    const held = books.provider.heldMinor[currency] ?? 0n;
    if (cleared !== held) {
      found.push(broken(`clearing says ${String(cleared)}, the provider ${String(held)}`));
    }
    const earned = -sumOf('sales:');
    if (earned - sumOf('customer:') !== cleared) {
      found.push(broken(`sales and balances in ${currency} are not what was cleared`));
    }
    const sold = soldIn(books, currency);
    if (earned !== sold) found.push(broken(`earned ${String(earned)}, sold ${String(sold)}`));
  }
  return found;
}

/** What paid orders cost, less what of it was given back; a refunded order counts no more. */
function soldIn({ orders, payments }: Books, currency: string): bigint {
  const refunded = new Map(payments.map((payment) => [payment.id, payment.refundedMinor]));
  return orders
    .filter((order) => order.state === 'paid' && order.currency === currency)
    .reduce(
      (sum, { amountMinor, paymentId }) =>
        sum + amountMinor - (refunded.get(paymentId ?? '') ?? 0n),
      0n,
    );
}

/** R6: an acknowledged notice is counted in its row, judged, and after the last time it came. */
export function noticesKept({ provider, notices }: Books): Violation[] {
  const broken = (what: string): Violation => ({ rule: 'R6', what });
  const accepted = Map.groupBy(provider.accepted, ({ key }) => key);
  return [...accepted].flatMap(([key, times]) => {
    const rows = notices.filter(({ dedupeKey }) => dedupeKey.startsWith(key));
    if (rows.length === 0) return [broken(`${key} was acknowledged and is not stored`)];
    const receipts = rows.reduce((sum, row) => sum + row.receipts, 0);
    if (receipts < times.length) {
      const said = `acknowledged ${count(times)} times, stored ${String(receipts)} times`;
      return [broken(`${key} was ${said}`)];
    }
    return rows.flatMap((row) => {
      if (row.state === 'waiting') return [broken(`${row.dedupeKey} was never judged`)];
      const judgedBefore = (row.judgedAtMs ?? 0) < row.lastReceivedAtMs;
      if (row.outcome !== 'unproven' || !judgedBefore) return [];
      return [broken(`${key} came again after it had proved nothing, and was not judged again`)];
    });
  });
}

/** R7: the money of an order was taken, so the order is paid. */
export function noOrderLost({ provider, payments, orders }: Books): Violation[] {
  const states = new Map(orders.map(({ id, state }) => [id, state]));
  const taken = new Set(
    provider.payments.filter(({ status }) => status === TAKEN).map(({ paymentId }) => paymentId),
  );
  return payments
    .filter(({ id, orderId }) => taken.has(id) && !PAID_ORDERS.has(states.get(orderId) ?? ''))
    .map(({ id, orderId }) => ({
      rule: 'R7',
      what: `${orderId} is ${states.get(orderId) ?? 'missing'}, ${id} was taken`,
    }));
}

/** Debits minus credits of each account. */
function balancesOf(transfers: readonly TransferRow[]): Map<string, bigint> {
  const balances = new Map<string, bigint>();
  for (const { debit, credit, amountMinor } of transfers) {
    balances.set(debit, (balances.get(debit) ?? 0n) + amountMinor);
    balances.set(credit, (balances.get(credit) ?? 0n) - amountMinor);
  }
  return balances;
}

const clearing = (provider: string, currency: string): string => `clearing:${provider}:${currency}`;
const count = (list: readonly unknown[]): string => String(list.length);
