/** How long a process may take to its first work before that is a fault, by role, milliseconds. */
const READY_WITHIN_MS = 60_000;
/** The database may have to replay its log after a crash. */
const DATABASE_READY_WITHIN_MS = 150_000;
/** The first start of the web builds the site. */
const WEB_READY_WITHIN_MS = 10 * 60_000;

export function readyWithinMs(role: string): number {
  if (role === 'web') return WEB_READY_WITHIN_MS;
  return role === 'database' ? DATABASE_READY_WITHIN_MS : READY_WITHIN_MS;
}
