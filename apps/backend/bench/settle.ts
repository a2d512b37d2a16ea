/**
 * The worker's way with waiting notices (claim, ask a provider that answers at once, apply) until
 * none waits, against pgbench running the statements it really ran, one payment a transaction. Its
 * clients never meet: each claims its own notices by their ids and no other's rows.
 */
import { money } from '@opora/kernel';
import { createPayments, type PaymentProvider } from '../src/modules/payments/index.ts';
import { systemIds } from '../src/platform/ids/index.ts';
import { createReactions } from '../src/reactions/index.ts';
import { CLIENTS, openCeiling, type Script } from './tools/ceiling.ts';
import { p99 } from './tools/latency.ts';
import { asScript, record } from './tools/record.ts';
import { inTurns, type Result } from './tools/rounds.ts';
import { nextTurn, SAMPLE, UNIQUE_DIGITS } from './tools/unique.ts';
import type { World } from './tools/world.ts';
import { TARGETS } from './targets.ts';

const PAYMENTS = 6_000;
const TRANSACTIONS_PER_CLIENT = PAYMENTS / CLIENTS;
const NOTICES_PER_CLAIM = 64;
const PRICE = money(49_900n, 'RUB');
const REFERENCE = '2e7a1c3d-000f-5000-9000-';
const ID_ZEROS = '0'.repeat(UNIQUE_DIGITS);

export async function benchSettle(world: World): Promise<Result[]> {
  const ceiling = openCeiling(world.url, world.config.home);
  const payments = paymentsWith(world, quickProvider());
  const script = await recordedScript(world, payments);
  const about = {
    name: 'settle',
    target: TARGETS.settle,
    note: `ceiling: ${ceiling.name}, the same ${String(script.statements.length)} statements for one payment a transaction`,
  };
  return [
    await inTurns(about, {
      async ours() {
        await fill(world, nextTurn(), PAYMENTS);
        const since = performance.now();
        const waits: number[] = [];
        let judged = 0;
        for (let taken = 1; taken > 0; judged += taken) {
          const claimedAt = performance.now();
          taken = await payments.judgeNotices();
          // Each payment of a claim waited as long as all of it.
          waits.push(...Array<number>(taken).fill(performance.now() - claimedAt));
        }
        const seconds = (performance.now() - since) / 1000;
        await assertSettled(world, judged);
        return { perSecond: judged / seconds, p99Ms: p99(waits) };
      },
      async ceiling() {
        const firstNumber = nextTurn();
        await fill(world, firstNumber, PAYMENTS);
        const timed = await ceiling.run(script, {
          transactionsPerClient: TRANSACTIONS_PER_CLIENT,
          firstNumber,
        });
        await assertSettled(world, PAYMENTS);
        return timed;
      },
    }),
  ];
}

function paymentsWith(world: World, provider: PaymentProvider) {
  const { parts } = world;
  return createPayments({
    ...parts,
    ids: systemIds,
    providers: new Map([[provider.id, provider]]),
    acceptsTest: true,
    handLimits: [],
    schedule: { baseSeconds: 30, capSeconds: 3600 },
    emailOf: () => Promise.resolve(undefined),
    receipts: world.config.yookassa.receipts,
    returnUrl: () => world.config.webUrl,
    isResting: () => false,
    describe: async () => ({ description: 'bench', language: 'en' }),
    publish: createReactions({ ...parts, now: () => parts.clock.now() }).publish,
    doorbell: parts.noticeBell,
    counted: () => undefined,
  });
}

