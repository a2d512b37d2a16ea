/** The way to Telegram's login and back, in a browser. */
import type { API, TelegramWordWire } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { ask, type Refused } from '../session/ask.ts';

/** The one way that is offered: an address is asked for, or the older widget stands at one. */
export type TelegramWay = Readonly<{ kind: 'oidc' }> | Readonly<{ kind: 'widget'; url: string }>;

/** The pages that Telegram comes back to. */
const PAGES = { 'sign-in': '/sign-in/telegram', account: '/cabinet/account/telegram' } as const;

/** `after`: what this tab wants to know when it is back. */
export type Leaving = Readonly<{ place: keyof typeof PAGES; after: string; language: Language }>;

const KEPT = 'opora-telegram';

/** Answers with a refusal; else this page is left. */
export async function leaveForTelegram(
  way: TelegramWay,
  { place, after, language }: Leaving,
): Promise<Refused | undefined> {
  if (way.kind === 'widget') {
    leave(widgetUrl(way.url, PAGES[place]), after);
    return undefined;
  }
  const asked = await ask<typeof API.session.askTelegram>('POST', '/auth/telegram/ask', {
    language,
    body: { place },
  });
  if (!asked.ok) return asked;
  const url = new URL(asked.answer.url);
  leave({ url, state: url.searchParams.get('state') ?? '' }, after);
  return undefined;
}

/** The widget comes back with its word behind `#`, so no server on the way reads it. */
function widgetUrl(telegramUrl: string, path: string): Readonly<{ url: URL; state: string }> {
  const state = crypto.randomUUID();
  const back = new URL(path, location.origin);
  back.searchParams.set('state', state);
  const url = new URL(telegramUrl);
  url.searchParams.set('return_to', back.href);
  return { url, state };
}

/** A word that this tab did not ask for, as a link of somebody else brings it, is not used. */
function leave({ url, state }: Readonly<{ url: URL; state: string }>, after: string): void {
  sessionStorage.setItem(KEPT, JSON.stringify({ state, after }));
  location.assign(url.href);
}

export type TelegramAnswer = Readonly<{ word: TelegramWordWire; after: string }>;

/** What Telegram came back with, once; undefined: nothing, or nothing this tab asked for. */
export function telegramAnswer(): TelegramAnswer | undefined {
  const kept = readKept(sessionStorage.getItem(KEPT));
  sessionStorage.removeItem(KEPT);
  const word = wordIn(location.search, location.hash);
  const state = new URLSearchParams(location.search).get('state');
  if (word === undefined || kept === undefined || state !== kept.state) return undefined;
  // Used up from here on: neither the history nor a second look at this page needs it.
  history.replaceState(null, '', location.pathname);
  return { word, after: kept.after };
}

/** A code in the query, or the widget's answer behind `#`. */
export function wordIn(search: string, hash: string): TelegramWordWire | undefined {
  const query = new URLSearchParams(search);
  const [code, state, iss] = [query.get('code'), query.get('state'), query.get('iss')];
  if (code !== null && state !== null) return { code, state, ...(iss !== null && { iss }) };
  const said = new URLSearchParams(hash.slice(1)).get('tgAuthResult');
  const fields = said === null ? undefined : readAnswer(said);
  return fields && { fields };
}

/** Base64 of JSON, with or without the signs that addresses do not like. */
export function readAnswer(said: string): Record<string, string> | undefined {
  try {
    const binary = atob(said.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(binary, (sign) => sign.charCodeAt(0)));
    const json: unknown = JSON.parse(text);
    if (typeof json !== 'object' || json === null) return undefined;
    return Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)]));
  } catch {
    return undefined;
  }
}

function readKept(text: string | null): Readonly<{ state: string; after: string }> | undefined {
  const kept: unknown = text === null ? undefined : JSON.parse(text);
  if (typeof kept !== 'object' || kept === null) return undefined;
  if (!('state' in kept) || !('after' in kept)) return undefined;
  return { state: String(kept.state), after: String(kept.after) };
}
