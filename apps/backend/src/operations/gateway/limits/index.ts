/**
 * How often somebody may call (requirement A4). A person is counted as a person wherever they come
 * from, an API key as itself, a stranger by their network. A webhook is never refused here: it proves itself to its
 * handler, and only those that did not are counted; above the limit the handler is told not to keep
 * them. Networks that show bad signs all the time are shut out for a while, sessions and webhooks
 * excepted. With several gateways each lets its share through.
 */
import type { ServerResponse } from 'node:http';
import type { AuthLevel, NamedEndpoint, ProblemCode } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Who } from '../authorization/index.ts';
import type { Passing } from '../passing.ts';
import type { UpstreamName } from '../routes.ts';
import type { Upstream } from '../upstream.ts';
import type { Counter, Metrics } from '../../../platform/metrics/index.ts';
import { SlidingWindow } from '../../../platform/limits/index.ts';
import { networkOf, type Networks } from '../../../platform/network/index.ts';
import { InFlight } from './in-flight.ts';
import {
  BLOCKED_MS,
  STRIKES_MOST,
  UNPROVED_MOST,
  WINDOW_MS,
  WINDOW_S,
  ruleFor,
  type LimitRule,
} from './rules.ts';
import { hasRoom, priorityOf } from './shedding.ts';

/** Shares of a limit that is not strict overlap a little: no balancer shares evenly. */
const OVERLAP = 1.5;
/** Networks shut out at once; the oldest is let in again. */
const BLOCKED_MAX = 10_000;
/** From here on the auth service does not answer and each level only takes away (R9). */
const HALVED_FROM_LEVEL = 3;

/** `headers` go with the answer, names and values in turn; `refusal` absent: the call may go on. */
export type LimitVerdict = Readonly<{ headers: readonly string[]; refusal?: ProblemCode }>;

export type LimitsOptions = Readonly<{
  /** Gateways that share the work. */
  instances: number;
}>;

export class Limits {
  readonly #clock: Clock;
  readonly #instances: number;
  readonly #upstreams: Readonly<Record<UpstreamName, Upstream>>;
  /** Of our own proxies and machines: everybody comes through them, so they are never shut out. */
  readonly #own: Networks;
  readonly #taken: SlidingWindow;
  readonly #unproved: SlidingWindow;
  readonly #strikes: SlidingWindow;
  readonly #inFlight = new InFlight();
  readonly #blockedUntil = new Map<string, number>();
  readonly #refusals: Counter;
  readonly #shed: Counter;

  constructor(deps: {
    clock: Clock;
    metrics: Metrics;
    own: Networks;
    upstreams: Readonly<Record<UpstreamName, Upstream>>;
    limits: LimitsOptions;
  }) {
    this.#clock = deps.clock;
    this.#instances = deps.limits.instances;
    this.#upstreams = deps.upstreams;
    this.#own = deps.own;
    this.#taken = new SlidingWindow(deps.clock, WINDOW_MS);
    this.#unproved = new SlidingWindow(deps.clock, WINDOW_MS);
    this.#strikes = new SlidingWindow(deps.clock, WINDOW_MS);
    this.#refusals = deps.metrics.counter('gateway_limited_total', 'Over a limit.', ['limit']);
    this.#shed = deps.metrics.counter('gateway_shed_total', 'Gave way.', ['priority']);
    deps.metrics.read('gateway_blocked_networks', 'Networks shut out.', () => {
      this.#letIn();
      return this.#blockedUntil.size;
    });
  }

