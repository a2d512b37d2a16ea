/** Collects the books of a drill that has come to rest: from the vendors' side and from ours. */
import { isCurrency, parseMajor } from '@opora/kernel';
import type { Ask } from '../ask-database.ts';
import type { Bill, Delivery, SimulatedWorld } from '../simulated-world.ts';
import type {
  Books,
  BotMessage,
  GrantRow,
  NoticeRow,
  OrderRow,
  PaymentRow,
  ProviderBooks,
  ProviderEntry,
  RefundRow,
  ToldRow,
  TransferRow,
  TurnRow,
} from './books.ts';
import { noticeKey } from './notice-keys.ts';

const CHATS_AT_ONCE = 16;

export async function collectBooks(deps: {
  world: SimulatedWorld;
  ask: Ask;
  chatIds: readonly number[];
  /** Whose books are compared with ours. */
  providers: readonly string[];
}): Promise<Books> {
  const { world, ask } = deps;
  const [providers, users, chats, ours] = await Promise.all([
    Promise.all(deps.providers.map((provider) => collectVendor(world, provider))),
    world.panelUsers(),
    collectChats(world, deps.chatIds),
    collectOurs(ask),
  ]);
  return {
    providers,
    panel: users.map(({ username, status, expireAt, shortUuid, creates }) => ({
      username,
      isOff: status === 'DISABLED',
      creates,
      shortId: shortUuid,
      expiresAtMs: Date.parse(expireAt),
    })),
    chats,
    ...ours,
  };
}

async function collectVendor(world: SimulatedWorld, name: string): Promise<ProviderBooks> {
  const till = world.till(name);
  const [bills, totals, notices] = await Promise.all([
    till.bills(),
    till.totals(),
    name === 'stars' ? collectCharges(world) : collectDeliveries(world, name),
  ]);
  return {
    name,
    payments: bills.map(entryOf),
    heldMinor: Object.fromEntries(
      Object.entries(totals).map(([currency, { taken, returned }]) => [
        currency,
        minorOf(taken, currency) - minorOf(returned, currency),
      ]),
    ),
    ...notices,
  };
}

type Notices = Pick<ProviderBooks, 'accepted' | 'deliveries'>;

/** What was not acknowledged proves nothing; one that was sent again was acknowledged again. */
async function collectDeliveries(world: SimulatedWorld, name: string): Promise<Notices> {
  const deliveries = await world.till(name).deliveries();
  return {
    deliveries: deliveries.reduce((sum, { tries }) => sum + tries, 0),
    accepted: deliveries.flatMap((delivery) => {
      const times = delivery.answers.filter((answer) => isTaken(delivery, answer)).length;
      if (times === 0) return [];
      const key = noticeKey(name, delivery);
      return Array.from({ length: times }, () => ({ key }));
    }),
  };
}

function isTaken({ accepts }: Delivery, answer: string): boolean {
  if (accepts === '2xx') return /^2\d\d$/.test(answer);
  return answer === (accepts === '200' ? accepts : `200 ${accepts.body}`);
}

/** Telegram tells of Stars in updates, and keeps one until the bot has taken it. */
async function collectCharges(world: SimulatedWorld): Promise<Notices> {
  const accepted = (await world.starsCharges()).flatMap(({ id, refundedAt }) => [
    { key: `${id}:successful_payment` },
    ...(refundedAt === undefined ? [] : [{ key: `${id}:refunded_payment` }]),
  ]);
  return { accepted, deliveries: accepted.length };
}

function entryOf({ id, reference, status, amount, taken }: Bill): ProviderEntry {
  const { value, currency } = amount;
  return {
    ...{ id, paymentId: reference, status, currency },
    amountMinor: minorOf(value, currency),
    takenMinor: minorOf(taken, currency),
  };
}

function minorOf(value: string, currency: string): bigint {
  if (!isCurrency(currency)) throw new Error(`the provider counts in ${currency}`);
  return parseMajor(value, currency).minor;
}

async function collectChats(
  world: SimulatedWorld,
  chatIds: readonly number[],
): Promise<BotMessage[]> {
  const rest = [...chatIds];
  const collected: BotMessage[] = [];
  const collector = async (): Promise<void> => {
    for (let id = rest.pop(); id !== undefined; id = rest.pop()) {
      const chatId = String(id);
      for (const { by, messageId, text } of await world.chat(id)) {
        if (by === 'bot') collected.push({ chatId, messageId: String(messageId), text });
      }
    }
  };
  await Promise.all(Array.from({ length: CHATS_AT_ONCE }, collector));
  return collected;
}

