import { assert, isCurrency, money, type Currency, type Money } from '@opora/kernel';
import { sql, type Tx } from '../../platform/db/index.ts';
import type { LedgerTables } from './schema.ts';
import type { Transfer } from './transfer.ts';

/** Inserts accounts and transfers; returns the ids that were new. One round trip. */
export async function insertTransfers(
  tx: Tx,
  transfers: readonly Transfer[],
): Promise<ReadonlySet<string>> {
  const accounts = new Map(
    transfers.flatMap(({ debit, credit, amount, at }) => [
      [debit, { currency: amount.currency, at }],
      [credit, { currency: amount.currency, at }],
    ]),
  );
  // Sorted: two batches that share accounts take their locks in one order.
  const codes = [...accounts.keys()].sort();
  const rows = await sql<{ id: string }>`
    with accounts as (
      insert into ledger_account (code, currency, created_at)
      select code, currency, at from unnest(
        ${codes}::text[],
        ${codes.map((code) => accounts.get(code)?.currency)}::text[],
        ${codes.map((code) => accounts.get(code)?.at)}::timestamptz[]) as given (code, currency, at)
      where not exists (select 1 from ledger_account as known where known.code = given.code)
      on conflict (code) do nothing
    )
    insert into ledger_transfer
      (id, debit, credit, amount_minor, currency, kind, reference, posted_at)
    select * from unnest(
      ${transfers.map(({ id }) => id)}::text[],
      ${transfers.map(({ debit }) => debit)}::text[],
      ${transfers.map(({ credit }) => credit)}::text[],
      ${transfers.map(({ amount }) => amount.minor.toString())}::bigint[],
      ${transfers.map(({ amount }) => amount.currency)}::text[],
      ${transfers.map(({ kind }) => kind)}::text[],
      ${transfers.map(({ reference }) => reference)}::text[],
      ${transfers.map(({ at }) => at)}::timestamptz[])
    on conflict (id) do nothing
    returning id`.execute(tx);
  return new Set(rows.rows.map(({ id }) => id));
}

/** What stands in the books under these ids: for the second half of the pair of assertions. */
export async function readTransfers(
  tx: Tx,
  ids: readonly string[],
): Promise<
  { id: string; debit: string; credit: string; amount_minor: bigint; currency: string }[]
> {
  return tx
    .$extendTables<LedgerTables>()
    .selectFrom('ledger_transfer')
    .select(['id', 'debit', 'credit', 'amount_minor', 'currency'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
}

/**
 * Takes the rows of these accounts, made where they are missing. A statement of its own: what is
 * summed after it sees everything that was posted before the lock was given.
 */
export async function lockAccounts(
  tx: Tx,
  accounts: readonly { code: string; currency: Currency; at: Date }[],
): Promise<void> {
  const sorted = accounts.toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const codes = sorted.map(({ code }) => code);
  await sql`insert into ledger_account (code, currency, created_at)
    select * from unnest(${codes}::text[], ${sorted.map(({ currency }) => currency)}::text[],
                         ${sorted.map(({ at }) => at)}::timestamptz[])
    on conflict (code) do nothing`.execute(tx);
  await sql`select code from ledger_account where code = any(${codes}::text[])
    order by code for update`.execute(tx);
}

/** Credits minus debits of one account that belong to one thing. */
export async function sumReference(
  tx: Tx,
  code: string,
  { reference, currency }: { reference: string; currency: Currency },
): Promise<Money> {
  const rows = await sql<{ minor: string }>`
    select coalesce(sum(case when credit = ${code} then amount_minor else -amount_minor end), 0)::text
        as minor
      from ledger_transfer
     where reference = ${reference} and (credit = ${code} or debit = ${code})`.execute(tx);
  return money(BigInt(rows.rows[0]?.minor ?? '0'), currency);
}

/** Credits minus debits of one account: what a liability such as a customer's balance holds. */
export async function sumAccount(tx: Tx, code: string, currency: Currency): Promise<Money> {
  const rows = await sql<{ minor: string }>`
    select (coalesce((select sum(amount_minor) from ledger_transfer where credit = ${code}), 0)
          - coalesce((select sum(amount_minor) from ledger_transfer where debit = ${code}), 0))::text
        as minor`.execute(tx);
  return money(BigInt(rows.rows[0]?.minor ?? '0'), currency);
}

/** The same of several accounts, in one round trip and in their order. */
export async function sumAccounts(
  tx: Tx,
  accounts: readonly { code: string; currency: Currency }[],
): Promise<Money[]> {
  const rows = await sql<{ code: string; minor: string }>`
    select code, sum(minor)::text as minor from (
      select credit as code, amount_minor as minor from ledger_transfer
       where credit = any(${accounts.map(({ code }) => code)}::text[])
      union all
      select debit, -amount_minor from ledger_transfer
       where debit = any(${accounts.map(({ code }) => code)}::text[])
    ) as sides group by code`.execute(tx);
  const sums = new Map(rows.rows.map(({ code, minor }) => [code, BigInt(minor)]));
  return accounts.map(({ code, currency }) => money(sums.get(code) ?? 0n, currency));
}

/** What moved a balance at one moment, as its owner reads it; a minus went away. */
export type BalanceEntry = Readonly<{ at: Date; amount: Money; kind: Transfer['kind'] }>;

/**
 * The newest moves of these accounts. What was posted at one moment is one move, called by its
 * largest part; money that only passed through (a sale that a provider paid) is none.
 */
export async function selectEntries(
  tx: Tx,
  codes: readonly string[],
  limit: number,
): Promise<BalanceEntry[]> {
  const { rows } = await sql<{ at: Date; currency: string; minor: string; kind: string }>`
    select posted_at as at, currency, sum(minor)::text as minor,
           (array_agg(kind order by minor * sign(sum_of_all) desc, id))[1] as kind
      from (select *, sum(minor) over (partition by posted_at, currency) as sum_of_all
              from (select id, posted_at, currency, kind, amount_minor as minor
                      from ledger_transfer where credit = any(${codes}::text[])
                    union all
                    select id, posted_at, currency, kind, -amount_minor
                      from ledger_transfer where debit = any(${codes}::text[])) as sides) as moves
     where sum_of_all <> 0
     group by posted_at, currency
     order by posted_at desc limit ${limit}`.execute(tx);
  return rows.map(({ at, currency, minor, kind }) => {
    assert(isCurrency(currency), `a balance moved in ${currency}`);
    const amount = money(BigInt(minor), currency);
    return { at, amount, kind: kind as Transfer['kind'] }; // written by us from the closed list
  });
}

/**
 * Debits minus credits of every account: the trial balance, from the two sides counted apart. The
 * total over all accounts must be zero in each currency.
 */
export async function trialBalance(
  tx: Tx,
): Promise<{ code: string; currency: string; minor: bigint }[]> {
  const rows = await sql<{ code: string; currency: string; minor: string }>`
    select account.code, account.currency,
           (coalesce(debits.total, 0) - coalesce(credits.total, 0))::text as minor
      from ledger_account as account
      left join (select debit as code, sum(amount_minor) as total from ledger_transfer group by 1)
             as debits on debits.code = account.code
      left join (select credit as code, sum(amount_minor) as total from ledger_transfer group by 1)
             as credits on credits.code = account.code
     order by account.code`.execute(tx);
  return rows.rows.map((row) => ({ ...row, minor: BigInt(row.minor) }));
}
