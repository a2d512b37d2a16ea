/** Every address of the monitor: what anybody may know, what staff asks, what roles order. */
import {
  API,
  CSRF_MARK,
  HEADERS,
  isStaffPermission,
  ROLE_PERMISSIONS,
  type ActPreview,
  type SystemFiguresWire,
  type SystemHealthWire,
} from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { readCookie } from '../operations/gateway/authorization/index.ts';
import {
  HISTORY_LINES_MAX,
  type History,
  type Incident,
  type Monitor,
} from '../operations/health/index.ts';
import type { Restarts } from '../operations/restarts/index.ts';
import type { StaffDoor, StaffMember } from '../operations/staff-door/index.ts';
import type { PublicStatus } from '../operations/status/index.ts';
import {
  assertSameOrigin,
  createLive,
  Forbidden,
  serve,
  serveLive,
  Unauthenticated,
  type App,
  type Authorise,
  type InnerLink,
} from '../platform/http/index.ts';
import type { Log } from '../platform/log/index.ts';
import type { Sealing } from '../platform/sealing/index.ts';

export type MonitorEdge = Readonly<{
  monitor: Monitor;
  history: History;
  /** Closed incidents, the newest first. */
  past: () => readonly Incident[];
  status: PublicStatus;
  restarts: Restarts;
  door: StaffDoor;
  sealing: Sealing | undefined;
  link: InnerLink;
  /** Name of the cookie with the access token. */
  cookie: string;
  webUrl: string;
  clock: Clock;
  log: Log;
}>;

const INCIDENTS_TOLD = 50;
/** How often the figures are looked at while somebody has the page open, milliseconds. */
const LOOK_EVERY_MS = 1_000;
const SAFE = new Set(['GET', 'HEAD']);
/** Who asks, for as long as their request lasts. */
const members = new WeakMap<FastifyRequest, StaffMember>();

/**
 * Staff by the cookie of the site, as a browser sends it, or by the access token as bearer. A call by
 * cookie that changes something must come from our own page, with the mark of its session.
 */
export function createStaffAuthorise(
  deps: Pick<MonitorEdge, 'door' | 'sealing' | 'link' | 'cookie' | 'webUrl'>,
): Authorise {
  return (request, permission) => {
    // Roles of ours and the operator's scripts: they hold the keys of services.
    if (deps.link.isService(request.headers)) return;
    const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
    const token = bearer ?? readCookie(request.headers.cookie, deps.cookie);
    if (token === undefined || !isStaffPermission(permission)) {
      throw new Unauthenticated('no access token');
    }
    const member = deps.door.judge(token, { permission, address: request.clientAddress });
    if (bearer === undefined && !SAFE.has(request.method)) {
      assertSameOrigin(request, deps.webUrl);
      const told = request.headers[HEADERS.csrf];
      const fits =
        typeof told === 'string' &&
        deps.sealing?.verifies(CSRF_MARK, member.sessionId, told) === true;
      if (!fits) throw new Forbidden('the mark of another session, or none');
    }
    members.set(request, member);
  };
}

/** What is asked by the gateway for people, and at the monitor's own port. */
export function mountSystem(app: App, edge: MonitorEdge): void {
  const { status, restarts, clock, log } = edge;
  const live = createLive({
    ...{ name: 'health', everyMs: LOOK_EVERY_MS, clock, log },
    read: () => Promise.resolve(figuresOf(edge)),
    news: ({ at: _at, ...figures }) => figures,
  });
  serve(app, API.status.read, () => Promise.resolve(status.read()));
  serve(app, API.system.health, ({ request }) =>
    Promise.resolve(describe(edge, memberOf(request))),
  );
  serveLive(app, API.system.stream, live);
  serve(app, API.system.restart.preview, ({ body }) =>
    Promise.resolve(foresee(body.service, restarts.preview(body.service).others)),
  );
  serve(app, API.system.restart.perform, async ({ body, key, request }) => {
    const { service, reason } = body;
    const done = await restarts.perform({ service, reason, key, actor: actorOf(request) });
    return { auditId: done.id, isFirst: done.isFirst, note: UNDER_WAY };
  });
}

