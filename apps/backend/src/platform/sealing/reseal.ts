/** Moving sealed values to the newest key, beside everybody who reads and writes them. */
import type { Database } from '../db/index.ts';
import { sql, type Tx } from '../db/index.ts';
import { placeIn, SealBroken, type SealedColumn, type Sealing } from './sealing.ts';

/** Rows that are read and written at once. */
const BATCH = 200;

export type Resealed = Readonly<{
  /** Values that are sealed with the newest key now and were not before. */
  moved: number;
  /** Rows whose value no key of ours opens; they stay as they are. */
  broken: readonly string[];
}>;

/**
 * Seals anew what older keys sealed. Each value changes only if it is still what was read, so a
 * writer beside it wins; a run that was cut off is gone on with by the next, which finds what is left.
 */
export async function resealColumn(
  db: Database,
  sealing: Sealing,
  column: SealedColumn,
): Promise<Resealed> {
  const broken: string[] = [];
  let moved = 0;
  let after = '';
  for (;;) {
    const rows = await selectOlder(db.read, sealing, column, after);
    const last = rows.at(-1);
    if (last === undefined) return { moved, broken };
    after = last.row;
    const changes = rows.flatMap(({ row, value }) => {
      const next = sealedAnew(sealing, column, { row, value });
      if (next === undefined) broken.push(row);
      return next === undefined ? [] : [{ row, value, next }];
    });
    moved += await replace(db.read, column, changes);
  }
}

/** How many values each key sealed, by key id. */
export async function countByKey(
  db: Database,
  { table, column }: SealedColumn,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await sql<{ key: string; count: string }>`
    select split_part(${sql.ref(column)}, '.', 2) as key, count(*) as count
      from ${sql.table(table)} where ${sql.ref(column)} is not null
     group by 1`.execute(db.read);
  return new Map(rows.map(({ key, count }) => [key, Number(count)]));
}

type Sealed = Readonly<{ row: string; value: string }>;

async function selectOlder(
  tx: Tx,
  { keyId }: Sealing,
  { table, column, row }: SealedColumn,
  after: string,
): Promise<Sealed[]> {
  const { rows } = await sql<Sealed>`
    select ${sql.ref(row)} as row, ${sql.ref(column)} as value from ${sql.table(table)}
     where ${sql.ref(row)} > ${after} and split_part(${sql.ref(column)}, '.', 2) <> ${keyId}
     order by ${sql.ref(row)} limit ${BATCH}`.execute(tx);
  return rows;
}

function sealedAnew(
  sealing: Sealing,
  column: SealedColumn,
  { row, value }: Sealed,
): string | undefined {
  const place = placeIn(column, row);
  try {
    return sealing.seal(sealing.open(value, place), place);
  } catch (error) {
    // One damaged value must not keep the others on an old key.
    if (error instanceof SealBroken) return undefined;
    throw error;
  }
}

async function replace(
  tx: Tx,
  { table, column, row }: SealedColumn,
  changes: readonly (Sealed & { next: string })[],
): Promise<number> {
  if (changes.length === 0) return 0;
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(table)} as held set ${sql.ref(column)} = given.next
      from unnest(${changes.map((one) => one.row)}::text[],
                  ${changes.map(({ value }) => value)}::text[],
                  ${changes.map(({ next }) => next)}::text[]) as given (row, value, next)
     where held.${sql.ref(row)} = given.row and held.${sql.ref(column)} = given.value`.execute(tx);
  return Number(numAffectedRows);
}
