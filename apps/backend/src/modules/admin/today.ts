/** The first page of staff. Each figure is one bounded question; all of them are asked at once. */
import { moneyToWire, SERIES_DAYS, type TodayWire } from '@opora/contracts';
import type { Money } from '@opora/kernel';
import type { AdminParts } from './deps.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const HOUR_MS = 3_600_000;
/** A call to a provider ends sooner; what is still without an answer then has lost it. */
const CALL_UNDER_WAY_MS = 15_000;
/** The sum over all transfers grows with the books, so it is asked once in this time. */
const BOOKS_FRESH_MS = 60_000;

export interface Today {
  /** As of now; the sum of the books may be a minute older. */
  read(): Promise<TodayWire>;
}

type Spans = Readonly<{
  now: Date;
  midnight: Date;
  /** From midnight a week ago until this very hour of that day. */
  weekAgo: Readonly<{ from: Date; to: Date }>;
  seriesFrom: Date;
}>;

export function createToday(parts: AdminParts): Today {
  const { clock } = parts;
  let books: { askedMs: number; sums: Promise<Money[]> } | undefined;

  function ledgerSums(): Promise<Money[]> {
    const nowMs = clock.monotonicMs();
    if (books === undefined || nowMs - books.askedMs > BOOKS_FRESH_MS) {
      const sums = parts.ledger.admin.accounts(parts.db.read).then((all) => all.sums);
      books = { askedMs: nowMs, sums };
      // A failed question is asked again by the next reader.
      sums.catch(() => {
        books = undefined;
      });
    }
    return books.sums;
  }

  return {
    async read() {
      const spans = spansOf(clock.now());
      const { now } = spans;
      const [
        sales,
        people,
        conversion,
        undelivered,
        open,
        providers,
        silences,
        ledger,
        behindPanel,
      ] = await Promise.all([
        readSales(parts, spans),
        readPeople(parts, spans),
        readConversion(parts, spans),
        readUndelivered(parts),
        parts.payments.admin.open({
          askedBefore: new Date(now.getTime() - CALL_UNDER_WAY_MS),
          refusedSince: new Date(now.getTime() - DAY_MS),
        }),
        readProviders(parts, new Date(now.getTime() - HOUR_MS)),
        parts.payments.admin.silences(),
        ledgerSums(),
        parts.subscriptions.admin.countBehind(),
      ]);
      const { unknown, refusedNotices, quarantinedNotices, openRefunds } = open;
      const { openDisputes, openDifferences } = open;
      return {
        asOf: now.toISOString(),
        sales,
        people,
        conversion,
        undelivered,
        unknown: { count: unknown.count, oldestAt: iso(unknown.oldestAt) },
        refusedNotices: { day: refusedNotices.day, lastAt: iso(refusedNotices.lastAt) },
        quarantinedNotices,
        openRefunds,
        openDisputes,
        openDifferences,
        silentProviders: silences.map(({ provider }) => provider),
        providers,
        books: { ledger: ledger.map(moneyToWire), behindPanel },
      };
    },
  };
}

function spansOf(now: Date): Spans {
  const midnightMs = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return {
    now,
    midnight: new Date(midnightMs),
    weekAgo: { from: new Date(midnightMs - WEEK_MS), to: new Date(now.getTime() - WEEK_MS) },
    seriesFrom: new Date(midnightMs - (SERIES_DAYS - 1) * DAY_MS),
  };
}

/** The series is in the currency of most payments today, or in roubles when there were none. */
async function readSales(parts: AdminParts, spans: Spans): Promise<TodayWire['sales']> {
  const { payments } = parts;
  const [today, weekAgo] = await Promise.all([
    payments.admin.moneyIn({ from: spans.midnight, to: new Date(spans.now.getTime() + 1) }),
    payments.admin.moneyIn(spans.weekAgo),
  ]);
  const currency = today[0]?.currency ?? weekAgo[0]?.currency ?? 'RUB';
  const days = await payments.admin.moneyByDay(currency, spans.seriesFrom);
  return {
    today: today.map(moneyToWire),
    weekAgo: weekAgo.map(moneyToWire),
    currency,
    days: wholeSeries(days, spans.seriesFrom),
  };
}

async function readPeople(parts: AdminParts, spans: Spans): Promise<TodayWire['people']> {
  const { midnight, weekAgo, seriesFrom } = spans;
  const counted = await parts.identity.admin.count({ from: seriesFrom, today: midnight, weekAgo });
  const days = counted.days.map(({ day, count }) => ({ day, value: count.toString() }));
  return { ...counted, days: wholeSeries(days, seriesFrom) };
}

async function readConversion(parts: AdminParts, spans: Spans): Promise<TodayWire['conversion']> {
  const { orders } = parts;
  const [today, before] = await Promise.all([
    orders.admin.countPlaced({ from: spans.midnight, to: new Date(spans.now.getTime() + 1) }),
    orders.admin.countPlaced(spans.weekAgo),
  ]);
  return { ...today, placedWeekAgo: before.placed, paidWeekAgo: before.paid };
}

async function readUndelivered(parts: AdminParts): Promise<TodayWire['undelivered']> {
  const { count, oldest } = await parts.orders.admin.undelivered();
  if (oldest?.paidAt === undefined) return { count, oldest: null };
  const subscription = (await parts.subscriptions.ofPerson(oldest.personId)).find(
    ({ product }) => product === oldest.product,
  );
  const accounts = await parts.provisioning.accounts(
    subscription === undefined ? [] : [subscription.id],
  );
  const account = subscription === undefined ? undefined : accounts.get(subscription.id);
  return {
    count,
    oldest: {
      orderId: oldest.id,
      subscriptionId: subscription?.id ?? null,
      paidAt: oldest.paidAt.toISOString(),
      attempts: account?.attempts ?? 0,
      lastError: account?.lastError ?? null,
    },
  };
}

async function readProviders(parts: AdminParts, from: Date): Promise<ProviderHealth[]> {
  const [figures, breakers, off] = await Promise.all([
    parts.payments.admin.providers(parts.payments.offered, from),
    parts.breakers.read(parts.db.read),
    parts.payments.admin.switchedOff(),
  ]);
  return figures.map((each) => ({
    ...each,
    lastNoticeAt: iso(each.lastNoticeAt),
    oldestPendingAt: iso(each.oldestPendingAt),
    breaker: breakers.get(each.provider) ?? 'unknown',
    switchedOff: off.has(each.provider),
  }));
}

type ProviderHealth = TodayWire['providers'][number];

/** A day without anything is a zero, not a gap. */
function wholeSeries(
  days: readonly { day: string; value: string }[],
  from: Date,
): { day: string; value: string }[] {
  const known = new Map(days.map(({ day, value }) => [day, value]));
  return Array.from({ length: SERIES_DAYS }, (_, at) => {
    const day = new Date(from.getTime() + at * DAY_MS).toISOString().slice(0, 10);
    return { day, value: known.get(day) ?? '0' };
  });
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
