import { ApiProblem, ApiUnreachable, createApiClient, type ApiClient } from '@opora/contracts';
import { headers } from 'next/headers';
import { readEnvironment } from '../../shared/environment.ts';
import { readVisit } from '../site/visit.ts';

/** A reader waits at most this long for one answer; then the page says that it did not load. */
const TIMEOUT_MS = 5_000;
const TOO_MANY = 429;

/**
 * The API as the reader of this page: their cookies, their language, their address, the page's request id. For
 * reading only: acts are sent by the browser itself, which proves that they come from our page.
 */
export async function serverApi(): Promise<ApiClient> {
  const [head, visit] = await Promise.all([headers(), readVisit()]);
  const sent = {
    cookie: head.get('cookie') ?? '',
    'x-request-id': visit.requestId,
    'accept-language': visit.language,
    'x-forwarded-for': head.get('x-forwarded-for') ?? '',
  };
  return createApiClient({
    base: readEnvironment().gatewayUrl,
    fetch: (address, options) =>
      fetch(address, {
        ...options,
        cache: 'no-store',
        redirect: 'error',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }),
    headers: () => sent,
  });
}

/** No answer of ours, or one that says we cannot: told apart from a refusal of this reader. */
export function isOutage(error: unknown): boolean {
  if (error instanceof ApiUnreachable) return true;
  const status = refusalOf(error);
  return status !== undefined && (status >= 500 || status === TOO_MANY);
}

/** The status of the API's refusal; undefined for anything that is none. */
export function refusalOf(error: unknown): number | undefined {
  return error instanceof ApiProblem ? error.problem.status : undefined;
}
