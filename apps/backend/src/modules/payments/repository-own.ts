import { sql, type Tx } from '../../platform/db/index.ts';
import type { Payment } from './payment.ts';
import { COLUMNS, toPayment, type PaymentRow } from './repository.ts';

/** `after`: older than this payment; `before`: newer than it. Ids grow with time. */
export type PageAsked = Readonly<{
  after?: string | undefined;
  before?: string | undefined;
  limit: number;
}>;

/** Newest first; `older` and `newer` are the keys of the neighbouring pages. */
export type PaymentPage = Readonly<{
  items: readonly Payment[];
  older: string | null;
  newer: string | null;
}>;

/** What was only held of the balance, or is yet, is no payment to whom it belongs. */
const IS_SHOWN = sql.raw(`(provider <> 'balance' or settled_at is not null)`);

export async function selectOfPerson(
  tx: Tx,
  personId: string,
  page: PageAsked,
): Promise<PaymentPage> {
  const { after, before, limit } = page;
  const isBack = before !== undefined;
  // One row more than asked for tells whether there is another page.
  const rows = isBack
    ? await sql<PaymentRow>`
        select ${COLUMNS} from payment where person_id = ${personId} and ${IS_SHOWN} and id > ${before}
         order by id limit ${limit + 1}`.execute(tx)
    : await sql<PaymentRow>`
        select ${COLUMNS} from payment
         where person_id = ${personId} and ${IS_SHOWN} and (${after ?? null}::text is null or id < ${after ?? null})
         order by id desc limit ${limit + 1}`.execute(tx);
  const hasMore = rows.rows.length > limit;
  const found = rows.rows.slice(0, limit).map(toPayment);
  const items = isBack ? found.toReversed() : found;
  const [first, last] = [items[0]?.id ?? null, items.at(-1)?.id ?? null];
  return isBack
    ? { items, older: last, newer: hasMore ? first : null }
    : { items, older: hasMore ? last : null, newer: after === undefined ? null : first };
}
