/**
 * Who may call what: the decision behind the permission `session` and every right of staff.
 *
 * A call with an API key (`Authorization: Bearer opk_...`) has no cookies looked at, so no other site can
 * make a browser send one. It gets what its key was made for (`keyScopeOf`), and nothing sensitive.
 *
 * Against other sites (security B11) an unsafe call needs two things. First, it comes from our site: a
 * browser says `Sec-Fetch-Site: same-origin`, and whoever says nothing of the kind must name our
 * `Origin`. Second, it belongs to this very session: `X-CSRF-Token`, an HMAC over the session's id
 * that `SessionWire.csrfToken` tells and another site cannot read.
 *
 * The site's own server (Next: pages and server actions) is a caller like a browser. It passes the
 * visitor's `Cookie` header on, and for unsafe calls adds `Origin: <OPORA_WEB_URL>` itself and the
 * `X-CSRF-Token` it was given with `GET /auth/session`. It never calls `/auth/refresh`: the refresh
 * cookie has the path `/auth`, so only the browser has it, and only there can new cookies be set. The
 * forwarding of `/api` and `/auth` in `apps/web/server/forward.mjs` passes all of these as they are.
 */
import {
  CSRF_MARK,
  HEADERS,
  isStaffPermission,
  keyScopeOf,
  ROLE_PERMISSIONS,
  STEP_UP_PERMISSIONS,
  type Permission,
  type StaffPermission,
  type StaffRole,
} from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { FastifyRequest } from 'fastify';
import {
  assertSameOrigin,
  Forbidden,
  type App,
  type Authorise,
  type InnerLink,
} from '../../../platform/http/index.ts';
import type { Sealing } from '../../../platform/sealing/index.ts';
import { readApiKey, type ShownKey } from '../../../platform/tokens/index.ts';
import type { TokenEnd, TokenVerifier } from '../../../platform/tokens/index.ts';
import type { Actor } from '../../audit/index.ts';
import {
  CsrfRefused,
  KeyRefused,
  SessionEnded,
  StepUpRequired,
  type ApiKeys,
  type Sessions,
} from '../index.ts';
import { readCookie, type Site } from './cookies.ts';

/** Who of the staff calls: for the acts' services, the audit log, and what is masked. */
export type StaffCaller = Readonly<{
  personId: string;
  name: string;
  role: StaffRole;
  actor: Actor;
}>;

declare module 'fastify' {
  interface FastifyRequest {
    /** Who is signed in; set for the permission `session` and all rights of staff. */
    personId: string;
    /** The session behind it, and the end of its access token. */
    session: Readonly<{ id: string; expiresAt: Date }>;
    /** Set for routes that need a right of staff. */
    staff: StaffCaller;
  }
}

/** How long a second factor stays fresh. */
export const STEP_UP_MS = 5 * 60_000;
const SAFE = new Set(['GET', 'HEAD']);

export type Guard = Site &
  Readonly<{
    clock: Clock;
    sessions: Sessions;
    apiKeys: ApiKeys;
    verifier: TokenVerifier;
    sealing: Sealing;
    /** Proves that our gateway passed a call on. */
    link: InnerLink;
  }>;

/** Once per server, before its routes: the fields that the decision below fills. */
export function installSession(app: App): void {
  app.decorateRequest('personId', '');
  app.decorateRequest('session');
  app.decorateRequest('staff');
}

/** `session` needs a good access token alone; a right of staff asks the database, every time. */
export function createAuthorise(deps: Guard): Authorise {
  return async (request, permission) => {
    const key = readApiKey(request.headers.authorization);
    if (key === 'malformed') throw new KeyRefused('not a key of ours');
    if (key !== undefined) {
      await admitKey(deps, request, { permission, key });
      return;
    }
    const token = readCookie(request, deps.cookies.access);
    if (token === undefined) throw new SessionEnded('no access token');
    const { sub, sid, exp } = deps.verifier.verify(token, tokenEnd(deps, request));
    if (!SAFE.has(request.method)) {
      assertSameOrigin(request, deps.webUrl);
      assertOwnForm(request, deps.sealing, sid);
    }
    request.personId = sub;
    request.session = { id: sid, expiresAt: new Date(exp * 1000) };
    if (isStaffPermission(permission)) request.staff = await staffCaller(deps, request, permission);
  };
}

/** The session behind a key is none: its id fits nobody's. */
async function admitKey(
  deps: Guard,
  request: FastifyRequest,
  { permission, key }: { permission: Permission; key: ShownKey },
): Promise<void> {
  const caller = await deps.apiKeys.use(key, request.clientAddress);
  const { method, routeOptions } = request;
  const scope = keyScopeOf({ permission, method, path: routeOptions.url ?? '' });
  if (scope === undefined || !caller.grants.has(scope)) throw new Forbidden('not with this key');
  const { personId, role, keyId } = caller;
  const name = `${caller.name} (${keyId})`;
  request.personId = personId;
  request.session = { id: keyId, expiresAt: deps.clock.now() };
  if (role === undefined) return;
  const actor = { id: personId, name, requestId: request.id, remoteAddress: request.clientAddress };
  request.staff = { personId, name, role, actor };
}

/**
 * While the auth service is away nobody can get a new token, so the gateway vouches for one whose own
 * end has passed: only for what its level allows, and only over the inner link.
 */
function tokenEnd({ link }: Guard, request: FastifyRequest): TokenEnd {
  const level = link.proves(request.headers) ? request.headers[HEADERS.level] : undefined;
  if (level === '3') return 'deg_exp';
  return level === '4' ? 'day' : 'exp';
}

async function staffCaller(
  deps: Guard,
  request: FastifyRequest,
  permission: StaffPermission,
): Promise<StaffCaller> {
  const { personId, name, role, secondFactorAt } = await deps.sessions.staff(
    request.session.id,
    request.clientAddress,
  );
  if (!ROLE_PERMISSIONS[role].has(permission)) throw new Forbidden(`${role} lacks ${permission}`);
  const isPreview = request.routeOptions.config.previews === true;
  if (STEP_UP_PERMISSIONS.has(permission) && !isPreview) {
    const until = steppedUpUntil(secondFactorAt, deps.clock);
    if (until === undefined) throw new StepUpRequired('the second factor is too old');
  }
  const actor = {
    id: personId,
    name,
    requestId: request.id,
    remoteAddress: request.clientAddress,
  };
  return { personId, name, role, actor };
}

/** Undefined: acts of weight need a new second factor. */
export function steppedUpUntil(secondFactorAt: Date | undefined, clock: Clock): Date | undefined {
  if (secondFactorAt === undefined) return undefined;
  const until = new Date(secondFactorAt.getTime() + STEP_UP_MS);
  return until.getTime() > clock.now().getTime() ? until : undefined;
}

export function csrfToken(sealing: Sealing, sessionId: string): string {
  return sealing.mac(CSRF_MARK, sessionId);
}

function assertOwnForm(request: FastifyRequest, sealing: Sealing, sessionId: string): void {
  const told = request.headers[HEADERS.csrf];
  const fits = typeof told === 'string' && sealing.verifies(CSRF_MARK, sessionId, told);
  if (!fits) throw new CsrfRefused('the token of another session, or none');
}
