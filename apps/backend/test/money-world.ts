/** The business over a real database, with a provider in memory: what money tests act in. */
import { money, Secret, type Money } from '@opora/kernel';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { createAudit, type Audit } from '../src/modules/audit/index.ts';
import { createCatalog, type Catalog } from '../src/modules/catalog/index.ts';
import { createLedger, type Ledger } from '../src/modules/ledger/index.ts';
import { createOrders, type Order, type Orders } from '../src/modules/orders/index.ts';
import {
  createPayments,
  type MethodToken,
  type Payment,
  type PaymentProvider,
  type Payments,
  type ProviderId,
  PAYMENTS_SEALED,
} from '../src/modules/payments/index.ts';
import {
  createRenewals,
  createSubscriptions,
  type AccessPolicy,
  type Subscriptions,
} from '../src/modules/subscriptions/index.ts';
import { sql } from '../src/platform/db/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createJobs, type Jobs } from '../src/platform/jobs/index.ts';
import { createSealing, readSealingKeys } from '../src/platform/sealing/index.ts';
import { createReactions } from '../src/reactions/index.ts';
import { cloneDatabase, quietLog, silentBell, type TestDatabase } from './database.ts';
import { ScriptedProvider } from './scripted-provider.ts';

export const PRICE = money(19_900n, 'RUB');
/** Up to it one member of staff enters a payment by hand. */
export const HAND_LIMIT = money(50_000n, 'RUB');
const PRODUCT = 'vpn';

/** Opens what this run sealed. */
export const testSealing = createSealing(
  readSealingKeys(new Secret(`test:${Buffer.alloc(32, 7).toString('base64')}`)),
  PAYMENTS_SEALED,
);

/** What a vendor saves: its token is the one the provider in memory takes. */
export const savedMethod = (): MethodToken => ({
  token: new Secret('token-1'),
  title: '•• 4477',
  expiresAt: undefined,
});

export type MoneyWorld = TestDatabase &
  Readonly<{
    clock: ManualClock;
    provider: ScriptedProvider;
    jobs: Jobs;
    audit: Audit;
    catalog: Catalog;
    ledger: Ledger;
    orders: Orders;
    payments: Payments;
    subscriptions: Subscriptions;
    placeOrder(personId?: string): Promise<Order>;
    /** An order with a started payment; the provider says `pending`. */
    startPayment(order?: Order): Promise<Payment & { reference: string }>;
    /** One notice through the door; the answer's status. */
    notify(reference: string, event?: string): Promise<number>;
    /** Waiting jobs of a task, as payloads. */
    jobsOf(task: string): Promise<Record<string, unknown>[]>;
    /** Debits minus credits per kind of account, and the sum over all. */
    books(): Promise<{ clearing: bigint; customers: bigint; sales: bigint; sum: bigint }>;
    notices(): Promise<{ event: string; state: string; outcome: string | null }[]>;
    /** Makes everything that waits for a date due now. */
    everythingDue(): Promise<void>;
  }>;

/** The policy of the tests' product unless they say otherwise. */
export const POLICY: AccessPolicy = { onRefund: 'immediately', onDispute: 'immediately' };

