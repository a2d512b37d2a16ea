/**
 * How often somebody may call (requirement A4). A person is counted as a person wherever they come
 * from, an API key as itself, a stranger by their network. A webhook is never refused here: it proves itself to its
 * handler, and only those that did not are counted; above the limit the handler is told not to keep
 * them. Networks that show bad signs all the time are shut out for a while, sessions and webhooks
 * excepted. Several gateways count in one store, or each lets its share through.
 */
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { NamedEndpoint, ProblemCode } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Who } from '../authorization/index.ts';
import type { Passing } from '../passing.ts';
import type { Route, UpstreamName } from '../routes.ts';
import type { Upstream } from '../upstream.ts';
import type { Counter, Metrics } from '../../../platform/metrics/index.ts';
import {
  createStoreWindow,
  SharedWindow,
  SlidingWindow,
  type Taken,
} from '../../../platform/limits/index.ts';
import { networkOf, type Networks } from '../../../platform/network/index.ts';
import type { Redis } from '../../../platform/redis/index.ts';
import { CONNECTIONS_MAX, IN_FLIGHT_MAX, InFlight } from './in-flight.ts';
import {
  BLOCKED_MS,
  STRIKES_MOST,
  UNPROVED_MOST,
  WINDOW_MS,
  WINDOW_S,
  ruleFor,
  type LimitRule,
} from './rules.ts';
import { hasRoom, priorityOf, type Priority } from './shedding.ts';

/** Together, gateways that count by themselves may see so much more than one would. */
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
  /** False: nothing gives way when there is too much, which a drill must notice. */
  sheds?: boolean;
}>;

export class Limits {
  readonly #clock: Clock;
  readonly #upstreams: Readonly<Record<UpstreamName, Upstream>>;
  /** Of our own proxies and machines: everybody comes through them, so they are never shut out. */
  readonly #own: Networks;
  readonly #taken: SharedWindow;
  readonly #unproved: SlidingWindow;
  readonly #strikes: SlidingWindow;
  /** Of what one gateway counts by itself: half as much again as its part, no balancer shares evenly. */
  readonly #share: number;
  readonly #inFlight = new InFlight(IN_FLIGHT_MAX);
  readonly #connections = new InFlight(CONNECTIONS_MAX);
  readonly #blockedUntil = new Map<string, number>();
  readonly #refusals: Counter;
  readonly #shed: Counter;
  readonly #sheds: boolean;

  constructor(deps: {
    clock: Clock;
    metrics: Metrics;
    own: Networks;
    upstreams: Readonly<Record<UpstreamName, Upstream>>;
    limits: LimitsOptions;
    /** Where gateways count together; undefined: each counts its share. */
    redis: Redis | undefined;
  }) {
    this.#clock = deps.clock;
    this.#upstreams = deps.upstreams;
    this.#share = Math.min(1, OVERLAP / deps.limits.instances);
    this.#own = deps.own;
    this.#sheds = deps.limits.sheds ?? true;
    this.#taken = new SharedWindow({
      clock: deps.clock,
      windowMs: WINDOW_MS,
      instances: deps.limits.instances,
      store: deps.redis && createStoreWindow(deps.redis, WINDOW_MS),
    });
    this.#unproved = new SlidingWindow(deps.clock, WINDOW_MS);
    this.#strikes = new SlidingWindow(deps.clock, WINDOW_MS);
    this.#refusals = deps.metrics.counter('gateway_limited_total', 'Over a limit.', ['limit']);
    this.#shed = deps.metrics.counter('gateway_shed_total', 'Gave way.', ['priority']);
    deps.metrics.read('gateway_blocked_networks', 'Networks shut out.', () => {
      this.#letIn();
      return this.#blockedUntil.size;
    });
  }

  /**
   * Called for a new connection, whose place is kept while it is open: false, there are too many of its
   * network. Everybody comes through our own proxies, so they have no bound.
   */
  mayConnect(socket: Socket, address: string): boolean {
    if (this.#own.includes(address)) return true;
    const network = networkOf(address);
    if (!this.#connections.enter(network)) {
      this.#refusals.cell('connections').add();
      return false;
    }
    socket.once('close', () => {
      this.#connections.leave(network);
    });
    return true;
  }

  /**
   * Asked first, before anything is spent on a call: is there no room for the best that it can be? What
   * it is exactly, only its endpoint tells.
   */
  isFullFor(passing: Passing): boolean {
    return this.#givesWay(priorityOf(passing, passing.route, undefined), passing.route);
  }

  #givesWay(priority: Priority, { upstream }: Route): boolean {
    if (!this.#sheds || hasRoom(this.#upstreams[upstream], priority)) return false;
    this.#shed.cell(priority).add();
    return true;
  }

  /**
   * May this call go on now? It is counted, and takes its place until its answer has ended. At once
   * where no store is asked; never rejects.
   */
  judge(
    passing: Passing,
    known: { named?: NamedEndpoint; who?: Who },
  ): LimitVerdict | Promise<LimitVerdict> {
    const { address, level } = passing;
    const { named, who } = known;
    const blockedMs = who === undefined ? this.#blockedMs(address) : 0;
    if (blockedMs > 0) {
      const wait = ['retry-after', String(Math.ceil(blockedMs / 1000))];
      return { headers: wait, refusal: 'gateway.source_blocked' };
    }
    const rule = ruleFor(passing, named, who);
    const caller = who?.keyId ?? who?.personId ?? address;
    const most = level >= HALVED_FROM_LEVEL ? Math.floor(rule.most / 2) : rule.most;
    const { isStrict = false } = rule;
    const taken = this.#taken.take(`${rule.name} ${keyOf(caller)}`, { most, isStrict });
    const conclude = (one: Taken) => this.#conclude(passing, known, { rule, caller, taken: one });
    return taken instanceof Promise ? taken.then(conclude) : conclude(taken);
  }

  #conclude(
    passing: Passing,
    { named, who }: { named?: NamedEndpoint; who?: Who },
    { rule, caller, taken }: { rule: LimitRule; caller: string; taken: Taken },
  ): LimitVerdict {
    const { address, route, response } = passing;
    const verdict = this.#tell(rule, caller, taken);
    if (verdict.refusal !== undefined) return verdict;
    if (this.#givesWay(priorityOf(passing, route, named), route)) {
      return { ...verdict, refusal: 'gateway.overloaded' };
    }
    const isPlaced = this.#own.includes(address) && who === undefined;
    if (isPlaced || this.#enter(keyOf(caller), response)) return verdict;
    const headers = [...verdict.headers, 'retry-after', '1'];
    return { headers, refusal: 'gateway.too_many_requests' };
  }

  #enter(key: string, response: ServerResponse): boolean {
    // Whoever left while a store was asked takes no place: nothing would tell that it is free again.
    if (response.destroyed) return true;
    if (!this.#inFlight.enter(key)) {
      this.#refusals.cell('in-flight').add();
      return false;
    }
    response.once('close', () => {
      this.#inFlight.leave(key);
    });
    return true;
  }

  /** In headers, what a call of `caller` (the id of a person or a key, or an address) has left of its limit. */
  #tell(rule: LimitRule, caller: string, { allowed, most, left, resetMs }: Taken): LimitVerdict {
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
    if (this.#strikes.note(network) < STRIKES_MOST * this.#share) return;
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
    return this.#unproved.used(networkOf(address)) >= UNPROVED_MOST * this.#share;
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
