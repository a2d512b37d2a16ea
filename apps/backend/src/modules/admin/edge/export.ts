import { Readable } from 'node:stream';
import {
  API,
  EXPORT_ROWS_MAX,
  moneyFromWire,
  type MoneyWire,
  type OrderRow,
  type PaymentRow,
} from '@opora/contracts';
import { formatMajor } from '@opora/kernel';
import { serveMedia, type App, type Call } from '../../../platform/http/index.ts';
import { pageWish, type Page, type PageWish } from '../../../platform/db/index.ts';
import { BOM, csvLine, type Cell } from '../csv.ts';
import type { AdminParts } from '../deps.ts';
import { createRows } from '../rows.ts';
import { period } from './query.ts';
import { orderFilter } from './sales.ts';

/** Rows read at once: a file of any length costs the memory of so many. */
const BATCH = 500;

type ExportCall = Call<typeof API.payments.export> | Call<typeof API.orders.export>;

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
  plan: ({ plan }) => plan.code,
  version: ({ plan }) => ({ number: String(plan.version) }),
  amount: ({ amount }) => major(amount),
  currency: ({ amount }) => amount.currency,
  state: ({ state }) => state,
  paid: ({ paidAt }) => paidAt,
  delivered: ({ deliveredAt }) => deliveredAt,
};
