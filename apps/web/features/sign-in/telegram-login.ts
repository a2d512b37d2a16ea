/** The way to Telegram's login and back, in a browser. */

const STATE = 'opora-telegram-state';

/**
 * Telegram comes back to `path` with its word behind `#`, so no server on the way reads it. `state` is
 * ours: a word that this tab did not ask for, as a link of somebody else brings it, is not used.
 */
export function leaveForTelegram(telegramUrl: string, path: string): void {
  const state = crypto.randomUUID();
  sessionStorage.setItem(STATE, state);
  const back = new URL(path, location.origin);
  back.searchParams.set('state', state);
  const url = new URL(telegramUrl);
  url.searchParams.set('return_to', back.href);
  location.assign(url.href);
}

/** What Telegram came back with, once; undefined: nothing, or nothing this tab asked for. */
export function telegramAnswer(): Readonly<Record<string, string>> | undefined {
  const state = new URLSearchParams(location.search).get('state');
  const known = sessionStorage.getItem(STATE);
  sessionStorage.removeItem(STATE);
  const said = new URLSearchParams(location.hash.slice(1)).get('tgAuthResult');
  if (said === null || state === null || state !== known) return undefined;
  return readAnswer(said);
}

/** Base64 of JSON, with or without the signs that addresses do not like. */
export function readAnswer(said: string): Readonly<Record<string, string>> | undefined {
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