  /** May this call go on now? It is counted, and takes its place until its answer has ended. */
  judge(passing: Passing, known: { named?: NamedEndpoint; who?: Who }): LimitVerdict {
    const { address, level, route, response } = passing;
    const { named, who } = known;
    const blockedMs = who === undefined ? this.#blockedMs(address) : 0;
    if (blockedMs > 0) {
      const wait = ['retry-after', String(Math.ceil(blockedMs / 1000))];
      return { headers: wait, refusal: 'gateway.source_blocked' };
    }
    const caller = who?.keyId ?? who?.personId ?? address;
    const verdict = this.#take(ruleFor(passing, named, who), caller, level);
    if (verdict.refusal !== undefined) return verdict;
    const priority = priorityOf(passing, route, named);
    if (!hasRoom(this.#upstreams[route.upstream], priority)) {
      this.#shed.cell(priority).add();
      return { ...verdict, refusal: 'gateway.overloaded' };
    }
    const isPlaced = this.#own.includes(address) && who === undefined;
    if (isPlaced || this.#enter(keyOf(caller), response)) return verdict;
    const headers = [...verdict.headers, 'retry-after', '1'];
    return { headers, refusal: 'gateway.too_many_requests' };
  }

  #enter(key: string, response: ServerResponse): boolean {
    if (!this.#inFlight.enter(key)) {
      this.#refusals.cell('in-flight').add();
      return false;
    }
    response.once('close', () => {
      this.#inFlight.leave(key);
    });
    return true;
  }

  /** Takes one of the minute's calls of `caller`: the id of a person or a key, or an address. */
  #take(rule: LimitRule, caller: string, level: AuthLevel): LimitVerdict {
    const most = this.#shareOf(rule, level);
    const { allowed, left, resetMs } = this.#taken.take(`${rule.name} ${keyOf(caller)}`, most);
    const resetS = String(Math.max(1, Math.ceil(resetMs / 1000)));
    const headers = [
      'ratelimit-policy',
      `"${rule.name}";q=${String(most)};w=${String(WINDOW_S)}`,
      'ratelimit',
      `"${rule.name}";r=${String(left)};t=${resetS}`,
    ];
    if (allowed) return { headers };
    this.#refusals.cell(rule.name).add();
    this.strike(caller);
    return {
      headers: [...headers, 'retry-after', resetS],
      refusal: 'gateway.too_many_requests',
    };
  }

  /** Only handlers know whether a webhook was real and a password right: their answers tell. */
  watcherOf({ route, method, path, address }: Passing): ((status: number) => void) | undefined {
    if (route.provesItself === true) {
      return (status) => {
        if (status >= 400 && status < 500) this.#noteUnproved(address);
      };
    }
    if (method !== 'POST' || !path.startsWith('/auth/')) return undefined;
    return (status) => {
      if (status === 401 || status === 403) this.strike(address);
    };
  }

  /** Milliseconds until strangers of this network are heard again; 0: they are heard now. */
  #blockedMs(address: string): number {
    const until = this.#blockedUntil.get(networkOf(address));
    return until === undefined ? 0 : Math.max(0, until - this.#clock.monotonicMs());
  }

  /** A bad sign: over a limit, a doubtful request, an address that does not exist, a wrong code. */
  strike(caller: string): void {
    if (isPerson(caller) || this.#own.includes(caller)) return;
    const network = networkOf(caller);
    if (this.#strikes.note(network) < STRIKES_MOST) return;
    this.#strikes.forget(network);
    this.#blockedUntil.delete(network);
    this.#blockedUntil.set(network, this.#clock.monotonicMs() + BLOCKED_MS);
    const oldest = this.#blockedUntil.keys().next().value;
    if (this.#blockedUntil.size > BLOCKED_MAX && oldest !== undefined) {
      this.#blockedUntil.delete(oldest);
    }
  }

  /** A webhook that its handler did not believe. */
  #noteUnproved(address: string): void {
    this.#unproved.note(networkOf(address));
    this.strike(address);
  }

  /** True: what this network sends unproved is a flood, and not worth a row of the database. */
  isFlooding(address: string): boolean {
    return this.#unproved.used(networkOf(address)) >= UNPROVED_MOST;
  }

  #shareOf(rule: LimitRule, level: AuthLevel): number {
    const instances = this.#instances;
    const most = rule.most / (level >= HALVED_FROM_LEVEL ? 2 : 1);
    const share = instances === 1 ? most : (most / instances) * (rule.isStrict ? 1 : OVERLAP);
    return Math.max(1, Math.floor(Math.min(most, share)));
  }

  #letIn(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const [network, until] of this.#blockedUntil) {
      if (until <= nowMs) this.#blockedUntil.delete(network);
    }
  }
}

function keyOf(caller: string): string {
  return isPerson(caller) ? caller : networkOf(caller);
}

/** Ids of people and keys are words with a prefix, never addresses. */
function isPerson(caller: string): boolean {
  return caller.startsWith('per_') || caller.startsWith('key_');
}
