import { HEADERS, type ProblemCode } from '@opora/contracts';
import type { InnerLink } from '../../platform/http/index.ts';
import { BodyTooLarge, collect, counted, planBody, type Body } from './body.ts';
import { Exchange } from './exchange.ts';
import { requestHeaders } from './headers.ts';
import type { Limits } from './limits/index.ts';
import type { Passing } from './passing.ts';
import type { UpstreamName } from './routes.ts';
import type { Upstream } from './upstream.ts';

/** The way from the door to an instance, body and all. */
export class Passage {
  readonly #upstreams: Readonly<Record<UpstreamName, Upstream>>;
  readonly #link: InnerLink;
  readonly #limits: Limits | undefined;
  readonly #refuse: (passing: Passing, code: ProblemCode) => void;

  constructor(deps: {
    upstreams: Readonly<Record<UpstreamName, Upstream>>;
    link: InnerLink;
    limits: Limits | undefined;
    refuse: (passing: Passing, code: ProblemCode) => void;
  }) {
    this.#upstreams = deps.upstreams;
    this.#link = deps.link;
    this.#limits = deps.limits;
    this.#refuse = deps.refuse;
  }

  admit(passing: Passing): void {
    const { request, route } = passing;
    const plan = planBody(request.headers, route);
    switch (plan.kind) {
      case 'too_large':
        this.#refuse(passing, 'http.body_too_large');
        return;
      case 'none':
        this.#forward(passing, null);
        return;
      case 'stream':
        this.#forward(passing, request, plan.length);
        return;
      case 'count':
        this.#forward(passing, counted(request, route.bodyMax));
        return;
      case 'collect':
        void this.#forwardCollected(passing);
    }
  }

  async #forwardCollected(passing: Passing): Promise<void> {
    const { request, response, route } = passing;
    try {
      this.#forward(passing, await collect(request, route.bodyMax));
    } catch (error) {
      // Whoever left in the middle of a body reads no answer.
      if (!(error instanceof BodyTooLarge)) response.destroy();
      else this.#refuse(passing, 'http.body_too_large');
    }
  }

  #forward(passing: Passing, body: Body, length?: number): void {
    const { request, response, route, requestId, startedMs, level, address } = passing;
    const { deadlineMs } = route;
    const headers = requestHeaders(request.rawHeaders, request.headers.connection, {
      requestId,
      deadlineMs,
      inner: this.#link.tokenFor(route.upstream),
      clientAddress: address,
    });
    if (length !== undefined) headers.push('content-length', String(length));
    if (level !== 1) headers.push(HEADERS.level, String(level));
    if (route.provesItself === true && this.#limits?.isFlooding(address) === true) {
      headers.push(HEADERS.flood, '1');
    }
    new Exchange({
      upstream: this.#upstreams[route.upstream],
      request,
      response,
      requestId,
      headers,
      body,
      deadlineMs,
      startedMs,
      isRepeatable: route.repeatable === true,
      answerHeaders: passing.headers,
      onStatus: this.#limits?.watcherOf(passing),
    }).begin();
  }
}
