/** The lists stay quick when the tables are long: each walks its index, which PostgreSQL itself says. */
import { createManualClock } from '@opora/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, quietLog, type TestDatabase } from '../../../test/database.ts';
import { createDatabase } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createAudit } from '../audit/index.ts';
import { createIdentityAdmin } from '../identity/admin.ts';
import { ledgerAdmin } from '../ledger/admin.ts';
import { createOrdersAdmin } from '../orders/admin.ts';
import { createPaymentsAdmin } from '../payments/admin.ts';
import { createSubscriptionsAdmin } from '../subscriptions/admin.ts';

const ROWS = 20_000;
const MIDDLE = new Date('2026-01-07T00:00:00Z');
const PAGE = { after: { at: MIDDLE, id: 'x' }, limit: 50 };
const SPAN = { from: MIDDLE, to: new Date('2026-01-08T00:00:00Z') };
/** Each statement of the session tells its plan in a notice. */
const EXPLAINING = [
  'session_preload_libraries=auto_explain',
  'auto_explain.log_min_duration=0',
  'client_min_messages=log',
];

let base: TestDatabase;
let parts: Parts;
const explained: string[] = [];

beforeAll(async () => {
  base = await cloneDatabase(2);
  await asOwner(base.ownerUrl, async (client) => {
    for (const statement of FILL) await client.query(statement);
    // What is fresh in the index of names is read one by one until a vacuum sorts it in.
    await client.query('vacuum analyze');
  });
  parts = openExplaining();
});
afterAll(async () => {
  await parts.db.close();
  await base.close();
});

type Parts = ReturnType<typeof openExplaining>;

function openExplaining() {
  const clock = createManualClock('2026-01-20T00:00:00.000Z');
  const url = new URL(base.ownerUrl);
  url.searchParams.set('options', EXPLAINING.map((setting) => `-c ${setting}`).join(' '));
  const common = { clock, ids: systemIds };
  const db = createDatabase({ ...common, url: url.href, max: 2, name: 'test', log: quietLog() });
  db.pool.on('connect', (client) => {
    client.on('notice', ({ message }) => explained.push(message ?? ''));
  });
  return {
    db,
    audit: createAudit({ ...common, db }),
    orders: createOrdersAdmin({ db, clock }),
    payments: createPaymentsAdmin(db),
    people: createIdentityAdmin(db),
    subscriptions: createSubscriptionsAdmin({ db, clock }),
  };
}

const id = (prefix: string) =>
  `'${prefix}_' || lpad(n::text, 20, '0') || substr(md5(n::text), 1, 6)`;
const at = `timestamptz '2026-01-01Z' + n * interval '1 minute'`;
const rows = `from generate_series(1, ${String(ROWS)}) as n`;