/** `GET /system-health` for anybody on this machine, `POST /services/{name}/restart`. */
export function mountMonitor(
  app: App,
  { monitor, history }: Pick<MonitorEdge, 'monitor' | 'history'>,
): void {
  app.get('/system-health', { config: { permission: 'public' } }, () => monitor.report());
  const limit = z.coerce.number().int().min(1).max(HISTORY_LINES_MAX).default(120);
  app.get(
    '/system-health/history',
    { config: { permission: 'public' }, schema: { querystring: z.object({ limit }) } },
    async (request) => ({ checks: await history.read(request.query.limit) }),
  );
}

/** For roles and the operator's scripts without limits, for staff one instance with a reason. */
export function mountRestart(app: App, edge: Pick<MonitorEdge, 'monitor' | 'restarts' | 'link'>) {
  const { monitor, restarts, link } = edge;
  app.post(
    '/services/:name/restart',
    {
      config: { permission: 'services:restart' },
      schema: {
        params: z.object({ name: z.string().min(1).max(50) }),
        querystring: z.object({ reason: z.string().trim().min(3).max(500).default(BY_HAND) }),
      },
    },
    async (request, reply) => {
      const { name } = request.params;
      if (link.isService(request.headers)) await monitor.restart(name);
      else {
        const { reason } = request.query;
        const order = { service: name, reason, key: request.id, actor: actorOf(request) };
        await restarts.perform(order);
      }
      return reply.code(202).send({ service: name, status: 'restarting' });
    },
  );
}

const BY_HAND = 'asked at the port of the monitor';
const UNDER_WAY = {
  ru: 'Перезапуск идёт: его ход виден на странице',
  en: 'The restart is under way: the page shows how far',
};

function memberOf(request: FastifyRequest): StaffMember {
  const member = members.get(request);
  if (member === undefined) throw new Unauthenticated('not staff');
  return member;
}

function actorOf(request: FastifyRequest) {
  const { personId, name } = memberOf(request);
  return { id: personId, name, requestId: request.id, remoteAddress: request.clientAddress };
}

function foresee(service: string, others: readonly string[]): ActPreview {
  const left = others.join(', ');
  const work =
    others.length === 0
      ? {
          ru: 'Пока он поднимается, его работу не делает никто: вызовы подождут или повторятся',
          en: 'Until it is back nobody does its work: calls wait or are repeated',
        }
      : { ru: `Работают дальше: ${left}`, en: `At work meanwhile: ${left}` };
  return {
    title: { ru: `Перезапустить ${service}?`, en: `Restart ${service}?` },
    verb: { ru: 'Перезапустить', en: 'Restart' },
    consequences: [
      {
        kind: 'note',
        text: {
          ru: 'Он закончит начатое, выйдет и поднимется снова',
          en: 'It ends what it has begun, leaves and comes back',
        },
      },
      { kind: 'note', text: work },
    ],
    needsStepUp: false,
    isDangerous: others.length === 0,
  };
}

function describe(edge: MonitorEdge, member: StaffMember): SystemHealthWire {
  const { sessionId, personId, name, language, role, expiresAt, isByCopy } = member;
  return {
    ...figuresOf(edge),
    isByCopy,
    session: {
      ...{ personId, name, language, email: null },
      expiresAt: expiresAt.toISOString(),
      csrfToken: edge.sealing?.mac(CSRF_MARK, sessionId) ?? '',
      staff: { role, permissions: [...ROLE_PERMISSIONS[role]], steppedUpUntil: null },
    },
  };
}

function figuresOf({ monitor, past }: Pick<MonitorEdge, 'monitor' | 'past'>): SystemFiguresWire {
  const { at, status, version, services, incidents } = monitor.report();
  return {
    ...{ at, status, version },
    services: services.map((one) => ({
      ...{ name: one.name, role: one.role, state: one.state, latencyMs: one.latencyMs },
      ...{ since: one.since, degraded: [...one.degraded], restarts: one.restarts },
      lastRestart: one.lastRestarts.at(-1) ?? null,
      breaker: one.breaker,
      canRestart: one.supervised !== null,
    })),
    incidents: [...incidents, ...past()].slice(0, INCIDENTS_TOLD),
  };
}
