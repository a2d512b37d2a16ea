import type { Clock, Ids } from '@opora/kernel';
import { Pool } from 'undici';
import { createBreaker, type OperatedBreaker } from '../../platform/breaker/index.ts';

/** Failures in a row of live traffic that take an instance out. */
const FAILURES_TO_EJECT = 3;
/** Longest time out for services of our own, milliseconds. */
const EJECTION_MAX_MS = 15_000;
/** Checks in a row that take an instance out or bring it back. */
const CHECKS_TO_TURN = 2;
const CONNECT_TIMEOUT_MS = 1_000;
const CONNECTIONS_MAX = 256;
/** How much of the smoothed latency the newest try makes. */
const LATENCY_WEIGHT = 0.05;
/** Below the instance's own 65 s, or we would meet sockets that are just closing. */
const IDLE_MS = 55_000;

/**
 * One process behind the gateway. Two judges that do not overrule each other: checks (is it up and
 * ready?) and the breaker over live traffic (does it answer?).
 */
export class Instance {
  readonly name: string;
  readonly origin: string;
  readonly pool: Pool;
  readonly breaker: OperatedBreaker;
  inFlight = 0;
  /** Of those, the ones whose answer has not begun: a stream of events waits for nothing. */
  waiting = 0;
  ejections = 0;
  /** Tries that were sent here and ended: how many, how many failed, and how long they took, smoothed. */
  tries = 0;
  failures = 0;
  latencyMs = 0;
  up = false;
  #streak = 0;
  #everChecked = false;

  constructor(deps: { name: string; origin: string; clock: Clock; ids: Ids }) {
    this.name = deps.name;
    this.origin = deps.origin;
    this.pool = new Pool(deps.origin, {
      connections: CONNECTIONS_MAX,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    });
    this.breaker = createBreaker({
      name: deps.name,
      clock: deps.clock,
      ids: deps.ids,
      consecutiveMax: FAILURES_TO_EJECT,
      waitMaxMs: EJECTION_MAX_MS,
    });
    this.breaker.onChange((state) => {
      if (state === 'open') this.ejections += 1;
    });
  }

  noteTry(outcome: 'success' | 'failure' | 'ignored', tookMs: number): void {
    if (outcome === 'ignored') return;
    this.tries += 1;
    if (outcome === 'failure') this.failures += 1;
    const weight = this.tries === 1 ? 1 : LATENCY_WEIGHT;
    this.latencyMs += weight * (tookMs - this.latencyMs);
  }

  /** Two answers in a row turn it; the very first one counts at once, or every start would wait. */
  noteCheck(passed: boolean): void {
    this.#streak = passed === this.up ? 0 : this.#streak + 1;
    if (this.#streak >= CHECKS_TO_TURN || (!this.#everChecked && passed)) {
      this.up = passed;
      this.#streak = 0;
    }
    this.#everChecked ||= passed;
  }
}

/** The chosen instance, and whether its breaker wants to hear how it went. */
export type Choice = Readonly<{ instance: Instance; judged: boolean }>;

/**
 * Where the next request goes: one probe for an instance that is coming back, else the less busy of
 * two neighbours from a random start. When every instance that is up is ejected, ejection is
 * ignored: a wrong judge must not be worse than the fault it saw. Undefined: none is up.
 */
export function choose(
  instances: readonly Instance[],
  chance: () => number,
  except?: Instance,
): Choice | undefined {
  const { length } = instances;
  const start = length === 1 ? 0 : Math.floor(chance() * length);
  let best: Instance | undefined;
  let spare: Instance | undefined;
  let seen = 0;
  for (let step = 0; step < length; step += 1) {
    const instance = instances[(start + step) % length];
    if (instance === undefined || !instance.up || instance === except) continue;
    if (instance.breaker.state !== 'closed') {
      if (instance.breaker.permit()) return { instance, judged: true };
      spare = less(spare, instance);
    } else if (seen < 2) {
      seen += 1;
      best = less(best, instance);
    }
  }
  if (best !== undefined) return { instance: best, judged: true };
  return spare === undefined ? undefined : { instance: spare, judged: false };
}

function less(one: Instance | undefined, other: Instance): Instance {
  return one === undefined || other.inFlight < one.inFlight ? other : one;
}
