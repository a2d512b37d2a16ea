import type { SealedColumn } from '../../platform/sealing/index.ts';

/** The vendor's token of a saved method. */
export const METHOD_TOKEN: SealedColumn = { table: 'saved_method', column: 'token', row: 'id' };

/** Everything this module seals. */
export const PAYMENTS_SEALED = [METHOD_TOKEN];
