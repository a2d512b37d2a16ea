import { OperationalError } from '@opora/kernel';

/** The database is away, refuses connections or has none to give: nothing was done. */
export class DatabaseUnavailable extends OperationalError {
  readonly code = 'platform.database_unavailable';
}

const UNIQUE_VIOLATION = '23505';
const RETRYABLE = new Set(['40001', '40P01']);
/** Server away, shutting down, starting up, or out of connections. */
const AWAY = new Set([
  '57P01',
  '57P02',
  '57P03',
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
  /Connection terminated|timeout exceeded when trying to connect|Client was closed/i;

export function sqlState(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== UNIQUE_VIOLATION) return false;
  if (constraint === undefined) return true;
  return error instanceof Error && 'constraint' in error && error.constraint === constraint;
}

export function isRetryable(error: unknown): boolean {
  return RETRYABLE.has(sqlState(error));
}

export function isAway(error: unknown): boolean {
  return AWAY.has(sqlState(error)) || (error instanceof Error && AWAY_TEXTS.test(error.message));
}
