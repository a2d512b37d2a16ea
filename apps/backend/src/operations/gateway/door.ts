import { ServerResponse, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { HEADERS, type NamedEndpoint, type ProblemCode } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import { isRequestId, type InnerLink } from '../../platform/http/index.ts';
import type { Counter, Metrics } from '../../platform/metrics/index.ts';
import { clientAddress, createNetworks, type Networks } from '../../platform/network/index.ts';
import type { Redis } from '../../platform/redis/index.ts';
import { readApiKey } from '../../platform/tokens/index.ts';
import { readCookie, type Authorization, type Verdict, type Who } from './authorization/index.ts';
import { answerJson, answerPreflight, answerProblem, type Asked, type Refused } from './answer.ts';
import { Cors, isPreflight } from './cors.ts';
import { Limits, type LimitsOptions, type LimitVerdict } from './limits/index.ts';
import { Passage } from './passage.ts';
import type { Passing, Upgrade } from './passing.ts';
import { faultOf, routeOf, type Route, type UpstreamName } from './routes.ts';
import { Tunnels } from './tunnels.ts';
import type { Upstream } from './upstream.ts';

/** All that a caller learns of the levels. */
const DEGRADED = [HEADERS.degraded, '1'];

/** Looks at every request once: refuse it, answer it here, or send it on its way. */
export class Door {
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #upstreams: Readonly<Record<UpstreamName, Upstream>>;
  readonly #isClosing: () => boolean;
  readonly #link: InnerLink;
  readonly #trusted: Networks;
  readonly #refusals: Counter;
  readonly #authorization: Authorization | undefined;
  readonly #limits: Limits | undefined;
  readonly #passage: Passage;
  readonly #tunnels: Tunnels;
  readonly #webOrigin: string | undefined;
  #cors: Cors;

  constructor(
    deps: {
      clock: Clock;
      ids: Ids;
      metrics: Metrics;
      link: InnerLink;
      trustedProxies: readonly string[];
      limits?: LimitsOptions;
      corsOrigins?: readonly string[];
      webOrigin?: string;
      redis?: Redis;
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
    this.#link = deps.link;
    this.#trusted = createNetworks(deps.trustedProxies);
    const { clock, metrics, limits, redis } = deps;
    this.#limits =
      limits && new Limits({ clock, metrics, limits, redis, own: this.#trusted, upstreams });
    this.#cors = new Cors(deps.corsOrigins ?? []);
    this.#refusals = deps.metrics.counter('gateway_refused_total', 'Refused here.', ['code']);
    const refuse = (passing: Passing, code: ProblemCode): void => {
      this.#refuse(passing, code);
    };
    const { link } = deps;
    this.#passage = new Passage({ upstreams, link, limits: this.#limits, refuse });
    this.#tunnels = new Tunnels({ clock, link, refuse });
    this.#webOrigin = deps.webOrigin;
  }

  /** Whose pages may read answers from now on. */
  letRead(corsOrigins: readonly string[]): void {
    this.#cors = new Cors(corsOrigins);
  }

  /** A connection: whoever has too many is not even told why, an answer would be one more cost. */
  meet(socket: Socket): void {
    const address = clientAddress(socket.remoteAddress ?? '', undefined, this.#trusted);
    if (this.#limits?.mayConnect(socket, address) === false) socket.destroy();
  }

  /** A WebSocket is asked for: judged as any request, on a connection that serves no other. */
  upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    response.once('finish', () => socket.end());
    // Its place among the calls of its person is kept as long as it is open.
    socket.once('close', () => response.emit('close')).on('error', () => socket.destroy());
    this.answer(request, response, { socket, head });
  }

  /** Says so to everybody who has a WebSocket open. */
  leave(): void {
    this.#tunnels.close();
  }

  answer(request: IncomingMessage, response: ServerResponse, upgrade?: Upgrade): void {
    const startedMs = this.#clock.monotonicMs();
    const requestId = this.#requestIdOf(request);
    const { method = '', url = '' } = request;
    const mark = url.indexOf('?');
    const path = mark === -1 ? url : url.slice(0, mark);
    const address = this.#clientOf(request);
    const { rawHeaders } = request;
    const transferEncoding = request.headers['transfer-encoding'];
    const fault = faultOf({ method, url, path, rawHeaders, transferEncoding });
    if (fault !== undefined) {
      this.#limits?.strike(address);
      this.#refuse({ request, response, requestId, isDoubtful: true }, fault);
      return;
    }
    const route = routeOf(path);
    if (route === undefined) this.#answerHere({ request, response, requestId }, path, address);
    else {
      // Whoever proves itself is no page.
      const isPages = route.provesItself !== true;
      const headers = isPages ? this.#cors.headersFor(request.headers.origin) : [];
      const about = { route, method, path, address, startedMs, level: 1, headers } as const;
      const passing = { request, response, requestId, ...about };
      if (this.#limits?.isFullFor(passing) === true) this.#refuse(passing, 'gateway.overloaded');
      else if (upgrade === undefined) this.#authorize(passing);
      else this.#authorizeUpgrade({ ...passing, upgrade });
    }
  }

  /** What needs a session passes the guard; everything else proves itself, or is for everybody. */
  #authorize(passing: Passing): void {
    const { route, method, path } = passing;
    if (route.provesItself === true) {
      this.#passage.admit(passing);
      return;
    }
    const named = this.#authorization?.table(method, path);
    if (named === undefined || this.#authorization === undefined) {
      this.#count(passing);
      return;
    }
    const verdict = this.#ask(this.#authorization, named, passing);
    if (verdict instanceof Promise) {
      void verdict.then((late) => {
        this.#obey(passing, named, late);
      });
    } else this.#obey(passing, named, verdict);
  }

  #ask({ guard, cookie }: Authorization, named: NamedEndpoint, { request, address }: Passing) {
    const { headers } = request;
    const key = readApiKey(headers.authorization);
    return key === undefined
      ? guard.check(named, readCookie(headers.cookie, cookie))
      : guard.checkKey(named, key, address);
  }

  /** Only where somebody's session is asked for, and never for a page of a stranger: cookies come along. */
  #authorizeUpgrade(passing: Passing): void {
    const { origin } = passing.request.headers;
    const isOurs = origin === undefined || origin === this.#webOrigin || this.#cors.isNamed(origin);
    const named = this.#authorization?.table(passing.method, passing.path);
    if (named === undefined) this.#refuse(passing, 'http.not_found');
    else if (isOurs) this.#authorize(passing);
    else this.#refuse(passing, 'http.forbidden');
  }

  #openTunnel(passing: Passing, upgrade: Upgrade): void {
    const { method, path, route, level } = passing;
    const named = this.#authorization?.table(method, path);
    const authorization = this.#authorization;
    if (level !== 1 || named === undefined || authorization === undefined) {
      this.#refuse(passing, 'gateway.auth_away');
      return;
    }
    this.#tunnels.open(passing, upgrade, this.#upstreams[route.upstream], async () => {
      const { kind } = await this.#ask(authorization, named, passing);
      return kind === 'pass';
    });
  }

  #obey(passing: Passing, named: NamedEndpoint, verdict: Verdict): void {
    if (verdict.kind === 'refuse') {
      const isAway = verdict.code === 'gateway.auth_away';
      const told = isAway ? degraded(passing) : passing;
      this.#count(told, { named, refusal: verdict.code });
    } else {
      const { level, who } = verdict;
      const told = level === 1 ? passing : degraded(passing);
      const route = level === 1 ? passing.route : withoutAuth(passing.route);
      this.#count({ ...told, level, route }, { named, who });
    }
  }

  /** A call that the guard refuses is counted too: as a stranger's, whatever it says it is. */
  #count(
    passing: Passing,
    known: { named?: NamedEndpoint; who?: Who; refusal?: ProblemCode } = {},
  ): void {
    const verdict = this.#limits?.judge(passing, known);
    if (verdict instanceof Promise) {
      void verdict.then((late) => {
        this.#conclude(passing, late, known.refusal);
      });
    } else this.#conclude(passing, verdict, known.refusal);
  }

  #conclude(
    passing: Passing,
    verdict: LimitVerdict | undefined,
    refusal: ProblemCode | undefined,
  ): void {
    const code = verdict?.refusal ?? refusal;
    const headers = [...passing.headers, ...(verdict?.headers ?? [])];
    const told = { ...passing, headers };
    if (code !== undefined) this.#refuse(told, code);
    else if (passing.upgrade !== undefined) this.#openTunnel(told, passing.upgrade);
    else if (isPreflight(passing.request)) this.#answerPreflight(told);
    else this.#passage.admit(told);
  }

  #answerPreflight(passing: Passing): void {
    const { origin } = passing.request.headers;
    const headers = [...passing.headers, ...this.#cors.preflightFor(origin)];
    answerPreflight({ ...passing, headers }, this.#isClosing());
  }

  #answerHere(asked: Asked, path: string, address: string): void {
    const { request, response, requestId } = asked;
    const reads = request.method === 'GET' || request.method === 'HEAD';
    const health = reads ? this.#healthOf(path) : undefined;
    if (health === undefined) {
      this.#limits?.strike(address);
      this.#refuse(asked, 'http.not_found');
    } else
      answerJson(response, health.status, { ...health, requestId, closing: this.#isClosing() });
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

  #refuse(asked: Refused, code: ProblemCode): void {
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

function degraded(passing: Passing): Passing {
  return { ...passing, headers: [...passing.headers, ...DEGRADED] };
}

/** The API reads sessions too, so who is signed in can be told while the auth service is away. */
function withoutAuth(route: Route): Route {
  return route.upstream === 'auth' ? { ...route, upstream: 'api' } : route;
}
