/** The judge's rules about money that comes: R1, R6, R7. Pure. */
import {
  isOtherSum,
  timesTaken,
  type Books,
  type NoticeRow,
  type PaymentRow,
  type ProviderBooks,
  type ProviderEntry,
  type TransferRow,
  type Violation,
} from './books.ts';

/** States of an order that has its money. */
const PAID_ORDERS: ReadonlySet<string> = new Set(['paid', 'refunded']);

/** R1: one `:in` transfer for each sum a vendor took, of that sum, and no other. */
export function settledOnce(books: Books): Violation[] {
  const incoming = Map.groupBy(
    books.transfers.filter(({ kind }) => kind === 'payment'),
    ({ reference }) => reference,
  );
  const families = familiesOf(books.payments);
  const explained = new Set<string>();
  const missing = books.providers.flatMap((provider) => {
    const taken = provider.payments.filter(({ takenMinor }) => takenMinor > 0n);
    const byPayment = Map.groupBy(taken, ({ paymentId }) => paymentId ?? '');
    return [...byPayment].flatMap(([paymentId, entries]) => {
      const family = (families.get(paymentId) ?? []).filter(
        (payment) => payment.provider === provider.name,
      );
      const arrived = family.flatMap(({ id }) => incoming.get(id) ?? []);
      for (const { id } of arrived) explained.add(id);
      return arrivedAsTaken({ provider, entries, family, arrived });
    });
  });
  const unfounded = [...incoming.values()]
    .flat()
    .filter(({ id }) => !explained.has(id))
    .map(({ id }) => `${id}: no vendor ever took that money`);
  return [...missing, ...unfounded, ...shownAside(books)].map((what) => ({ rule: 'R1', what }));
}

/** Each payment with those that are further sums of its link, by its id. */
function familiesOf(payments: readonly PaymentRow[]): ReadonlyMap<string, PaymentRow[]> {
  return Map.groupBy(payments, ({ id, secondOf }) => secondOf ?? id);
}

function arrivedAsTaken(about: {
  provider: ProviderBooks;
  entries: readonly ProviderEntry[];
  family: readonly PaymentRow[];
  arrived: readonly TransferRow[];
}): string[] {
  const { provider, entries, family, arrived } = about;
  const names = entries.map(({ id }) => id).join(', ');
  const [first] = entries;
  if (first === undefined) return [];
  if (family.length === 0) return [`${provider.name} ${names} belongs to no payment`];
  const times = entries.reduce((sum, entry) => sum + timesTaken(entry), 0);
  if (arrived.length !== times) {
    const said = `taken ${String(times)} times, came in ${count(arrived)} times`;
    return [`${provider.name} ${names} was ${said}`];
  }
  return arrived
    .filter(
      ({ id, reference, amountMinor, currency, debit }) =>
        id !== `${reference}:in` ||
        amountMinor !== first.amountMinor ||
        currency !== first.currency ||
        debit !== clearingOf(provider.name, currency),
    )
    .map(({ id }) => `${id} is not the payment ${names} as ${provider.name} knows it`);
}

/** Another sum than the one asked for is credited to nobody, and staff can see it. */
function shownAside({ providers, setAside }: Books): string[] {
  const shown = new Set(setAside);
  return providers.flatMap(({ name, payments }) =>
    payments
      .filter((entry) => isOtherSum(entry) && !shown.has(entry.paymentId ?? ''))
      .map(({ id }) => `${name} ${id} took another sum, and nobody is shown it`),
  );
}

/** R6: an acknowledged notice is counted in its row, judged, and after the last time it came. */
export function noticesKept({ providers, notices }: Books): Violation[] {
  const byObject = Map.groupBy(notices, ({ provider, dedupeKey }) => objectOf(provider, dedupeKey));
  return providers.flatMap(({ name, accepted }) =>
    [...Map.groupBy(accepted, ({ key }) => key)].flatMap(([key, times]) => {
      const rows = (byObject.get(objectOf(name, key)) ?? []).filter(({ dedupeKey }) =>
        dedupeKey.startsWith(key),
      );
      return keptAs(`${name} ${key}`, times.length, rows).map((what) => ({ rule: 'R6', what }));
    }),
  );
}

/** The vendor and its object: keys begin with the object's id. */
const objectOf = (provider: string, key: string): string => `${provider} ${key.split(':', 1)[0]}`;

function keptAs(key: string, times: number, rows: readonly NoticeRow[]): string[] {
  if (rows.length === 0) return [`${key} was acknowledged and is not stored`];
  const receipts = rows.reduce((sum, row) => sum + row.receipts, 0);
  if (receipts < times) {
    return [`${key} was acknowledged ${String(times)} times, stored ${String(receipts)} times`];
  }
  return rows.flatMap((row) => {
    if (row.state === 'waiting') return [`${row.dedupeKey} was never judged`];
    const judgedBefore = (row.judgedAtMs ?? 0) < row.lastReceivedAtMs;
    if (row.outcome !== 'unproven' || !judgedBefore) return [];
    return [`${key} came again after it had proved nothing, and was not judged again`];
  });
}

/** R7: the money of an order was taken, so the order is paid, or its part lies on the balance. */
export function noOrderLost({ providers, payments, orders }: Books): Violation[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  const taken = new Set(
    providers.flatMap((provider) =>
      provider.payments
        .filter((entry) => timesTaken(entry) > 0)
        .map(({ paymentId }) => `${provider.name} ${paymentId ?? ''}`),
    ),
  );
  return payments.flatMap(({ id, provider, orderId, amountMinor }) => {
    const order = byId.get(orderId);
    if (!taken.has(`${provider} ${id}`) || PAID_ORDERS.has(order?.state ?? '')) return [];
    // A part that came when the balance could not pay the rest any more: R5 wants it told.
    if (order?.state === 'open' && amountMinor < order.amountMinor) return [];
    return [{ rule: 'R7', what: `${orderId} is ${order?.state ?? 'missing'}, ${id} was taken` }];
  });
}

export const clearingOf = (provider: string, currency: string): string =>
  `clearing:${provider}:${currency}`;
const count = (list: readonly unknown[]): string => String(list.length);
