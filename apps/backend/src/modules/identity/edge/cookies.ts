/** The cookies of identity: access token, refresh token, mark of a known device, a way to Telegram begun. */
import type { CookieNames } from '@opora/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { DEVICE_LIFE_MS } from '../device.ts';
import { TELEGRAM_ASKED_LIFE_MS, type SignedIn } from '../index.ts';

/** Longest cookie header that is looked at, characters. */
const COOKIES_MAX = 8_192;

export type Site = Readonly<{
  cookies: CookieNames;
  /** Where the site is: unsafe requests must come from this origin. */
  webUrl: string;
}>;

export function setCookies(site: Site, reply: FastifyReply, signedIn: SignedIn): void {
  const { access, refreshToken, refreshExpiresAt, device } = signedIn;
  const { cookies } = site;
  const accessUntil = new Date(access.claims.exp * 1000);
  const deviceUntil = `Max-Age=${String(DEVICE_LIFE_MS / 1000)}`;
  reply.header('set-cookie', [
    `${cookies.access}=${access.token}; ${OPEN}; ${until(accessUntil)}${secure(site)}`,
    `${cookies.refresh}=${refreshToken}; ${CLOSED}; ${until(refreshExpiresAt)}${secure(site)}`,
    ...(device === undefined
      ? []
      : [`${cookies.device}=${device}; ${CLOSED}; ${deviceUntil}${secure(site)}`]),
  ]);
}

/** What this browser began at Telegram: no other browser can come back with it. */
export function setBegun(site: Site, reply: FastifyReply, begun: string): void {
  const until = `Max-Age=${String(TELEGRAM_ASKED_LIFE_MS / 1000)}`;
  reply.header(
    'set-cookie',
    `${site.cookies.telegram}=${begun}; ${CLOSED}; ${until}${secure(site)}`,
  );
}

/** The device stays known: leaving is no reason to be braked by strangers. */
export function clearCookies(site: Site, reply: FastifyReply): void {
  reply.header('set-cookie', [
    `${site.cookies.access}=; ${OPEN}; Max-Age=0${secure(site)}`,
    `${site.cookies.refresh}=; ${CLOSED}; Max-Age=0${secure(site)}`,
  ]);
}

export function readCookie(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers.cookie ?? '';
  if (header.length > COOKIES_MAX) return undefined;
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}

/** Lax, so that a link from a mail or a chat finds the person signed in. */
const OPEN = 'Path=/; HttpOnly; SameSite=Lax';
/** Only `/auth` ever sees these. */
const CLOSED = 'Path=/auth; HttpOnly; SameSite=Strict';

function until(at: Date): string {
  return `Expires=${at.toUTCString()}`;
}

function secure(site: Site): string {
  return site.webUrl.startsWith('https:') ? '; Secure' : '';
}