/** Says of every payment that its money is here; everything else is not asked in this benchmark. */
function quickProvider(): PaymentProvider {
  const notAsked = (): never => {
    throw new Error('not part of the benchmark');
  };
  return {
    id: 'yookassa',
    capabilities: {
      currencies: ['RUB'],
      webhookProof: 'lookup',
      capture: false,
      cancel: false,
      refunds: 'none',
      lists: false,
      savedMethods: 'none',
    },
    lookup: async (reference) => ({
      reference,
      state: 'settled',
      amount: PRICE,
      refunded: money(0n, 'RUB'),
      paymentId: `pay_${ID_ZEROS}${reference.slice(REFERENCE.length)}`,
      reason: undefined,
      createdAt: new Date(),
      isTest: true,
    }),
    start: notAsked,
    verify: notAsked,
    acknowledge: notAsked,
    list: notAsked,
    capture: notAsked,
    cancel: notAsked,
    refund: notAsked,
    charge: notAsked,
  };
}

/** One payment judged as the worker does it, statement by statement. */
async function recordedScript(
  world: World,
  payments: ReturnType<typeof paymentsWith>,
): Promise<Script> {
  await fill(world, SAMPLE, 1);
  const [claim, ...rest] = await record(world.parts.db.pool, () => payments.judgeNotices());
  if (claim === undefined || !claim.values.includes(NOTICES_PER_CLAIM)) {
    throw new Error('the claim of notices is not the first statement any more');
  }
  const own = `and id = $${String(claim.values.length + 1)} order by due_at`;
  const one = {
    text: claim.text.replace('order by due_at', own),
    values: [
      ...claim.values.map((value) => (value === NOTICES_PER_CLAIM ? 1 : value)),
      `ntc_${ID_ZEROS}${String(SAMPLE)}`,
    ],
  };
  return { statements: [one, ...rest].map(asScript) };
}

/** Empties the tables and puts `count` payments with a waiting notice each into them. */
async function fill(world: World, first: number, count: number): Promise<void> {
  const numbers = `generate_series(${String(first)}, ${String(first + count - 1)}) as n`;
  const id = (prefix: string): string => `'${prefix}_${ID_ZEROS}' || n`;
  const statements = [
    `truncate payment, payment_notice, payment_event, customer_order, ledger_transfer,
       ledger_account, graphile_worker._private_jobs`,
    `insert into customer_order
       (id, person_id, product, plan_version_id, amount_minor, currency, created_at, expires_at)
     select ${id('ord')}, ${id('per')}, '2getpro', 'plv_bench', ${PRICE.minor.toString()},
            'RUB', now(), now() + interval '1 hour' from ${numbers}`,
    `insert into payment (id, order_id, person_id, provider, reference, state, amount_minor,
                          currency, created_at, next_check_at)
     select ${id('pay')}, ${id('ord')}, ${id('per')}, 'yookassa', '${REFERENCE}' || n, 'pending',
            ${PRICE.minor.toString()}, 'RUB', now(), now() + interval '1 hour' from ${numbers}`,
    `insert into payment_notice
       (id, provider, dedupe_key, event, reference, confirmed, headers, query, body,
        remote_address, first_received_at, last_received_at, due_at)
     select ${id('ntc')}, 'yookassa', n || ':payment.succeeded:succeeded', 'payment.succeeded',
            '${REFERENCE}' || n, false, '{}', '', convert_to(repeat('b', 700), 'UTF8'),
            '127.0.0.1', now(), now(), now() from ${numbers}`,
    'vacuum analyze',
    'checkpoint',
  ];
  for (const statement of statements) await world.admin(statement);
}

/** A quick way of settling nothing is no figure. */
async function assertSettled(world: World, expected: number): Promise<void> {
  const { rows } = await world.admin(
    `select (select count(*) from payment where state = 'settled') as payments,
            (select count(*) from customer_order where state = 'paid') as orders,
            (select count(*) from ledger_transfer where kind = 'sale') as sales,
            (select count(*) from payment_notice where state = 'done') as notices,
            (select count(*) from graphile_worker._private_jobs) / 2 as jobs`,
  );
  const counts = rows[0] as Record<string, string>; // one row of counts, as text
  if (Object.values(counts).every((count) => Number(count) === expected)) return;
  throw new Error(`expected ${String(expected)} of each: ${JSON.stringify(counts)}`);
}