const FILL = [
  `insert into person (id, name, language, state, created_at)
   select ${id('per')}, 'Person ' || md5(n::text), 'en',
          case when n % 500 = 0 then 'banned' else 'active' end, ${at} ${rows}`,
  `insert into person_identity (provider, subject, person_id, username, created_at)
   select 'telegram', n::text, ${id('per')}, 'user' || n, ${at} ${rows}`,
  `insert into person_email (address, person_id, display, confirmed_at)
   select 'p' || n || '@example.com', ${id('per')}, 'p' || n || '@example.com', ${at} ${rows}`,
  `insert into customer_order (id, person_id, product, plan_version_id, amount_minor, currency, state,
                               payment_id, created_at, expires_at, paid_at, delivered_at)
   select ${id('ord')}, ${id('per')}, 'vpn', 'plv', 100, 'RUB', 'paid', ${id('pay')}, ${at}, ${at},
          ${at}, case when n % 1000 = 0 then null else ${at} end ${rows}`,
  `insert into payment (id, order_id, person_id, provider, reference, state, amount_minor, currency,
                        created_at, settled_at)
   select ${id('pay')}, ${id('ord')}, ${id('per')}, 'yookassa', 'ref-' || n,
          case when n % 500 = 0 then 'failed' else 'settled' end, 100, 'RUB', ${at},
          case when n % 500 = 0 then null else ${at} end ${rows}`,
  `insert into payment_notice (id, provider, dedupe_key, event, reference, confirmed, headers, query,
                               body, remote_address, state, outcome, first_received_at,
                               last_received_at, due_at)
   select ${id('ntc')}, 'yookassa', n::text, 'payment.succeeded', 'ref-' || n, false, '{}', '', '',
          '127.0.0.1', case when n % 500 = 0 then 'quarantined' else 'done' end, 'moved', ${at}, ${at},
          ${at} ${rows}`,
  `insert into ledger_transfer (id, debit, credit, amount_minor, currency, kind, reference, posted_at)
   select 't' || n, 'clearing:yookassa:RUB', 'customer:' || n || ':RUB', 100, 'RUB', 'payment',
          ${id('pay')}, ${at} ${rows}`,
  `insert into subscription (id, person_id, product, plan_version_id, expires_at, revision,
                             delivered_revision, delivery_since, created_at)
   select ${id('sub')}, ${id('per')}, 'vpn', 'plv', ${at}, 2, case when n % 1000 = 0 then 1 else 2 end,
          ${at}, ${at} ${rows}`,
  `insert into audit_entry (id, at, actor_id, actor_name, act, subject_kind, subject_id, result)
   select ${id('aud')}, ${at}, 'per', 'Owner', 'people.ban', 'person', ${id('per')}, 'done' ${rows}`,
];

/** Each list of staff as it really asks, and the index that must carry it. */
const LISTS: readonly (readonly [string, (parts: Parts) => Promise<unknown>, string])[] = [
  ['payments', ({ payments }) => payments.list({}, PAGE), 'payment_created_idx'],
  [
    'payments of a rare state',
    ({ payments }) => payments.list({ state: 'failed' }, PAGE),
    'payment_state_idx',
  ],
  ['money of a day', ({ payments }) => payments.moneyIn(SPAN), 'payment_settled_idx'],
  [
    'a payment by the id of the provider',
    ({ payments }) => payments.find('ref-77', 20),
    'payment_vendor_reference_idx',
  ],
  ['notices', ({ payments }) => payments.notices({}, PAGE), 'payment_notice_received_idx'],
  [
    'quarantined notices',
    ({ payments }) => payments.notices({ state: 'quarantined' }, PAGE),
    'payment_notice_quarantined_idx',
  ],
  ['orders', ({ orders }) => orders.list({}, PAGE), 'customer_order_created_idx'],
  ['undelivered orders', ({ orders }) => orders.undelivered(), 'customer_order_undelivered_idx'],
  [
    'an order by its last six characters',
    ({ orders }) => orders.find('d3d944', 20),
    'customer_order_short_id_idx',
  ],
  ['people', ({ people }) => people.list({}, PAGE), 'person_created_idx'],
  [
    'a person by a part of the name',
    ({ people }) => people.find('d3d944', 20),
    'person_name_trgm_idx',
  ],
  ['transfers', ({ db }) => ledgerAdmin.transfers(db.read, {}, PAGE), 'ledger_transfer_posted_idx'],
  [
    'transfers of an account',
    ({ db }) => ledgerAdmin.transfers(db.read, { account: 'clearing:yookassa:RUB' }, PAGE),
    'ledger_transfer_credit_idx',
  ],
  [
    'subscriptions',
    ({ subscriptions }) => subscriptions.list({}, PAGE),
    'subscription_created_idx',
  ],
  [
    'what the panel lacks',
    ({ subscriptions }) => subscriptions.byDelivery({ state: 'waiting' }, PAGE),
    'subscription_behind_idx',
  ],
  ['the audit log', ({ audit }) => audit.list({}, PAGE), 'audit_entry_at_idx'],
];

describe('PostgreSQL', () => {
  it.each(LISTS)('finds %s along an index', async (_name, ask, index) => {
    explained.length = 0;
    await ask(parts);
    const plans = explained.join('\n');
    expect(plans).toContain(index);
    expect(plans).not.toMatch(/Seq Scan on (?!payment_refusal|refund)/);
  });
});