type Ours = Omit<Books, 'providers' | 'panel' | 'chats'>;
type Sum = { amountMinor: string };
type PaymentAsked = Omit<PaymentRow, 'amountMinor' | 'refundedMinor' | 'creditedMinor'> &
  Sum & { refundedMinor: string; creditedMinor: string };

async function collectOurs(ask: Ask): Promise<Ours> {
  const [money, access, notices, told] = await Promise.all([
    collectMoney(ask),
    collectAccess(ask),
    ask<NoticeRow>(`
      select provider, dedupe_key as "dedupeKey", state, outcome, receipts,
             (extract(epoch from last_received_at) * 1000)::float8 as "lastReceivedAtMs",
             (extract(epoch from judged_at) * 1000)::float8 as "judgedAtMs"
        from payment_notice`),
    ask<ToldRow>(`
      select m.key, m.state, m.sent_reference as "messageId", i.subject as "chatId"
        from message as m
        left join person_identity as i on i.person_id = m.person_id and i.provider = 'telegram'`),
  ]);
  return {
    ...money,
    ...access,
    notices: notices.map(({ outcome, judgedAtMs, ...row }) => ({
      ...row,
      outcome: outcome ?? undefined,
      judgedAtMs: judgedAtMs ?? undefined,
    })),
    told,
  };
}

async function collectMoney(ask: Ask) {
  const [orders, payments, transfers, accounts, refunds, aside] = await Promise.all([
    ask<Omit<OrderRow, 'amountMinor'> & Sum>(`
      select o.id, kind, person_id as "personId", product, state, amount_minor as "amountMinor",
             currency, coalesce(v.term_days, 0) as "termDays", payment_id as "paymentId",
             (extract(epoch from paid_at) * 1000)::float8 as "paidAtMs",
             disputed_at is not null as "isDisputed"
        from customer_order as o left join plan_version as v on v.id = o.plan_version_id`),
    ask<PaymentAsked>(`
      select id, order_id as "orderId", person_id as "personId", provider, state,
             settled_at is not null as "isSettled", amount_minor as "amountMinor",
             refunded_minor as "refundedMinor", credited_minor as "creditedMinor", currency,
             second_of as "secondOf"
        from payment`),
    ask<Omit<TransferRow, 'amountMinor'> & Sum>(`
      select id, debit, credit, amount_minor as "amountMinor", currency, kind, reference
        from ledger_transfer`),
    ask<{ code: string; currency: string }>('select code, currency from ledger_account'),
    ask<Omit<RefundRow, 'amountMinor'> & Sum>(`
      select payment_id as "paymentId", amount_minor as "amountMinor", target
        from refund where state = 'refunded'`),
    ask<{ id: string }>(
      "select distinct payment_id as id from payment_event where kind = 'quarantined'",
    ),
  ]);
  return {
    orders: orders.map(inMinor).map(({ paidAtMs, paymentId, ...row }) => ({
      ...row,
      paidAtMs: paidAtMs ?? undefined,
      paymentId: paymentId ?? undefined,
    })),
    payments: payments.map(inMinor).map(({ refundedMinor, creditedMinor, secondOf, ...row }) => ({
      ...row,
      refundedMinor: BigInt(refundedMinor),
      creditedMinor: BigInt(creditedMinor),
      secondOf: secondOf ?? undefined,
    })),
    setAside: aside.map(({ id }) => id),
    transfers: transfers.map(inMinor),
    accounts: Object.fromEntries(accounts.map(({ code, currency }) => [code, currency])),
    refunds: refunds.map(inMinor),
  };
}

async function collectAccess(ask: Ask) {
  const [grants, turns, deliveries] = await Promise.all([
    ask<GrantRow>(`
      select order_id as "orderId", subscription_id as "subscriptionId", revision
        from subscription_grant where kind = 'order'`),
    ask<TurnRow>(`
      select kind, subscription_id as "subscriptionId", revision, of_revision as "ofRevision",
             (extract(epoch from ends_at - starts_at) * 1000)::float8 as "lengthMs",
             (extract(epoch from created_at) * 1000)::float8 as "atMs"
        from subscription_grant where kind in ('withdraw', 'restore')`),
    ask<{ id: string }>('select order_id as id from delivery where order_id is not null'),
  ]);
  return { grants, turns, deliveries: deliveries.map(({ id }) => id) };
}

function inMinor<Row extends Sum>(row: Row): Omit<Row, 'amountMinor'> & { amountMinor: bigint } {
  return { ...row, amountMinor: BigInt(row.amountMinor) };
}
