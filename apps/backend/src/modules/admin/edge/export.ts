/** The lists as files: the same filters, the same rows, written while they are read. */
import { Readable } from 'node:stream';
import { API, EXPORT_ROWS_MAX } from '@opora/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { pageWish, type Page, type PageWish } from '../../../platform/db/index.ts';
import { serveMedia, type App } from '../../../platform/http/index.ts';
import type { PersonListed } from '../../identity/index.ts';
import { BOM, csvLine } from '../csv.ts';
import type { AdminParts } from '../deps.ts';
import { differenceRow, runRow } from '../differences.ts';
import { refusalRow } from '../refusals.ts';
import { createRows } from '../rows.ts';
import { searchPeople } from '../search.ts';
import { deliveryFilter, subscriptionFilter, transferFilter, transferRow } from './books.ts';
import { columns, type Columns } from './export-columns.ts';
import { auditWire, personRows } from './people.ts';
import { period } from './query.ts';
import { noticeRow, orderFilter } from './sales.ts';

/** Rows read at once: a file of any length costs the memory of so many. */
const BATCH = 500;

type ExportCall = Readonly<{
  query: Readonly<Record<string, unknown>>;
  reply: FastifyReply;
  request: FastifyRequest;
}>;

/** One file for each list of staff that goes by pages. */
export function exportRoutes(parts: AdminParts) {
  return (app: App): void => {
    saleFiles(parts)(app);
    noticeFiles(parts)(app);
    accessFiles(parts)(app);
    bookFiles(parts)(app);
  };
}

function saleFiles(parts: AdminParts) {
  const { orders, payments } = parts;
  const rows = createRows(parts);
  return (app: App): void => {
    serveMedia(app, API.payments.export, (call) => {
      const { provider, state } = call.query;
      const filter = { ...period(call.query), provider, state };
      const list = (page: PageWish) => payments.admin.list(filter, page);
      return answer(parts, call, 'payments', lines(columns.payments, list, rows.payments));
    });
    serveMedia(app, API.orders.export, (call) => {
      const filter = orderFilter(call.query);
      const list = (page: PageWish) => orders.admin.list(filter, page);
      return answer(parts, call, 'orders', lines(columns.orders, list, rows.orders));
    });
  };
}

/** What providers sent: taken, and turned away at the door. Their bodies are read one by one, on the page. */
function noticeFiles(parts: AdminParts) {
  const { payments } = parts;
  return (app: App): void => {
    serveMedia(app, API.notices.export, (call) => {
      const { provider, state } = call.query;
      const filter = { ...period(call.query), provider, state };
      const list = (page: PageWish) => payments.admin.notices(filter, page);
      return answer(parts, call, 'notices', lines(columns.notices, list, each(noticeRow)));
    });
    serveMedia(app, API.notices.exportRefusals, (call) => {
      const { provider, reason } = call.query;
      const filter = { ...period(call.query), provider, reason };
      const list = (page: PageWish) => payments.admin.refusals(filter, page);
      return answer(parts, call, 'refusals', lines(columns.refusals, list, each(refusalRow)));
    });
  };
}

function accessFiles(parts: AdminParts) {
  const { clock, identity, subscriptions } = parts;
  const rows = createRows(parts);
  return (app: App): void => {
    serveMedia(app, API.people.export, async (call) => {
      const { q, state } = call.query;
      const ids = q === undefined ? undefined : await searchPeople(parts, q);
      const list = (page: PageWish) => identity.admin.list({ ids, state }, page);
      const present = (people: readonly PersonListed[]) => personRows(parts, call.request, people);
      return answer(parts, call, 'people', lines(columns.people, list, present));
    });
    serveMedia(app, API.subscriptions.export, (call) => {
      const filter = subscriptionFilter(call.query, clock.now());
      const list = (page: PageWish) => subscriptions.admin.list(filter, page);
      const content = lines(columns.subscriptions, list, rows.subscriptions);
      return answer(parts, call, 'subscriptions', content);
    });
    serveMedia(app, API.deliveries.export, (call) => {
      const filter = deliveryFilter(call.query.state, clock.now());
      const list = (page: PageWish) => subscriptions.admin.byDelivery(filter, page);
      return answer(parts, call, 'deliveries', lines(columns.deliveries, list, rows.deliveries));
    });
  };
}

/** The books: for the accountant, and to be kept elsewhere. */
function bookFiles(parts: AdminParts) {
  const { audit, db, ledger, payments } = parts;
  return (app: App): void => {
    serveMedia(app, API.ledger.export, (call) => {
      const filter = transferFilter(call.query);
      const list = (page: PageWish) => ledger.admin.transfers(db.read, filter, page);
      return answer(parts, call, 'transfers', lines(columns.transfers, list, each(transferRow)));
    });
    serveMedia(app, API.reconciliation.exportRuns, (call) => {
      const { provider, day } = call.query;
      const list = (page: PageWish) => payments.admin.runs({ provider, day }, page);
      return answer(parts, call, 'comparisons', lines(columns.comparisons, list, each(runRow)));
    });
    serveMedia(app, API.reconciliation.exportDifferences, (call) => {
      const { provider, state } = call.query;
      const list = (page: PageWish) => payments.admin.differences({ provider, state }, page);
      const content = lines(columns.differences, list, each(differenceRow));
      return answer(parts, call, 'differences', content);
    });
    serveMedia(app, API.audit.export, (call) => {
      const { actorId, act, subjectId } = call.query;
      const filter = { ...period(call.query), actorId, act, subjectId };
      const list = (page: PageWish) => audit.list(filter, page);
      return answer(parts, call, 'audit', lines(columns.audit, list, each(auditWire)));
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

/** Rows that need nothing but their own fact. */
function each<Fact, Row>(present: (fact: Fact) => Row) {
  return (facts: readonly Fact[]): Row[] => facts.map((fact) => present(fact));
}

async function* lines<Fact, Row>(
  shown: Columns<Row>,
  list: (page: PageWish) => Promise<Page<Fact>>,
  present: (facts: readonly Fact[]) => Row[] | Promise<Row[]>,
): AsyncGenerator<string> {
  yield BOM + csvLine(Object.keys(shown));
  let after: string | undefined;
  for (let written = 0; written < EXPORT_ROWS_MAX; written += BATCH) {
    const { items, older } = await list(pageWish({ after, limit: BATCH }));
    const rows = await present(items);
    yield rows.map((row) => csvLine(Object.values(shown).map((read) => read(row)))).join('');
    if (older === null) return;
    after = older;
  }
  // A file that was cut must not look like a whole one.
  yield csvLine([`only the newest ${String(EXPORT_ROWS_MAX)} rows; choose a shorter period`]);
}
