/** The judge's rules about access and words: R2, R4, R5, R8. Pure. */
import type { BotMessage, Books, GrantRow, OrderRow, TurnRow, Violation } from './books.ts';

const DAY_MS = 86_400_000;
/** A panel may keep milliseconds less exactly than we do. */
const EXPIRY_TOLERANCE_MS = 1_000;
/** An act happens a moment after its time was read. */
const TAKEN_TOLERANCE_MS = 5_000;

/**
 * R2: one grant and one delivery for each paid order, none for any other. What went back before its
 * access was made may have given none.
 */
export function deliveredOnce({ orders, grants, deliveries }: Books): Violation[] {
  const broken = (what: string): Violation => ({ rule: 'R2', what });
  const granted = Map.groupBy(grants, ({ orderId }) => orderId);
  const delivered = Map.groupBy(deliveries, (orderId) => orderId);
  const known = new Set(orders.map(({ id }) => id));
  const strangers = [...granted.keys(), ...delivered.keys()]
    .filter((id) => !known.has(id))
    .map((id) => broken(`${id} was granted or delivered and is no order`));
  const wrong = orders.flatMap(({ id, kind, state, paidAtMs, isDisputed }) => {
    const times = paidAtMs === undefined || kind === 'top_up' ? 0 : 1;
    const least = state === 'refunded' || isDisputed ? 0 : times;
    const isRight = (made = 0): boolean => made >= least && made <= times;
    const [grantsMade, deliveriesMade] = [granted, delivered].map(
      (map) => map.get(id)?.length ?? 0,
    );
    return [
      ...(isRight(grantsMade) ? [] : [`${id} (${state}) was granted ${String(grantsMade)} times`]),
      ...(isRight(deliveriesMade)
        ? []
        : [`${id} (${state}) was delivered ${String(deliveriesMade)} times`]),
    ].map(broken);
  });
  return [...strangers, ...wrong];
}

/** R4: one panel user per subscription with a grant, its expiry reckoned from the orders alone. */
export function panelHolds({ orders, grants, turns: taken, panel }: Books): Violation[] {
  const broken = (what: string): Violation => ({ rule: 'R4', what });
  const bySubscription = Map.groupBy(grants, ({ subscriptionId }) => subscriptionId);
  const byName = Map.groupBy(panel, ({ username }) => username);
  const strangers = panel
    .filter(({ username }) => !bySubscription.has(username))
    .map(({ username }) => broken(`${username} is on the panel and nobody bought it`));
  const byId = new Map(orders.map((order) => [order.id, order]));
  const turned = Map.groupBy(taken, ({ subscriptionId }) => subscriptionId);
  const wrong = [...bySubscription].flatMap(([subscription, own]) => {
    const users = byName.get(subscription) ?? [];
    const [user] = users;
    if (user === undefined || users.length !== 1) {
      return [broken(`${subscription} has ${String(users.length)} users on the panel`)];
    }
    if (user.creates !== 1)
      return [broken(`${subscription} was made ${String(user.creates)} times`)];
    const turns = turned.get(subscription) ?? [];
    const expected = expiryOf([...own, ...turns], byId);
    // The panel takes no end in the past: who is left with nothing is switched off.
    const isOver = turns.some(({ atMs }) => expected <= atMs + TAKEN_TOLERANCE_MS);
    if (user.isOff !== isOver) {
      return [broken(`${subscription} is switched ${user.isOff ? 'off and was paid' : 'on'}`)];
    }
    if (isOver) return [];
    const off = user.expiresAtMs - expected;
    if (Math.abs(off) <= EXPIRY_TOLERANCE_MS) return [];
    const days = (off / DAY_MS).toFixed(2);
    return [broken(`${subscription} ends ${days} days beside what its paid orders give`)];
  });
  return [...strangers, ...wrong];
}

/**
 * The first paid order starts when it was paid, each next one at the later of that and the end so
 * far. Grants lend only the order in which orders paid in one moment were taken, never a date. What
 * was taken back is reckoned by its own length; `moneyBack` looks at whether it is the right one.
 */
function expiryOf(
  steps: readonly (GrantRow | TurnRow)[],
  orders: ReadonlyMap<string, OrderRow>,
): number {
  const seen = new Set<string>();
  return steps.toSorted(byRevision).reduce((end, step) => {
    if ('kind' in step) {
      if (step.kind === 'withdraw') return end - step.lengthMs;
      return Math.max(end, step.atMs) + step.lengthMs;
    }
    const order = orders.get(step.orderId);
    if (order?.paidAtMs === undefined || seen.has(order.id)) return end;
    seen.add(order.id);
    return Math.max(end, order.paidAtMs) + order.termDays * DAY_MS;
  }, 0);
}

