import { API, type SessionWire } from '@opora/contracts';
import { cache } from 'react';
import { isOutage, refusalOf, serverApi } from './server-api.ts';

/**
 * `out` may only mean that the access cookie ran out: the refresh cookie is not sent to pages, so
 * the browser is asked to renew before anybody is sent to the sign-in page.
 */
export type SessionAnswer =
  | Readonly<{ state: 'in'; session: SessionWire; leftMs: number }>
  | Readonly<{ state: 'out' }>
  | Readonly<{ state: 'unreachable' }>;

const UNAUTHENTICATED = 401;

/** Who reads this page; asked once per request. */
export const readSession = cache(async (): Promise<SessionAnswer> => {
  const api = await serverApi();
  try {
    const session = await api(API.session.read);
    return { state: 'in', session, leftMs: Date.parse(session.expiresAt) - Date.now() };
  } catch (error) {
    if (isSignedOut(error)) return { state: 'out' };
    if (isOutage(error)) return { state: 'unreachable' };
    throw error;
  }
});

export function isSignedOut(error: unknown): boolean {
  return refusalOf(error) === UNAUTHENTICATED;
}
