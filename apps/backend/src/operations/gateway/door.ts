import type { IncomingMessage, ServerResponse } from 'node:http';
import { HEADERS, type AuthLevel, type ProblemCode } from '@opora/contracts';
import type { Clock, Ids, Secret } from '@opora/kernel';
import { createInnerLink, isRequestId, type InnerLink } from '../../platform/http/index.ts';
import type { Counter, Metrics } from '../../platform/metrics/index.ts';
import { clientAddress, createNetworks, type Networks } from '../../platform/network/index.ts';
import { readCookie, type Authorization, type Verdict } from './authorization/index.ts';
import { answerJson, answerProblem, type Asked } from './answer.ts';
import { BodyTooLarge, collect, counted, planBody, type Body } from './body.ts';
import { Exchange } from './exchange.ts';
import { requestHeaders } from './headers.ts';
import { faultOf, routeOf, type Route, type UpstreamName } from './routes.ts';
import type { Upstream } from './upstream.ts';

/** A request that may go on. */
type Admitted = Asked & Readonly<{ route: Route; startedMs: number; level: AuthLevel }>;

/** Looks at every request once: refuse it, answer it here, or send it on its way. */
export class Door {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #upstreams: Readonly<Record<UpstreamName, Upstream>>;
  readonly #isClosing: () => boolean;
  readonly #link: InnerLink;
  readonly #inner: string;
  readonly #trusted: Networks;
  readonly #refusals: Counter;
  readonly #authorization: Authorization | undefined;

  constructor(
    deps: {
      clock: Clock;
      ids: Ids;
      metrics: Metrics;
      internalToken: Secret | undefined;
      trustedProxies: readonly string[];
    },
    authorization: Authorization | undefined,
    upstreams: Readonly<Record<UpstreamName, Upstream>>,
    isClosing: () => boolean,
  ) {
    this.#clock = deps.clock;
    this.#ids = deps.ids;
    this.#upstreams = upstreams;
    this.#isClosing = isClosing;
    this.#authorization = authorization;
    this.#link = createInnerLink(deps.internalToken);
    this.#inner = deps.internalToken?.reveal() ?? '';
    this.#trusted = createNetworks(deps.trustedProxies);
    this.#refusals = deps.metrics.counter('gateway_refused_total', 'Refused here.', ['code']);
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const startedMs = this.#clock.monotonicMs();
    const requestId = this.#requestIdOf(request);
    const { method = '', url = '' } = request;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const { rawHeaders } = request;
    const transferEncoding = request.headers['transfer-encoding'];
    const fault = faultOf({ method, url, path, rawHeaders, transferEncoding });
    if (fault !== undefined) {
      this.#refuse({ request, response, requestId }, fault);
      return;
    }
    const route = routeOf(path);
    if (route === undefined) this.#answerHere({ request, response, requestId }, path);
    else this.#authorize({ request, response, route, requestId, startedMs, level: 1 }, path);
  }

  /** What needs a session passes the guard; everything else proves itself, or is for everybody. */
  #authorize(admitted: Admitted, path: string): void {
    const { request } = admitted;
    const named = this.#authorization?.table(request.method ?? '', path);
    if (named === undefined || this.#authorization === undefined) {
      this.#admit(admitted);
      return;
    }
    const token = readCookie(request.headers.cookie, this.#authorization.cookie);
    const verdict = this.#authorization.guard.check(named, token);
    if (verdict instanceof Promise) {
      void verdict.then((late) => {
        this.#obey(admitted, late);
      });
    } else this.#obey(admitted, verdict);
  }

  #obey(admitted: Admitted, verdict: Verdict): void {
    if (verdict.kind === 'refuse') this.#refuse(admitted, verdict.code);
    else if (verdict.level === 1) this.#admit(admitted);
    else this.#admit({ ...admitted, level: verdict.level, route: withoutAuth(admitted.route) });
  }

  #admit(admitted: Admitted): void {
    const { request, route } = admitted;
    const plan = planBody(request.headers, route);
    switch (plan.kind) {
      case 'too_large':
        this.#refuse(admitted, 'http.body_too_large');
        return;
      case 'none':
        this.#forward(admitted, null);
        return;
      case 'stream':
        this.#forward(admitted, request, plan.length);
        return;
      case 'count':
        this.#forward(admitted, counted(request, route.bodyMax));
        return;
      case 'collect':
        void this.#forwardCollected(admitted);
    }
  }

  async #forwardCollected(admitted: Admitted): Promise<void> {
    const { request, response, route } = admitted;
    try {
      this.#forward(admitted, await collect(request, route.bodyMax));
    } catch (error) {
      // Whoever left in the middle of a body reads no answer.
      if (!(error instanceof BodyTooLarge)) response.destroy();
      else this.#refuse(admitted, 'http.body_too_large');
    }
  }

  #forward(admitted: Admitted, body: Body, length?: number): void {
    const { request, response, route, requestId, startedMs, level } = admitted;
    const headers = requestHeaders(request.rawHeaders, request.headers.connection, {
      requestId,
      deadlineMs: route.deadlineMs,
      inner: this.#inner,
      clientAddress: this.#clientOf(request),
    });
    if (length !== undefined) headers.push('content-length', String(length));
    if (level !== 1) headers.push(HEADERS.level, String(level));
    const upstream = this.#upstreams[route.upstream];
    const { deadlineMs } = route;
    new Exchange({
      upstream,
      request,
      response,
      requestId,
      headers,
      body,
      deadlineMs,
      startedMs,
      isRepeatable: route.repeatable === true,
    }).begin();
  }

  #answerHere(asked: Asked, path: string): void {
    const { request, response, requestId } = asked;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const health = reads ? this.#healthOf(path) : undefined;
    if (health === undefined) this.#refuse(asked, 'http.not_found');
    else answerJson(response, health.status, { ...health, requestId, closing: this.#isClosing() });
  }

  /** The gateway's own word about itself; names of instances stay inside. */
  #healthOf(path: string): { status: number; body: object } | undefined {
    if (path === '/health/live') return { status: 200, body: { status: 'live' } };
    if (path !== '/health' && path !== '/health/ready') return undefined;
    if (this.#isClosing()) return { status: 503, body: { status: 'draining' } };
    const degraded = Object.values(this.#upstreams)
      .filter(({ instances }) => !instances.some((instance) => instance.up))
      .map(({ name }) => name);
    const status = degraded.length === 0 ? 'ready' : 'degraded';
    return { status: 200, body: { status, degraded } };
  }

  #refuse(asked: Asked, code: ProblemCode): void {
    this.#refusals.cell(code).add();
    answerProblem(asked, code, this.#isClosing());
  }

  #requestIdOf(request: IncomingMessage): string {
    const told = request.headers[HEADERS.requestId];
    const usable =
      typeof told === 'string' && isRequestId(told) && this.#link.proves(request.headers);
    return usable ? told : this.#ids.next('req');
  }

  #clientOf(request: IncomingMessage): string {
    const forwarded = request.headers['x-forwarded-for'];
    const list = typeof forwarded === 'string' ? forwarded : undefined;
    return clientAddress(request.socket.remoteAddress ?? '', list, this.#trusted);
  }
}

/** The API reads sessions too, so who is signed in can be told while the auth service is away. */
function withoutAuth(route: Route): Route {
  return route.upstream === 'auth' ? { ...route, upstream: 'api' } : route;
}