const byRevision = (a: { revision: number }, b: { revision: number }): number =>
  a.revision - b.revision;

/** R5: the chat holds what was owed for each delivered order and each surplus; links included. */
export function customersTold(books: Books): { violations: Violation[]; toldTwice: number } {
  const chats = new Map(books.chats.map((each) => [`${each.chatId} ${each.messageId}`, each]));
  const rows = new Map(books.told.map((row) => [row.key, row]));
  const links = new Map(books.panel.map(({ username, shortId }) => [username, shortId]));
  const firsts = new Map(
    books.grants
      .filter(({ revision }) => revision === 1)
      .map(({ orderId, subscriptionId }) => [orderId, links.get(subscriptionId)]),
  );
  const told = (key: string): BotMessage | undefined => {
    const row = rows.get(key);
    return chats.get(`${row?.chatId ?? ''} ${row?.messageId ?? ''}`);
  };
  const violations = [
    ...books.deliveries.flatMap((orderId) => {
      const message = told(`delivered:${orderId}`);
      if (message === undefined) return [`nobody was told that ${orderId} was delivered`];
      const link = firsts.get(orderId);
      const lacks = link !== undefined && !message.text.includes(link);
      return lacks ? [`the message about ${orderId} lacks its link`] : [];
    }),
    ...balanceWords(books)
      .filter((keys) => keys.every((key) => told(key) === undefined))
      .map(([key = '']) => `nobody was told: ${key}`),
  ].map((what): Violation => ({ rule: 'R5', what }));
  return { violations, toldTwice: countRepeats(books) };
}

/** Payments that came in and paid no order: their money stayed with the customer. */
export function surplusOf(books: Books): string[] {
  return onBalance(books).flatMap(({ id, isTopUp }) => (isTopUp ? [] : [id]));
}

/** Each sum that came to a balance, by the words that may tell of it. */
function balanceWords(books: Books): string[][] {
  return onBalance(books).map(({ id, isTopUp }) =>
    isTopUp ? [`toppedUp:${id}`] : [`surplus:${id}`, `short:${id}`],
  );
}

function onBalance({ transfers, orders, payments }: Books): { id: string; isTopUp: boolean }[] {
  const paying = new Set(orders.map(({ paymentId }) => paymentId));
  const topUps = new Set(orders.flatMap(({ id, kind }) => (kind === 'top_up' ? [id] : [])));
  const orderOf = new Map(payments.map(({ id, orderId }) => [id, orderId]));
  return transfers
    .filter(({ kind, reference }) => kind === 'payment' && !paying.has(reference))
    .map(({ reference: id }) => ({ id, isTopUp: topUps.has(orderOf.get(id) ?? '') }));
}

/** Messages a customer got again: the text of an owed message more often than it was owed. */
function countRepeats({ chats, told }: Books): number {
  const textOf = ({ chatId, text }: BotMessage): string => `${chatId} ${text}`;
  const byId = new Map(chats.map((each) => [`${each.chatId} ${each.messageId}`, textOf(each)]));
  const owed = told.flatMap(
    ({ chatId, messageId }) => byId.get(`${chatId ?? ''} ${messageId ?? ''}`) ?? [],
  );
  const owedTimes = Map.groupBy(owed, (text) => text);
  const sentTimes = Map.groupBy(chats.map(textOf), (text) => text);
  return [...owedTimes].reduce(
    (sum, [text, times]) => sum + (sentTimes.get(text)?.length ?? 0) - times.length,
    0,
  );
}

/** R8: the oldest paid order that nobody has delivered, if there is one. */
export function nobodyWaits({ orders, deliveries }: Books): Violation[] {
  const delivered = new Set(deliveries);
  const [oldest] = orders
    .filter(
      ({ state, kind, isDisputed, id }) =>
        state === 'paid' && kind === 'plan' && !isDisputed && !delivered.has(id),
    )
    .toSorted((a, b) => (a.paidAtMs ?? 0) - (b.paidAtMs ?? 0));
  return oldest === undefined ? [] : [{ rule: 'R8', what: `${oldest.id} waits for its access` }];
}
