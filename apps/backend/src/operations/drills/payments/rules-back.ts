/** The judge's rule about money that goes back: R9. Pure. */
import type { Books, GrantRow, TurnRow, Violation } from './books.ts';

const DAY_MS = 86_400_000;
/** The act happens a moment after its time was read. */
const TOLERANCE_MS = 5_000;

/** Each refund once, as asked, told; the access of what was refunded or is disputed taken once. */
export function moneyBack(books: Books): Violation[] {
  return [...refundedOnce(books), ...refundsTold(books), ...accessTaken(books)].map((what) => ({
    rule: 'R9',
    what,
  }));
}

function refundedOnce({ payments, refunds }: Books): string[] {
  const asked = Map.groupBy(refunds, ({ paymentId, target }) => `${paymentId} ${target}`);
  return payments.flatMap(({ id, refundedMinor, creditedMinor }) =>
    (['provider', 'balance'] as const).flatMap((target) => {
      const own = asked.get(`${id} ${target}`);
      const back = target === 'balance' ? creditedMinor : refundedMinor;
      const sum = own?.reduce((all, { amountMinor }) => all + amountMinor, 0n);
      // A refund the merchant made in the vendor's cabinet was asked for by nobody of us.
      const isRight = sum === undefined ? target === 'provider' || back === 0n : sum === back;
      if (isRight) return [];
      return [`${id} gave ${String(back)} to the ${target}, asked for were ${String(sum ?? 0n)}`];
    }),
  );
}

function refundsTold({ transfers, payments, told }: Books): string[] {
  const sent = new Set(told.filter(({ state }) => state === 'sent').map(({ key }) => key));
  const toPayers = transfers
    .filter(({ kind, id }) => kind === 'refund' && /:back:\d+$/.test(id))
    .map(({ id }) => `refunded:${id.replace(':back:', ':')}`);
  const toBalances = payments
    .filter(({ creditedMinor }) => creditedMinor > 0n)
    .map(({ id, creditedMinor }) => `credited:${id}:${String(creditedMinor)}`);
  return [...toPayers, ...toBalances]
    .filter((key) => !sent.has(key))
    .map((key) => `nobody was told: ${key}`);
}

function accessTaken({ orders, grants, turns }: Books): string[] {
  const bySubscription = Map.groupBy(turns, ({ subscriptionId }) => subscriptionId);
  const byOrder = new Map(grants.map((grant) => [grant.orderId, grant]));
  return orders.flatMap(({ id, state, isDisputed, termDays, paidAtMs }) => {
    const grant = byOrder.get(id);
    if (grant === undefined) return [];
    const own = turnsOf(grant, bySubscription.get(grant.subscriptionId) ?? []);
    const taken = own.reduce((sum, { kind }) => sum + (kind === 'withdraw' ? 1 : -1), 0);
    const expected = state === 'refunded' || isDisputed ? 1 : 0;
    if (taken !== expected) return [`the access of ${id} was taken ${String(taken)} times`];
    const [first, ...more] = own;
    const isAlone =
      grants.filter((one) => one.subscriptionId === grant.subscriptionId).length === 1;
    if (first === undefined || more.length > 0 || !isAlone) return [];
    const left = (paidAtMs ?? 0) + termDays * DAY_MS - first.atMs;
    if (Math.abs(left - first.lengthMs) <= TOLERANCE_MS) return [];
    return [`of ${id} were taken ${days(first.lengthMs)} days, ${days(left)} were left`];
  });
}

const turnsOf = (grant: GrantRow, turns: readonly TurnRow[]): TurnRow[] =>
  turns.filter(({ ofRevision }) => ofRevision === grant.revision);

const days = (ms: number): string => (ms / DAY_MS).toFixed(2);
