import { OperationalError } from '@opora/kernel';

/**
 * The database is away, refuses connections or has none to give. Whether the last statement was
 * done is unknown, so callers are idempotent.
 */
export class DatabaseUnavailable extends OperationalError {
  readonly code = 'platform.database_unavailable';
}

/** What senders are asked to wait; the way back is looked for each second. */
const RETRY_AFTER_MS = 2_000;

/** The database is known to be away: nothing was sent, so nothing was done. */
export class DatabaseAway extends DatabaseUnavailable {
  constructor() {
    super('the database is away', { retryAfterMs: RETRY_AFTER_MS });
  }
}

const RETRYABLE = new Set(['40001', '40P01']);
/** Server away, shutting down, starting up, out of connections, or tired of an idle transaction. */
const AWAY = new Set([
  '57P01',
  '57P02',
  '57P03',
  '25P03',
  '53300',
  '08000',
  '08003',
  '08006',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
]);
/** Texts of the driver for a connection that ended under a query; it gives them no code. */
const AWAY_TEXTS =
  /Connection terminated|terminating connection|ECONNREFUSED|ECONNRESET|timeout exceeded when trying to connect|Client was closed|not queryable/i;

export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(sqlState(error));
}

export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseUnavailable) return true;
  return AWAY.has(sqlState(error)) || (error instanceof Error && AWAY_TEXTS.test(error.message));
}

/** Throws it again, a lost server under its own name. */
export function rethrow(error: unknown): never {
  if (error instanceof DatabaseUnavailable) throw error;
  if (isAway(error)) throw new DatabaseUnavailable('the database is away', { cause: error });
  throw error;
}
