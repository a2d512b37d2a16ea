import type { Answer, Request, Router } from '../http.ts';
import {
  crash,
  forbidden,
  framework,
  Refusal,
  secondIssue,
  unauthorized,
  validation,
} from './refusal.ts';
import type { PanelState } from './state.ts';
import { readToken } from './tokens.ts';

export const TARGET = 'remnawave';
const BASE = '/remnawave';
const SAFE_METHODS = ['GET', 'HEAD'];
const ADMIN_RESOURCE = 'tokens';

/** A call that has passed the gate; `body` is `{}` when none was sent. */
export type Call = Readonly<{ request: Request; body: Readonly<Record<string, unknown>> }>;
export type Access = 'token' | 'admin' | 'public';

/** Registers one call of the panel's API; `pattern` starts after `/api`. */
export type Api = (
  method: string,
  pattern: string,
  handler: (call: Call) => Answer,
  access?: Access,
) => void;

/**
 * The way into the API: the check of the proxy's headers, the body, the token; then the handler,
 * whose writes are one transaction. A refusal must be thrown before the first write.
 */
export function createApi(router: Router, state: PanelState): Api {
  return (method, pattern, handler, access = 'token') => {
    const serve = (request: Request): Answer => {
      if (!cameThroughProxy(request)) return 'cut';
      const path = pathAt(request);
      const answer = state.world.store.together(() => {
        try {
          const body = readBody(request);
          if (access !== 'public') authorize(state, request, access);
          return handler({ request, body });
        } catch (error) {
          if (error instanceof Refusal) {
            const worded = state.isSecond() ? secondIssue : undefined;
            return error.toAnswer(path, state.now(), worded);
          }
          throw error;
        }
      });
      note(state, request, path, answer);
      return answer;
    };
    router.on(method, `${BASE}/api${pattern}`, serve, { api: TARGET });
  };
}

/** The path the panel sees: without the simulator's prefix, with the query. */
export const pathAt = (request: Request): string =>
  (request.incoming.url ?? request.path).slice(BASE.length);

/** The numeric id in the path, refused as the panel refuses what is not one. */
export function userIdOf(call: Call, name = 'userId'): number {
  const id = Number(call.request.params['id']);
  if (Number.isNaN(id)) {
    throw validation([
      {
        expected: 'number',
        code: 'invalid_type',
        received: 'NaN',
        path: [name],
        message: 'Invalid input: expected number, received NaN',
      },
    ]);
  }
  if (!Number.isInteger(id)) throw crash();
  return id;
}

function cameThroughProxy(request: Request): boolean {
  const { 'x-forwarded-proto': proto, 'x-forwarded-for': from } = request.headers;
  return proto === 'https' && from !== undefined && from.length > 0;
}

function readBody(request: Request): Record<string, unknown> {
  if (request.body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(request.body.toString('utf8'));
  } catch (error) {
    throw framework(400, error instanceof Error ? error.message : 'Bad Request');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>; // a JSON object, whose members are checked one by one
  }
  throw validation([
    {
      expected: 'object',
      code: 'invalid_type',
      path: [],
      message: `Invalid input: expected object, received ${Array.isArray(value) ? 'array' : typeof value}`,
    },
  ]);
}

function authorize(state: PanelState, request: Request, access: Access): void {
  const { remnawave } = state.world.config;
  const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (given === undefined) throw unauthorized();
  if (given === remnawave.token) {
    if (state.settings().tokenDeleted) throw framework(403, 'Forbidden resource');
    if (access === 'admin') throw forbidden();
    return;
  }
  const payload = readToken(given, remnawave.webhookSecret, state.world.clock.now());
  if (payload === undefined) throw unauthorized();
  if (payload.role === 'ADMIN') return;
  const token = state.tokens.get(payload.uuid);
  if (token === undefined) throw framework(403, 'Forbidden resource');
  if (access === 'admin') throw forbidden();
  if (!inScope(token.scopes, request)) throw framework(403, 'Forbidden resource');
}

function inScope(scopes: readonly string[], request: Request): boolean {
  const resource = pathAt(request).split(/[/?]/)[2] ?? ADMIN_RESOURCE;
  const right = SAFE_METHODS.includes(request.method) ? 'read' : 'write';
  return ['*', `${resource}:*`, `${resource}:${right}`].some((scope) => scopes.includes(scope));
}

function note(state: PanelState, request: Request, path: string, answer: Answer): void {
  const status = typeof answer === 'object' ? answer.status : 0;
  state.world.journal.add({
    target: TARGET,
    direction: 'to-vendor',
    summary: `${request.method} ${path} ${String(status)}`,
    detail: {
      body: request.body.toString('utf8'),
      answer: typeof answer === 'object' ? String(answer.body ?? '') : '',
    },
  });
}
