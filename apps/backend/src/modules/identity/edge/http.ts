import type { CookieNames } from '@opora/contracts';
import { z } from 'zod';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Forbidden, type App, type Authorise } from '../../../platform/http/index.ts';
import type { Jwks, TokenVerifier } from '../../../platform/tokens/index.ts';
import { SessionEnded, type Identity, type Sessions, type SignedIn } from '../index.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; set by the guard of routes with the permission `session`. */
    personId: string;
  }
}

/** Longest cookie header that is looked at, characters. */
const COOKIES_MAX = 8_192;

export type AuthEdge = Readonly<{
  identity: Identity;
  sessions: Sessions;
  verifier: TokenVerifier;
  jwks: Jwks;
  cookies: CookieNames;
  /** Where the site is: unsafe requests must come from this origin. */
  webUrl: string;
}>;

/** The decision behind the permission `session`: a good access token, and no foreign site. */
export function createAuthorise(
  deps: Pick<AuthEdge, 'verifier' | 'cookies' | 'webUrl'>,
): Authorise {
  return (request) => {
    const token = readCookie(request, deps.cookies.access);
    if (token === undefined) throw new SessionEnded('no access token');
    if (request.method !== 'GET') assertSameOrigin(request, deps.webUrl);
    request.personId = deps.verifier.verify(token).sub;
  };
}

/** `/auth/*` and the public keys. Tokens travel in cookies only. */
export function authRoutes(deps: AuthEdge) {
  return (app: App): void => {
    app.decorateRequest('personId', '');

    app.get('/.well-known/jwks.json', { config: { permission: 'public' } }, (_request, reply) =>
      reply.header('cache-control', 'public, max-age=300').send(deps.jwks),
    );

    // A page of its own asks for a press: mail and chat programs open links by themselves.
    app.post(
      '/auth/enter',
      {
        config: { permission: 'public' },
        schema: { body: z.strictObject({ link: z.string().regex(/^[A-Za-z0-9_-]{20,64}$/) }) },
      },
      async (request, reply) => {
        assertSameOrigin(request, deps.webUrl);
        return answerSignedIn(deps, reply, await deps.sessions.enter(request.body.link));
      },
    );

    app.post('/auth/refresh', { config: { permission: 'public' } }, async (request, reply) => {
      assertSameOrigin(request, deps.webUrl);
      const token = readCookie(request, deps.cookies.refresh);
      if (token === undefined) throw new SessionEnded('no refresh token');
      return answerSignedIn(deps, reply, await deps.sessions.refresh(token));
    });

    app.post('/auth/leave', { config: { permission: 'public' } }, async (request, reply) => {
      assertSameOrigin(request, deps.webUrl);
      const token = readCookie(request, deps.cookies.refresh);
      if (token !== undefined) await deps.sessions.leave(token);
      clearCookies(deps, reply);
      return { left: true };
    });

    app.get('/auth/me', { config: { permission: 'session' } }, async (request) => {
      const person = await deps.identity.person(request.personId);
      return { id: person.id, name: person.name, language: person.language };
    });
  };
}

function answerSignedIn(deps: AuthEdge, reply: FastifyReply, signedIn: SignedIn): object {
  const { access, refreshToken, refreshExpiresAt } = signedIn;
  const secure = deps.webUrl.startsWith('https:') ? '; Secure' : '';
  const accessUntil = new Date(access.claims.exp * 1000).toUTCString();
  reply.header('set-cookie', [
    `${deps.cookies.access}=${access.token}; Path=/; HttpOnly; SameSite=Lax; Expires=${accessUntil}${secure}`,
    `${deps.cookies.refresh}=${refreshToken}; Path=/auth; HttpOnly; SameSite=Strict; Expires=${refreshExpiresAt.toUTCString()}${secure}`,
  ]);
  return {
    personId: access.claims.sub,
    expiresAt: new Date(access.claims.exp * 1000).toISOString(),
  };
}

function clearCookies(deps: AuthEdge, reply: FastifyReply): void {
  const secure = deps.webUrl.startsWith('https:') ? '; Secure' : '';
  reply.header('set-cookie', [
    `${deps.cookies.access}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0${secure}`,
    `${deps.cookies.refresh}=; Path=/auth; HttpOnly; SameSite=Strict; Max-Age=0${secure}`,
  ]);
}

/** Cross-site requests carry our cookies; the browser says where they come from (security B11). */
function assertSameOrigin(request: FastifyRequest, webUrl: string): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const isOurs = site === undefined ? origin === new URL(webUrl).origin : site === 'same-origin';
  if (!isOurs) throw new Forbidden('the request comes from another site');
}

function readCookie(request: FastifyRequest, name: string): string | undefined {
  const header = request.headers.cookie ?? '';
  if (header.length > COOKIES_MAX) return undefined;
  for (const part of header.split(';')) {
    const [key, ...value] = part.trim().split('=');
    if (key === name) return value.join('=');
  }
  return undefined;
}
