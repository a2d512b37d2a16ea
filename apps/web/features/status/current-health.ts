import { readEnvironment } from '../../shared/environment.ts';
import { parseHealth, type Health } from './health.ts';

/** The monitor answers from its memory; a page does not wait long for it. */
const TIMEOUT_MS = 2_000;

/**
 * The health as the monitor sees it, undefined when the monitor itself does not answer. Asks the
 * monitor and nothing else: the page must be true while the database and the gateway are away.
 */
export async function currentHealth(): Promise<Health | undefined> {
  const { healthUrl } = readEnvironment();
  if (healthUrl === undefined) return undefined;
  try {
    const answer = await fetch(healthUrl, {
      headers: { accept: 'application/json' },
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return answer.ok ? parseHealth(await answer.json()) : undefined;
  } catch {
    return undefined;
  }
}
