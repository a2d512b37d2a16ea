'use client';

import type { Endpoint, SessionWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import {
  createContext,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useState,
  type ReactNode,
} from 'react';
import { ask, type Asked, type Asking } from './ask.ts';
import { renewSession } from './browser-tabs.ts';

/** Renewed this long before its end, so that no press of a button meets an ended session. */
const RENEW_BEFORE_MS = 60_000;
const TRY_AGAIN_MS = 15_000;
/** Longest wait a browser's timer can hold. */
const WAIT_MAX_MS = 2 ** 31 - 1;
const YEAR_S = 365 * 24 * 60 * 60;
const UNAUTHENTICATED = 401;
/** What was typed is refused, not the session: the same once more would only be one guess more. */
const TYPED = new Set([
  'identity.sign_in_refused',
  'identity.code_refused',
  'identity.challenge_invalid',
  'identity.step_up_required',
  'identity.telegram_refused',
  'identity.telegram_stale',
  'identity.passkey_refused',
]);

type Kept = Readonly<{ session: SessionWire; renewAt: number }>;
type Wanted<E extends Endpoint> = Omit<Asking<E>, 'language' | 'csrfToken'>;
export type Send = <E extends Endpoint>(
  method: E['method'],
  path: string,
  wanted: Wanted<E>,
) => Promise<Asked<E>>;

const SendContext = createContext<Send | undefined>(undefined);

type Props = Readonly<{
  session: SessionWire;
  /** What was left of the access cookie when the page was made. */
  leftMs: number;
  language: Language;
  /** Where to sign in when the session has ended; `?next=` is added. */
  signInPath: string;
  children: ReactNode;
}>;

/** Keeps the session of an open page alive and lets what is inside send acts in its name. */
export function SessionKeeper({ session, leftMs, language, signInPath, children }: Props) {
  const [kept, setKept] = useState<Kept>(() => ({ session, renewAt: renewalTime(leftMs) }));

  const renew = useCallback(async (): Promise<SessionWire | undefined> => {
    const renewed = await renewSession(language);
    if (renewed.outcome === 'renewed') {
      setKept({ session: renewed.session, renewAt: renewalTime(renewed.leftMs) });
      return renewed.session;
    }
    if (renewed.outcome === 'ended') leaveTo(signInPath);
    else setKept((known) => ({ ...known, renewAt: Date.now() + TRY_AGAIN_MS }));
    return undefined;
  }, [language, signInPath]);

  useEffect(() => {
    const isDue = () => Date.now() >= kept.renewAt;
    const wait = Math.min(Math.max(0, kept.renewAt - Date.now()), WAIT_MAX_MS);
    const timer = setTimeout(() => void renew(), wait);
    // Timers of a laptop that slept are late; who comes back must not meet an old session.
    const comeBack = () => void (document.visibilityState === 'visible' && isDue() && renew());
    document.addEventListener('visibilitychange', comeBack);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', comeBack);
    };
  }, [kept.renewAt, renew]);

  useEffect(tellZone, []);

  const { csrfToken } = kept.session;
  const send = useMemo<Send>(
    () => async (method, path, wanted) => {
      const asked = await ask(method, path, { ...wanted, language, csrfToken } as never); // the same wish, completed
      if (asked.ok || asked.problem?.status !== UNAUTHENTICATED) return asked;
      if (TYPED.has(asked.problem.code)) return asked;
      const renewed = await renew();
      if (renewed === undefined) return asked;
      return ask(method, path, { ...wanted, language, csrfToken: renewed.csrfToken } as never); // as above
    },
    [csrfToken, language, renew],
  );
  return <SendContext value={send}>{children}</SendContext>;
}

/** Sends an act in the name of who is signed in; only inside a `SessionKeeper`. */
export function useSend(): Send {
  const send = useContext(SendContext);
  if (send === undefined) throw new Error('useSend outside of a SessionKeeper');
  return send;
}

function renewalTime(leftMs: number): number {
  return Date.now() + Math.max(leftMs - RENEW_BEFORE_MS, leftMs / 2);
}

function leaveTo(signInPath: string): void {
  const next = encodeURIComponent(location.pathname + location.search);
  location.assign(`${signInPath}?next=${next}`);
}

/** The server writes times in the reader's zone from the next page on. */
function tellZone(): void {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  const secure = location.protocol === 'https:' ? '; Secure' : '';
  document.cookie = `zone=${encodeURIComponent(timeZone)}; Path=/; SameSite=Lax; Max-Age=${String(YEAR_S)}${secure}`;
}
