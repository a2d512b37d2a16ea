/** The judge's rule about the ledger: R3. Pure. */
import {
  BALANCE,
  isOtherSum,
  type Books,
  type OrderRow,
  type PaymentRow,
  type TransferRow,
  type Violation,
} from './books.ts';
import { clearingOf } from './rules-money.ts';

/** Kinds of accounts there are when no staff adjusts a balance by hand. */
const KNOWN_ACCOUNT = /^(?:clearing|customer|held|debt|sales):/;
const HAS_MONEY: ReadonlySet<string> = new Set(['paid', 'refunded']);

/**
 * R3: zero in sum, each account in its currency; clearing is what each vendor holds, sales are what
 * was sold, balances are what people have left, and none is below zero.
 */
export function ledgerBalances(books: Books): Violation[] {
  const held = books.providers.flatMap(({ heldMinor }) => Object.keys(heldMinor));
  const currencies = new Set([...books.transfers.map(({ currency }) => currency), ...held]);
  const found = [...currencies].flatMap((currency) => {
    const own = books.transfers.filter((each) => each.currency === currency);
    const balances = balancesOf(own);
    return [
      ...inSum(currency, balances),
      ...clearedAsHeld(books, currency, balances),
      ...earnedAsSold(books, currency, balances),
      ...walletsAddUp(books, currency, balances),
    ];
  });
  return [...otherCurrencies(books), ...found, ...paidInFull(books)].map((what) => ({
    rule: 'R3',
    what,
  }));
}

type Balances = ReadonlyMap<string, bigint>;

function otherCurrencies({ transfers, accounts }: Books): string[] {
  return transfers
    .filter(({ debit, credit, currency }) =>
      [debit, credit].some((code) => accounts[code] !== currency),
    )
    .map(({ id }) => `${id} touches an account of another currency, or of none`);
}

function inSum(currency: string, balances: Balances): string[] {
  const total = sumOf(balances, '');
  const strange = [...balances.keys()].filter((code) => !KNOWN_ACCOUNT.test(code));
  return [
    ...(total === 0n ? [] : [`${currency} sums to ${String(total)}, not to zero`]),
    ...strange.map((code) => `${code} is no account a customer's money can be on`),
  ];
}

/** What was set aside is with the vendor and not in our books: staff decides. */
function clearedAsHeld({ providers }: Books, currency: string, balances: Balances): string[] {
  return providers.flatMap(({ name, heldMinor, payments }) => {
    const aside = payments
      .filter((entry) => entry.currency === currency && isOtherSum(entry))
      .reduce((sum, { takenMinor }) => sum + takenMinor, 0n);
    const cleared = balances.get(clearingOf(name, currency)) ?? 0n;
    const held = (heldMinor[currency] ?? 0n) - aside;
    if (cleared === held) return [];
    return [`clearing of ${name} says ${String(cleared)} ${currency}, the vendor ${String(held)}`];
  });
}

function earnedAsSold(books: Books, currency: string, balances: Balances): string[] {
  const earned = -sumOf(balances, 'sales:');
  const sold = sellingOf(books)
    .filter(({ payment }) => payment.currency === currency)
    .reduce((sum, { payment }) => sum + atLeastZero(leftOf(payment)), 0n);
  return earned === sold ? [] : [`${currency}: earned ${String(earned)}, sold ${String(sold)}`];
}

/** Each paid order by the payments whose money bought it: of one vendor, of the balance, of both. */
function sellingOf({ orders, payments }: Books): { order: OrderRow; payment: PaymentRow }[] {
  const byId = new Map(orders.map((order) => [order.id, order]));
  return payments.flatMap((payment) => {
    const order = byId.get(payment.orderId);
    if (!payment.isSettled || order?.kind !== 'plan' || !HAS_MONEY.has(order.state)) return [];
    const sells = payment.provider === BALANCE || order.paymentId === payment.id;
    return sells ? [{ order, payment }] : [];
  });
}

function paidInFull(books: Books): string[] {
  const parts = Map.groupBy(sellingOf(books), ({ order }) => order.id);
  return books.orders
    .filter(({ kind, state }) => kind === 'plan' && HAS_MONEY.has(state))
    .flatMap(({ id, amountMinor }) => {
      const own = parts.get(id) ?? [];
      const paid = own.reduce((sum, { payment }) => sum + payment.amountMinor, 0n);
      return paid === amountMinor
        ? []
        : [`${id} costs ${String(amountMinor)}, paid were ${String(paid)}`];
    });
}

/** What people have is what came and bought nothing, and what came back, less what they spent. */
function walletsAddUp(books: Books, currency: string, balances: Balances): string[] {
  const sold = new Set(sellingOf(books).map(({ payment }) => payment.id));
  const own = books.payments.filter((payment) => payment.currency === currency);
  const people = Map.groupBy(own, ({ personId }) => personId);
  return [...people].flatMap(([person, payments]) => {
    const on = (kind: string): bigint => balances.get(`${kind}:${person}:${currency}`) ?? 0n;
    const [free, held, debt] = [-on('customer'), -on('held'), on('debt')];
    const due = payments.reduce((sum, each) => sum + gainOf(each, sold.has(each.id)), 0n);
    const promised = payments
      .filter(({ provider, state }) => provider === BALANCE && state === 'authorised')
      .reduce((sum, { amountMinor }) => sum + amountMinor, 0n);
    const said = `${String(free)} free, ${String(held)} held, ${String(debt)} owed ${currency}`;
    return [
      ...(free + held - debt === due ? [] : [`${person} has ${said}, due are ${String(due)}`]),
      ...(free < 0n || held < 0n || debt < 0n ? [`${person} is below zero: ${said}`] : []),
      ...(held === promised ? [] : [`${person}: held for no open order: ${said}`]),
    ];
  });
}

/** What a payment left on its person's balance. */
function gainOf(payment: PaymentRow, isSold: boolean): bigint {
  if (!payment.isSettled) return 0n;
  const { amountMinor, refundedMinor, creditedMinor } = payment;
  if (payment.provider === BALANCE) return creditedMinor - amountMinor;
  // More went back than the sale still had: it was taken from the balance.
  if (isSold) return creditedMinor - atLeastZero(-leftOf(payment));
  return amountMinor - refundedMinor;
}

const leftOf = ({ amountMinor, refundedMinor, creditedMinor }: PaymentRow): bigint =>
  amountMinor - refundedMinor - creditedMinor;

const atLeastZero = (minor: bigint): bigint => (minor > 0n ? minor : 0n);

const sumOf = (balances: Balances, kind: string): bigint =>
  [...balances].reduce((sum, [code, minor]) => (code.startsWith(kind) ? sum + minor : sum), 0n);

/** Debits minus credits of each account. */
function balancesOf(transfers: readonly TransferRow[]): Balances {
  const balances = new Map<string, bigint>();
  for (const { debit, credit, amountMinor } of transfers) {
    balances.set(debit, (balances.get(debit) ?? 0n) + amountMinor);
    balances.set(credit, (balances.get(credit) ?? 0n) - amountMinor);
  }
  return balances;
}
