// clean
import { sql } from 'kysely';
import type { Tables } from './schema.ts';

export const statement = sql;
export type Known = Tables;
