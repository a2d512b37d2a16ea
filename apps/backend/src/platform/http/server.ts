import type { IncomingMessage } from 'node:http';
import { HEADERS, type ProblemWire } from '@opora/contracts';
import { DomainError, OperationalError, type Clock, type Ids } from '@opora/kernel';
import Fastify, {
  LogController,
  type FastifyBaseLogger,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import { DatabaseAway, DatabaseUnavailable } from '../db/errors.ts';
import type { Log } from '../log/index.ts';
import { createMetrics, type Metrics } from '../metrics/index.ts';
import {
  createNetworks,
  PortInUse,
  portOf,
  stopAccepting,
  type OpenSockets,
} from '../network/index.ts';
import type { App } from './app.ts';
import { answerClientError } from './client-error.ts';
import { addHealthRoutes, type Readiness } from './health-routes.ts';
import { createInnerLink, type InnerLink } from './inner-link.ts';
import { countAnswers } from './measure.ts';
import { createGuard, requirePermission, type Authorise } from './permission.ts';
import { plainProblem, preferredLanguage, PROBLEM_TYPE, problemOf } from './problem.ts';
import { dress, requestId, situate, type ContextParts } from './request-context.ts';
import { createKnownRoutes } from './unknown-route.ts';

/** Largest body of an ordinary route, bytes. */
export const BODY_MAX = 1_048_576;
/** Largest headers together, bytes. */
const HEADERS_MAX = 16_384;
/** Longer than any proxy of ours keeps an idle connection, or it would meet a closing one. */
const KEEP_ALIVE_MS = 65_000;
const HEADERS_TIMEOUT_MS = 66_000;
const REQUEST_TIMEOUT_MS = 90_000;
/** Twice the time in which the gateway sees that readiness turned red. */
const DRAIN_DELAY_MS = 3_000;
/** Longest that requests in flight are waited for. */
const IN_FLIGHT_MAX_MS = 15_000;

export type HttpOptions = Readonly<{
  log: Log;
  ids: Ids;
  clock: Clock;
  /** Absent: nobody is taken for a role of ours. */
  link?: InnerLink;
  trustedProxies: readonly string[];
  /** Absent: every route with the permission `session` refuses. */
  authorise?: Authorise;
  /** Absent: ready while not draining. */
  readiness?: () => Readiness;
  metrics?: Metrics;
  bodyLimit?: number;
  drainDelayMs?: number;
  /** Absent: it opens its own. */
  sockets?: OpenSockets;
}>;

export interface Http {
  readonly app: App;
  readonly metrics: Metrics;
  /** True from the first `close()` on. */
  readonly draining: boolean;
  /** Resolves with the real port (0 takes a free one); throws `PortInUse`. */
  listen(port: number, host?: string): Promise<number>;
  /** Readiness red, a moment for balancers to see it, then in-flight requests end. Idempotent. */
  close(): Promise<void>;
}

export function createHttp(options: HttpOptions): Http {
  const { clock, ids, log, metrics = createMetrics() } = options;
  const link = options.link ?? createInnerLink({ role: 'none', keys: () => undefined, clock });
  const parts = { clock, ids, link, trusted: createNetworks(options.trustedProxies) };
  const app = createApp(options, (raw) => requestId(parts, raw));
  const guard = createGuard(link, options.authorise);
  const known = createKnownRoutes();
  let closing: Promise<void> | undefined;
  let isOnOpenSocket = false;
  const draining = (): boolean => closing !== undefined;

  app.addHook('onRoute', requirePermission);
  app.addHook('onRoute', known.add);
  app.addHook('onRequest', (request, reply, done) => {
    dress(request, reply);
    if (draining()) reply.header('connection', 'close');
    admit(request, { parts, guard }, done);
  });
  countAnswers(app, metrics);
  app.addHook('onResponse', (request, reply, done) => {
    // Looked at first: whoever wants no such line does not pay for its parts.
    if (log.isLevelEnabled('debug')) {
      const ms = Math.round(reply.elapsedTime);
      log.debug({ ...nameOf(request), status: reply.statusCode, ms }, 'answered');
    }
    done();
  });
  app.setErrorHandler((error, request, reply) => answer(log, error, request, reply));
  app.setNotFoundHandler((request, reply) => {
    const methods = known.methodsOf(request.url.split('?', 1)[0] ?? '');
    const code = methods.length === 0 ? 'http.not_found' : 'http.method_not_allowed';
    if (methods.length > 0) reply.header('allow', methods.join(', '));
    return send(reply, plainProblem(code, request.id, languageOf(request)));
  });
  addHealthRoutes(app, {
    readiness: options.readiness ?? (() => ({ ready: true })),
    draining,
    metrics,
  });

  return {
    app,
    metrics,
    get draining() {
      return draining();
    },
    async listen(port, host = '127.0.0.1') {
      const fd = options.sockets?.get(port);
      isOnOpenSocket = fd !== undefined;
      const place = { port, host, ...(fd === undefined ? {} : { fd }) };
      try {
        await app.listen(place);
      } catch (error) {
        if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
          throw new PortInUse(port, error);
        }
        throw error;
      }
      return portOf(app.server) ?? port;
    },
    close() {
      const delayMs = options.drainDelayMs ?? DRAIN_DELAY_MS;
      closing ??= drain(app, { clock, delayMs, isOnOpenSocket });
      return closing;
    },
  };
}

