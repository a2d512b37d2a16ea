import { sql, type Kysely } from 'kysely';

/** No tables at all: a repository asks for its own with `$extendTables`. */
export type NoTables = object;

/** Either the pool or an open transaction: whatever takes part in a transaction takes it first. */
export type Tx = Kysely<NoTables>;

export { sql };
