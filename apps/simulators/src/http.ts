import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '@opora/kernel';
import type { Faults } from './faults.ts';

/** Longest body a simulator reads; vendors differ, none needs more. */
const BODY_MAX_BYTES = 10 * 1024 * 1024;
const TIMEOUT_HOLD_MS = 30_000;
const SLOW_MS = { least: 1_000, spread: 2_000 };

export type Request = Readonly<{
  method: string;
  path: string;
  /** Named parts of the pattern (`:id`), percent-decoded. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: Buffer;
  remoteAddress: string;
  incoming: IncomingMessage;
  response: ServerResponse;
}>;

/** `undefined` from a handler means: it has taken the response over (server-sent events). */
export type Answer =
  | Readonly<{ status: number; headers?: Record<string, string>; body?: string | Buffer }>
  | 'cut'
  | undefined;

export type Handler = (request: Request) => Answer | Promise<Answer>;

export interface Router {
  /**
   * `pattern` is a path with `:name` parts; a last part `*` takes the rest. `api` names the fault
   * target whose faults strike this route: set it on the vendor's API, not on pages or control.
   */
  on(method: string, pattern: string, handler: Handler, options?: { api?: string }): void;
}

export const json = (
  status: number,
  value: unknown,
  headers: Record<string, string> = {},
): Answer => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

export const html = (body: string, status = 200): Answer => ({
  status,
  headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
  body,
});

export const redirect = (location: string): Answer => ({ status: 303, headers: { location } });

/** Text made safe for HTML content and quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(
    /[&<>"']/g,
    (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[sign] ?? '&#39;',
  );
}

/** The body as JSON, or `undefined` when it is not JSON. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

type Route = { method: string; parts: string[]; handler: Handler; api: string | undefined };

/** What serving needs of the world. */
type Serving = Readonly<{ clock: Clock; faults: Faults; log(line: string): void }>;

export function createRouter(world: Serving): Router & { server: Server } {
  const routes: Route[] = [];
  const server = createServer((incoming, response) => {
    void serve(incoming, response).catch((error: unknown) => {
      world.log(`request failed: ${incoming.url ?? ''}: ${String(error)}`);
      if (response.headersSent) response.destroy();
      else send(response, json(500, { error: 'the simulator failed, see its log' }));
    });
  });
  server.keepAliveTimeout = 65_000;

  async function serve(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(incoming.url ?? '/', 'http://simulators');
    const found = match(routes, incoming.method ?? 'GET', url.pathname);
    const body = await readBody(incoming);
    if (found === undefined) {
      send(
        response,
        json(404, { error: `nothing here: ${incoming.method ?? ''} ${url.pathname}` }),
      );
      return;
    }
    const request: Request = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      params: found.params,
      query: url.searchParams,
      headers: incoming.headers,
      body,
      remoteAddress: incoming.socket.remoteAddress ?? '',
      incoming,
      response,
    };
    send(response, await answer(found.route, request));
  }

  async function answer(route: Route, request: Request): Promise<Answer> {
    const target = route.api;
    if (target === undefined) return route.handler(request);
    if (world.faults.strikes(target, 'timeout')) {
      await world.clock.sleep(TIMEOUT_HOLD_MS);
      return 'cut';
    }
    if (world.faults.strikes(target, 'error')) return json(500, { error: 'injected fault' });
    if (world.faults.strikes(target, 'slow')) {
      await world.clock.sleep(SLOW_MS.least + SLOW_MS.spread * world.faults.amount(target, 'slow'));
    }
    const result = await route.handler(request);
    return world.faults.strikes(target, 'drop-answer') ? 'cut' : result;
  }

  return {
    server,
    on(method, pattern, handler, options = {}) {
      routes.push({ method, parts: pattern.split('/').slice(1), handler, api: options.api });
    },
  };
}

function match(
  routes: readonly Route[],
  method: string,
  path: string,
): { route: Route; params: Record<string, string> } | undefined {
  const given = path.split('/').slice(1);
  for (const route of routes) {
    if (route.method !== method) continue;
    const params = matchParts(route.parts, given);
    if (params !== undefined) return { route, params };
  }
  return undefined;
}

function matchParts(
  parts: readonly string[],
  given: readonly string[],
): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  const open = parts.at(-1) === '*';
  if (open ? given.length < parts.length - 1 : given.length !== parts.length) return undefined;
  for (const [at, part] of parts.entries()) {
    const text = given[at] ?? '';
    if (part === '*' && open && at === parts.length - 1) {
      params['rest'] = given.slice(at).join('/');
    } else if (part.includes(':')) {
      // `bot:token` is a fixed word followed by a name, as Telegram's paths are made.
      const colon = part.indexOf(':');
      if (!text.startsWith(part.slice(0, colon)) || text.length === colon) return undefined;
      params[part.slice(colon + 1)] = safeDecode(text.slice(colon));
    } else if (part !== text) return undefined;
  }
  return params;
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readBody(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  const read = incoming as AsyncIterable<Buffer>; // text only where an encoding was set
  for await (const chunk of read) {
    size += chunk.length;
    if (size > BODY_MAX_BYTES) throw new Error('body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function send(response: ServerResponse, answer: Answer): void {
  if (answer === undefined) return;
  if (answer === 'cut') {
    response.socket?.destroy();
    return;
  }
  response.writeHead(answer.status, answer.headers ?? {});
  response.end(answer.body);
}
