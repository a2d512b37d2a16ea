/**
 * How the platform itself does, for staff. The monitor answers these, and judges by itself who asks
 * (its own copy of the keys and of the living sessions of staff), so that they work while auth, api
 * and the database are away.
 */
import { z } from 'zod';
import { actElsewhere } from './acts.ts';
import { exampleAt, exampleIds, Instant } from './shapes.ts';
import { endpoint } from './endpoint.ts';
import { SessionWire } from './session.ts';

/** Everything under it is the monitor's. */
export const SYSTEM_PATH = '/api/v1/system/';
const SERVICES_MAX = 200;
const INCIDENTS_MAX = 100;

const Short = z.string().max(200);

export const ServiceHealthWire = z.object({
  /** `api#1`. */
  name: Short,
  role: Short,
  state: z.enum(['up', 'degraded', 'not_ready', 'down', 'unknown']),
  latencyMs: z.number().nullable(),
  since: Instant,
  /** What it says is missing. */
  degraded: z.array(Short),
  /** Since the supervisor started; null: the host keeps this process. */
  restarts: z.int().nullable(),
  lastRestart: z.object({ at: Instant, words: Short, isAsked: z.boolean() }).nullable(),
  /** Of the gateway's breaker round it; null: the gateway does not call it. */
  breaker: Short.nullable(),
  canRestart: z.boolean(),
});
export type ServiceHealthWire = z.infer<typeof ServiceHealthWire>;

export const SystemIncidentWire = z.object({
  id: Short,
  subject: Short,
  level: z.enum(['warning', 'critical']),
  kind: Short,
  detail: z.string().max(500),
  openedAt: Instant,
  closedAt: Instant.nullable(),
});
export type SystemIncidentWire = z.infer<typeof SystemIncidentWire>;

export const SystemHealthWire = z.object({
  at: Instant,
  status: z.enum(['ok', 'degraded', 'down', 'unknown']),
  version: Short,
  services: z.array(ServiceHealthWire).max(SERVICES_MAX),
  /** Open ones first, then the newest of the closed. */
  incidents: z.array(SystemIncidentWire).max(INCIDENTS_MAX),
  /** Who asks, as the monitor knows it: for a page while nobody else can say. */
  session: SessionWire,
  /** Nobody of auth answered lately: this is by the monitor's copy. */
  isByCopy: z.boolean(),
});
export type SystemHealthWire = z.infer<typeof SystemHealthWire>;

/** The part of it that is the same for everybody who looks. */
export const SystemFiguresWire = SystemHealthWire.omit({ session: true, isByCopy: true });
export type SystemFiguresWire = z.infer<typeof SystemFiguresWire>;

const exampleService: ServiceHealthWire = {
  ...{ name: 'api#1', role: 'api', state: 'up', latencyMs: 3, since: exampleAt, degraded: [] },
  ...{ restarts: 1, breaker: 'closed', canRestart: true },
  lastRestart: { at: exampleAt, words: 'SIGKILL', isAsked: false },
};

const exampleFigures: SystemFiguresWire = {
  ...{ at: exampleAt, status: 'ok', version: '1.4.0', services: [exampleService] },
  incidents: [],
};

export const system = {
  health: endpoint({
    method: 'GET',
    path: `${SYSTEM_PATH}health`,
    permission: 'health:read',
    about: 'Each service as the monitor sees it, with open and past incidents.',
    answer: SystemHealthWire,
    example: {
      answer: {
        ...exampleFigures,
        session: {
          ...{ personId: exampleIds.staff, name: 'Operator', language: 'en', email: null },
          ...{ expiresAt: exampleAt, csrfToken: 'q0Zq7mS0r2vJ3tYc1n5bXw' },
          staff: { role: 'admin', permissions: ['health:read'], steppedUpUntil: null },
        },
        isByCopy: false,
      },
    },
  }),
  stream: endpoint({
    method: 'GET',
    path: `${SYSTEM_PATH}health/stream`,
    permission: 'health:read',
    about: 'The same figures as server-sent events `health`, sent when they change.',
    media: 'text/event-stream',
    answer: SystemFiguresWire,
    example: { answer: exampleFigures },
  }),
  restart: actElsewhere({
    name: 'services.restart',
    permission: 'services:restart',
    about: 'Restarts one instance of a service, never the last that works of several.',
    under: `${SYSTEM_PATH}acts`,
    shape: { service: z.string().regex(/^[a-z]{2,20}#\d{1,3}$/) },
    example: { service: 'api#1' },
  }),
} as const;