/** Told by callback: a promise for each request costs more than all that is done here. */
function admit(
  request: FastifyRequest,
  by: Readonly<{ parts: ContextParts; guard: Authorise }>,
  done: (error?: Error) => void,
): void {
  let judged: void | Promise<void> = undefined;
  try {
    situate(by.parts, request);
    if (!request.is404) judged = by.guard(request, request.routeOptions.config.permission);
  } catch (error) {
    done(error as Error); // what is thrown there is an error of ours
    return;
  }
  if (judged instanceof Promise) judged.then(() => done(), done);
  else done();
}

function createApp(options: HttpOptions, genReqId: (raw: IncomingMessage) => string): App {
  const app = Fastify({
    loggerInstance: quiet(options.log),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId,
    requestIdHeader: false,
    trustProxy: false,
    bodyLimit: options.bodyLimit ?? BODY_MAX,
    keepAliveTimeout: KEEP_ALIVE_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: HEADERS_TIMEOUT_MS,
      maxHeaderSize: HEADERS_MAX,
      insecureHTTPParser: false,
    },
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      answerClientError(options.ids, error, socket);
    },
    frameworkErrors: (error, request, reply) => {
      dress(request, reply);
      return answer(options.log, error, request, reply);
    },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  // Forms of other sites can send text/plain without asking; our API takes JSON.
  app.removeContentTypeParser('text/plain');
  app.decorateRequest('deadline');
  app.decorateRequest('clientAddress', '');
  app.decorateRequest('isFlood', false);
  return app;
}

function answer(log: Log, error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const problem = problemOf(error, request.id, languageOf(request));
  const about = { ...nameOf(request), code: problem.code, err: error };
  const blames = error instanceof DatabaseUnavailable ? 'database' : undefined;
  if (problem.code === 'http.internal') log.error(about, 'request failed');
  // Said once, by the watch over the database, and not by each request.
  else if (error instanceof DatabaseAway) log.debug(about, 'request refused for now');
  else if (error instanceof OperationalError) log.warn(about, 'request refused for now');
  else if (error instanceof DomainError) log.debug(about, 'request refused');
  const wait = error instanceof OperationalError ? (error.retryAfterMs ?? 1000) : undefined;
  if (blames !== undefined) reply.header(HEADERS.blames, blames);
  if (wait !== undefined) reply.header('retry-after', String(Math.max(1, Math.ceil(wait / 1000))));
  return send(reply, problem);
}

/** Which request, of whom, to which route; the address itself may hold credentials. */
function nameOf(request: FastifyRequest): Record<string, unknown> {
  const { id, method, routeOptions } = request;
  const personId = 'personId' in request && request.personId !== '' ? request.personId : undefined;
  return { requestId: id, personId, method, route: routeOptions.url };
}

function send(reply: FastifyReply, problem: ProblemWire): FastifyReply {
  return reply.code(problem.status).type(PROBLEM_TYPE).send(JSON.stringify(problem));
}

function languageOf(request: FastifyRequest) {
  return preferredLanguage(request.headers['accept-language']);
}

/** On an open socket the next process takes the new callers at once; ours are told to come back. */
async function drain(
  app: App,
  { clock, delayMs, isOnOpenSocket }: { clock: Clock; delayMs: number; isOnOpenSocket: boolean },
): Promise<void> {
  const wasListening = app.server.listening;
  const left = isOnOpenSocket ? stopAccepting(app.server) : undefined;
  if (delayMs > 0 && wasListening) await clock.sleep(delayMs);
  const ended = new AbortController();
  const cut = clock.sleep(IN_FLIGHT_MAX_MS, ended.signal).then(() => {
    if (!ended.signal.aborted) app.server.closeAllConnections();
  });
  await app.close();
  await left;
  ended.abort();
  await cut;
}

/** Fastify's own words are for programmers: only its warnings and errors reach our log. */
function quiet(log: Log): FastifyBaseLogger {
  const silent = (): void => undefined;
  const logger: FastifyBaseLogger = {
    level: 'warn',
    child: () => logger,
    fatal: log.fatal.bind(log),
    error: log.error.bind(log),
    warn: log.warn.bind(log),
    info: silent,
    debug: silent,
    trace: silent,
    silent,
  };
  return logger;
}
