import { Readable } from 'node:stream';
import {
  API,
  EXPORT_ROWS_MAX,
  moneyFromWire,
  type MoneyWire,
  type AuditWire,
  type OrderRow,
  type PaymentRow,
  type PersonRow,
  type TransferRow,
} from '@opora/contracts';
import { formatMajor } from '@opora/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { serveMedia, type App } from '../../../platform/http/index.ts';
import { pageWish, type Page, type PageWish } from '../../../platform/db/index.ts';
import type { AuditEntry } from '../../audit/index.ts';
import type { PersonListed } from '../../identity/index.ts';
import type { TransferListed } from '../../ledger/index.ts';
import { BOM, csvLine, type Cell } from '../csv.ts';
import type { AdminParts } from '../deps.ts';
import { createRows } from '../rows.ts';
import { searchPeople } from '../search.ts';
import { transferFilter, transferRow } from './books.ts';
import { auditWire, personRows } from './people.ts';
import { period } from './query.ts';
import { orderFilter } from './sales.ts';

/** Rows read at once: a file of any length costs the memory of so many. */
const BATCH = 500;

type ExportCall = Readonly<{
  query: Readonly<Record<string, unknown>>;
  reply: FastifyReply;
  request: FastifyRequest;
}>;

/** The lists as files: the same filters, the same rows, written while they are read. */
export function exportRoutes(parts: AdminParts) {
  const rows = createRows(parts);
  return (app: App): void => {
    serveMedia(app, API.payments.export, (call) => {
      const { query } = call;
      const filter = { ...period(query), provider: query.provider, state: query.state };
      const list = (page: PageWish) => parts.payments.admin.list(filter, page);
      return answer(parts, call, 'payments', lines(PAYMENT_COLUMNS, list, rows.payments));
    });
    serveMedia(app, API.orders.export, (call) => {
      const filter = orderFilter(call.query);
      const list = (page: PageWish) => parts.orders.admin.list(filter, page);
      return answer(parts, call, 'orders', lines(ORDER_COLUMNS, list, rows.orders));
    });
    serveMedia(app, API.people.export, async (call) => {
      const { q, state } = call.query;
      const ids = q === undefined ? undefined : await searchPeople(parts, q);
      const list = (page: PageWish) => parts.identity.admin.list({ ids, state }, page);
      const present = (people: readonly PersonListed[]) => personRows(parts, call.request, people);
      return answer(parts, call, 'people', lines(PERSON_COLUMNS, list, present));
    });
    bookExports(parts)(app);
  };
}

/** The books as files: for the accountant, and to be kept elsewhere. */
function bookExports(parts: AdminParts) {
  return (app: App): void => {
    serveMedia(app, API.ledger.export, (call) => {
      const filter = transferFilter(call.query);
      const list = (page: PageWish) => parts.ledger.admin.transfers(parts.db.read, filter, page);
      const present = async (found: readonly TransferListed[]) => found.map(transferRow);
      return answer(parts, call, 'transfers', lines(TRANSFER_COLUMNS, list, present));
    });
    serveMedia(app, API.audit.export, (call) => {
      const { actorId, act, subjectId } = call.query;
      const filter = { ...period(call.query), actorId, act, subjectId };
      const list = (page: PageWish) => parts.audit.list(filter, page);
      const present = async (entries: readonly AuditEntry[]) => entries.map(auditWire);
      return answer(parts, call, 'audit', lines(AUDIT_COLUMNS, list, present));
    });
  };
}

/** Who took which rows stands in the audit log before the first of them leaves. */
async function answer(
  { audit, clock, db }: AdminParts,
  { query, reply, request }: ExportCall,
  name: string,
  content: AsyncIterable<string>,
) {
  const asked = Object.entries(query).map(([key, value]) => [key, String(value)] as const);
  await audit.record(db.read, {
    actor: request.staff.actor,
    act: `exports.${name}`,
    subject: { kind: 'list', id: name },
    after: Object.fromEntries(asked),
  });
  const day = clock.now().toISOString().slice(0, 10);
  return reply
    .type('text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}-${day}.csv"`)
    .send(Readable.from(content));
}

type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

async function* lines<Fact, Row>(
  columns: Columns<Row>,
  list: (page: PageWish) => Promise<Page<Fact>>,
  present: (facts: readonly Fact[]) => Promise<Row[]>,
): AsyncGenerator<string> {
  yield BOM + csvLine(Object.keys(columns));
  let after: string | undefined;
  for (let written = 0; written < EXPORT_ROWS_MAX; written += BATCH) {
    const { items, older } = await list(pageWish({ after, limit: BATCH }));
    const shown = await present(items);
    yield shown.map((row) => csvLine(Object.values(columns).map((read) => read(row)))).join('');
    if (older === null) return;
    after = older;
  }
  // A file that was cut must not look like a whole one.
  yield csvLine([`only the newest ${String(EXPORT_ROWS_MAX)} rows; choose a shorter period`]);
}

function major(wire: MoneyWire): Cell {
  return { number: formatMajor(moneyFromWire(wire)) };
}

const PAYMENT_COLUMNS: Columns<PaymentRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  order: ({ orderId }) => orderId,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  provider: ({ provider }) => provider,
  reference: ({ reference }) => reference,
  amount: ({ amount }) => major(amount),
  refunded: ({ refunded }) => major(refunded),
  currency: ({ amount }) => amount.currency,
  state: ({ state }) => state,
  reason: (row) => row.reason,
  settled: ({ settledAt }) => settledAt,
};

const ORDER_COLUMNS: Columns<OrderRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  person: ({ person }) => person.id,
  name: ({ person }) => person.name,
  telegram: ({ person }) => person.telegramUsername,
  kind: ({ kind }) => kind,
  plan: ({ plan }) => plan?.code ?? null,
  version: ({ plan }) => (plan === null ? null : { number: String(plan.version) }),
  amount: ({ amount }) => major(amount),
  currency: ({ amount }) => amount.currency,
  state: ({ state }) => state,
  paid: ({ paidAt }) => paidAt,
  delivered: ({ deliveredAt }) => deliveredAt,
};

const PERSON_COLUMNS: Columns<PersonRow> = {
  id: ({ id }) => id,
  created: ({ createdAt }) => createdAt,
  name: ({ name }) => name,
  telegram: ({ telegramUsername }) => telegramUsername,
  email: ({ email }) => email,
  language: ({ language }) => language,
  state: ({ state }) => state,
  subscription: ({ subscription }) => subscription?.state ?? null,
  until: ({ subscription }) => subscription?.endsAt ?? null,
};

const TRANSFER_COLUMNS: Columns<TransferRow> = {
  id: ({ id }) => id,
  posted: ({ postedAt }) => postedAt,
  debit: ({ debit }) => debit,
  credit: ({ credit }) => credit,
  amount: ({ amount }) => major(amount),
  currency: ({ amount }) => amount.currency,
  kind: ({ kind }) => kind,
  reference: ({ reference }) => reference,
};

const AUDIT_COLUMNS: Columns<AuditWire> = {
  id: ({ id }) => id,
  at: ({ at }) => at,
  actor: ({ actor }) => actor.id,
  name: ({ actor }) => actor.name,
  act: ({ act }) => act,
  result: ({ result }) => result,
  subject: ({ subjectId }) => subjectId,
  reason: (row) => row.reason,
  before: ({ before }) => (before === null ? null : JSON.stringify(before)),
  after: ({ after }) => (after === null ? null : JSON.stringify(after)),
  address: ({ remoteAddress }) => remoteAddress,
};
