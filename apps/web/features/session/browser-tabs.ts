import type { API } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ask } from './ask.ts';
import { renewWith, type Renewed } from './renewal.ts';

const LOCK = 'opora-session';
/** A time, no secret: tokens live in cookies that scripts cannot read. */
const RENEWED_AT = 'opora-session-renewed-at';

/** Renews the session of this browser, in turn with its other tabs. */
export function renewSession(language: Language): Promise<Renewed> {
  return renewWith({
    locked,
    renewedAt: () => Number(remembered(RENEWED_AT) ?? 0),
    remember: (at) => remember(RENEWED_AT, String(at)),
    now: () => Date.now(),
    refresh: () => ask<typeof API.session.refresh>('POST', '/auth/refresh', { language }),
    read: () => ask<typeof API.session.read>('GET', '/auth/session', { language }),
  });
}

/** Old browsers have no locks; the server then gives the loser of a race the winner's successor. */
function locked<T>(work: () => Promise<T>): Promise<T> {
  if (!('locks' in navigator)) return work();
  return navigator.locks.request(LOCK, work);
}

/** Storage may be switched off: then every tab renews for itself. */
function remembered(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // See above.
  }
}
