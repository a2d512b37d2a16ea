/** The books as staff reads them. */
import { assert, isCurrency, money, type Money } from '@opora/kernel';
import {
  pageClause,
  sql,
  toPage,
  type Page,
  type PageWish,
  type Tx,
} from '../../platform/db/index.ts';

export type TransferListed = Readonly<{
  id: string;
  debit: string;
  credit: string;
  amount: Money;
  kind: string;
  reference: string;
  postedAt: Date;
}>;

export type TransferFilter = Readonly<{
  account?: string | undefined;
  references?: readonly string[] | undefined;
  from?: Date | undefined;
  to?: Date | undefined;
}>;

type Row = {
  id: string;
  debit: string;
  credit: string;
  amount_minor: bigint;
  currency: string;
  kind: string;
  reference: string;
  posted_at: Date;
};

const SELECT = sql`select id, debit, credit, amount_minor, currency, kind, reference, posted_at
                     from ledger_transfer`;

/** Newest first. */
export async function selectTransfers(
  tx: Tx,
  filter: TransferFilter,
  page: PageWish,
): Promise<Page<TransferListed>> {
  const { account, references, from, to } = filter;
  const shared = [
    references === undefined ? undefined : sql`reference = any(${references}::text[])`,
    from === undefined ? undefined : sql`posted_at >= ${from}`,
    to === undefined ? undefined : sql`posted_at < ${to}`,
  ];
  const columns = { at: 'posted_at', id: 'id' };
  const clause = (more: (typeof shared)[number]) => pageClause(columns, [more, ...shared], page);
  // Two walks along two indexes, each of one page; `or` would sort everything the account ever saw.
  const query =
    account === undefined
      ? sql<Row>`${SELECT} ${clause(undefined)}`
      : sql<Row>`select * from (
          (${SELECT} ${clause(sql`debit = ${account}`)}) union all
          (${SELECT} ${clause(sql`credit = ${account}`)})) as both_sides
          ${pageClause(columns, [], page)}`;
  const { rows } = await query.execute(tx);
  return toPage(rows.map(toTransfer), page, ({ postedAt, id }) => ({ at: postedAt, id }));
}

const OF_ONE_PERSON = ['customer', 'held', 'debt'];

/**
 * Debits minus credits of each account that is not of one person; people together, one row per
 * kind and currency, such as `customer:*:RUB`.
 */
export function foldPeople(
  accounts: readonly { code: string; currency: string; minor: bigint }[],
): { code: string; balance: Money }[] {
  const folded = new Map<string, { code: string; balance: Money }>();
  for (const { code, currency, minor } of accounts) {
    assert(isCurrency(currency), `account ${code} has currency ${currency}`);
    const kind = OF_ONE_PERSON.find((each) => code.startsWith(`${each}:`));
    const shown = kind === undefined ? code : `${kind}:*:${currency}`;
    const before = folded.get(shown)?.balance.minor ?? 0n;
    folded.set(shown, { code: shown, balance: money(before + minor, currency) });
  }
  return [...folded.values()];
}

/** A person's balances: credits minus debits, those that are not zero. */
export async function selectBalances(tx: Tx, codes: readonly string[]): Promise<Money[]> {
  const { rows } = await sql<{ currency: string; minor: string }>`
    select currency, sum(minor)::text as minor from (
      select currency, amount_minor as minor from ledger_transfer
       where credit = any(${codes}::text[])
      union all
      select currency, -amount_minor from ledger_transfer where debit = any(${codes}::text[])
    ) as moves group by 1 having sum(minor) <> 0 order by 1`.execute(tx);
  return rows.flatMap(({ currency, minor }) =>
    isCurrency(currency) ? [money(BigInt(minor), currency)] : [],
  );
}

function toTransfer(row: Row): TransferListed {
  assert(isCurrency(row.currency), `transfer ${row.id} has currency ${row.currency}`);
  return {
    id: row.id,
    debit: row.debit,
    credit: row.credit,
    amount: money(row.amount_minor, row.currency),
    kind: row.kind,
    reference: row.reference,
    postedAt: row.posted_at,
  };
}