/** `other` is a second provider beside the one in memory; its test objects count. */
export async function createMoneyWorld(
  connections?: number,
  other?: PaymentProvider,
  rules: Readonly<{
    policy?: AccessPolicy;
    isResting?: (provider: ProviderId) => boolean;
    /** Receipts go with payments and refunds, to this mailbox. */
    receiptsTo?: string;
    /** The mailboxes people have. */
    emails?: ReadonlyMap<string, string>;
    isBanned?: (personId: string) => boolean;
  }> = {},
): Promise<MoneyWorld> {
  const {
    policy = POLICY,
    isResting = () => false,
    receiptsTo,
    isBanned = () => false,
    emails,
  } = rules;
  const base = await cloneDatabase(connections);
  const { db } = base;
  const clock = createManualClock();
  const provider = new ScriptedProvider(other?.id === 'yookassa' ? 'tkassa' : 'yookassa');
  const jobs = createJobs({ doorbell: silentBell });
  const audit = createAudit({ db, clock, ids: systemIds });
  const common = { db, clock, ids: systemIds, audit };
  const catalog = createCatalog(common);
  await catalog.seed(PRODUCT, [
    {
      code: 'month',
      title: { ru: 'Месяц', en: 'Month' },
      termDays: 30,
      devices: 3,
      trafficBytes: 0n,
      prices: [PRICE],
    },
  ]);
  const plan = await catalog.byCode(PRODUCT, 'month');
  const ledger = createLedger();
  const orders = createOrders(common);
  const { publish } = createReactions({ jobs, log: quietLog(), now: () => clock.now() });
  const describe = () => Promise.resolve({ description: 'Month', language: 'en' as const });
  const payments = createPayments({
    ...common,
    log: quietLog(),
    orders,
    ledger,
    providers: new Map(
      [provider, ...(other === undefined ? [] : [other])].map((one) => [one.id, one]),
    ),
    handLimits: [HAND_LIMIT],
    acceptsTest: other !== undefined,
    schedule: { baseSeconds: 30, capSeconds: 3600 },
    receipts: { enabled: receiptsTo !== undefined, email: receiptsTo, vatCode: 1, taxSystem: 2 },
    emailOf: (personId) => Promise.resolve(emails?.get(personId)),
    returnUrl: () => 'https://shop.test',
    isResting,
    describe,
    publish,
    sealing: testSealing,
    doorbell: silentBell,
    counted: () => undefined,
  });
  const renewals = createRenewals({
    ...{ ...common, log: quietLog(), catalog, orders, payments, describe, publish },
    isBanned: (personId) => Promise.resolve(isBanned(personId)),
  });
  const subscriptions = createSubscriptions({
    ...{ ...common, catalog, orders, renewals, policy, publish },
  });

  const placeOrder = (personId = systemIds.next('per')): Promise<Order> =>
    orders.place({ personId, product: PRODUCT, planVersionId: plan.versionId, amount: PRICE });

  return {
    ...base,
    clock,
    provider,
    jobs,
    audit,
    catalog,
    ledger,
    orders,
    payments,
    subscriptions,
    placeOrder,
    async startPayment(order) {
      const payment = await payments.start({
        orderId: (order ?? (await placeOrder())).id,
        provider: provider.id,
        language: 'en',
        description: 'Month',
      });
      return { ...payment, reference: payment.reference ?? '' };
    },
    async notify(reference, event = 'payment.succeeded') {
      const answer = await payments.accept(provider.id, {
        method: 'POST',
        query: '',
        headers: { 'content-type': 'application/json', quote: `"it's" {a,b} \\ ` },
        body: Buffer.from(`${event} ${reference}`),
        remoteAddress: '127.0.0.1',
        receivedAt: clock.now(),
      });
      return answer.status;
    },
    async jobsOf(task) {
      const { rows } = await sql<{ payload: Record<string, unknown> }>`
        select payload from graphile_worker._private_jobs as job
          join graphile_worker._private_tasks as task on task.id = job.task_id
         where task.identifier = ${task} order by job.id`.execute(db.read);
      return rows.map(({ payload }) => payload);
    },
    async books() {
      const sums = { clearing: 0n, customers: 0n, sales: 0n, sum: 0n };
      for (const { code, minor } of await ledger.trialBalance(db.read)) {
        if (code.startsWith('clearing:')) sums.clearing += minor;
        else if (code.startsWith('customer:')) sums.customers += minor;
        else if (code.startsWith('sales:')) sums.sales += minor;
        sums.sum += minor;
      }
      return sums;
    },
    async notices() {
      const { rows } = await sql<{ event: string; state: string; outcome: string | null }>`
        select event, state, outcome from payment_notice order by id`.execute(db.read);
      return rows;
    },
    async everythingDue() {
      await sql`update payment_notice set due_at = now(), lease_until = null
        where state = 'waiting'`.execute(db.read);
      await sql`update payment set next_check_at = now() where next_check_at is not null`.execute(
        db.read,
      );
      await sql`update refund set next_try_at = now() where next_try_at is not null`.execute(
        db.read,
      );
    },
  };
}

/** What the books say when these payments were sold and these refunded. */
export function booksOf(sold: Money, onBalance: Money = money(0n, 'RUB')) {
  return {
    clearing: sold.minor + onBalance.minor,
    customers: -onBalance.minor,
    sales: -sold.minor,
    sum: 0n,
  };
}
