import type { Language } from '@opora/kernel';
import type { Zone } from '../../shared/words/when.ts';

/** What a visitor may choose on every page: kept in two cookies, read by the server, no script. */
export const LANGUAGES = ['ru', 'en'] as const satisfies readonly Language[];
export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const LANGUAGE_COOKIE = 'lang';
export const THEME_COOKIE = 'theme';
/** Written by the browser itself, which alone knows where its clock stands. */
export const ZONE_COOKIE = 'zone';
/** Most of our readers' zone, said with its name until the browser has told us theirs. */
const USUAL_ZONE = 'Europe/Moscow';
const ZONE_FORM = /^[A-Za-z0-9_+/-]{1,64}$/;
export const PREFERENCES_PATH = '/preferences';
export const COOKIE_MAX_AGE_S = 365 * 24 * 60 * 60;

const ACCEPT_LANGUAGE_MAX = 200;
const RETURN_PATH_MAX = 2000;

export function isLanguage(value: unknown): value is Language {
  return value === 'ru' || value === 'en';
}

export function isTheme(value: unknown): value is Theme {
  return value === 'system' || value === 'light' || value === 'dark';
}

/**
 * The language of a page: asked for in its address (a link that was sent must read the same), else
 * chosen before (cookie), else the browser's first one that we speak, else Russian.
 */
export function chooseLanguage(sources: {
  query: string | null;
  cookie: string | undefined;
  acceptLanguage: string | null;
}): Language {
  if (isLanguage(sources.query)) return sources.query;
  if (isLanguage(sources.cookie)) return sources.cookie;
  return browserLanguage(sources.acceptLanguage ?? '') ?? 'ru';
}

export function chooseTheme(cookie: string | undefined): Theme {
  return isTheme(cookie) ? cookie : 'system';
}

/** The zone of the cookie when it is one; a cookie may say anything. */
export function chooseZone(cookie: string | undefined): Zone {
  const name = cookie === undefined ? '' : decodeOnce(cookie);
  return isZone(name) ? { name, isTheirs: true } : { name: USUAL_ZONE, isTheirs: false };
}

function isZone(name: string): boolean {
  if (!ZONE_FORM.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}

function browserLanguage(header: string): Language | undefined {
  return header
    .slice(0, ACCEPT_LANGUAGE_MAX)
    .split(',')
    .map((entry) => {
      const [tag = '', ...parameters] = entry.trim().toLowerCase().split(';');
      const quality = parameters.map((part) => /^\s*q=([\d.]+)$/.exec(part)?.[1]).find(Boolean);
      return { tag: tag.split('-')[0], quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((one, other) => other.quality - one.quality)
    .map(({ tag }) => tag)
    .find(isLanguage);
}

/**
 * The address to go back to, or `/` for anything that could leave this site: only a path that starts
 * with one slash, also after decoding once, without backslashes or control signs.
 */
export function safeReturnPath(asked: unknown): string {
  if (typeof asked !== 'string' || asked.length > RETURN_PATH_MAX) return '/';
  return isLocalPath(asked) && isLocalPath(decodeOnce(asked)) ? asked : '/';
}

function isLocalPath(path: string): boolean {
  return /^\/(?![/\\])/.test(path) && !/[\\\u0000-\u001f\u007f]/.test(path);
}

function decodeOnce(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return '';
  }
}

/** The same address without `?lang=`, which would otherwise win over the choice just made. */
export function withoutLanguage(path: string): string {
  const url = new URL(path, 'http://here');
  url.searchParams.delete('lang');
  return url.pathname + url.search;
}
