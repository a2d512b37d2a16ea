import type { Clock, Ids } from '@opora/kernel';
import { createBreaker, type OperatedBreaker } from '../../platform/breaker/index.ts';
import { Line } from './line.ts';
import { outlierAmong, Samples } from './outliers.ts';
import { Room } from './room.ts';

/** Failures in a row of live traffic that take an instance out. */
const FAILURES_TO_EJECT = 3;
/** Silences in a row that do: one alone may be a slow call. */
const SILENCES_TO_EJECT = 2;
/** How often an instance is compared with the others, milliseconds. */
const COMPARE_EVERY_MS = 250;
/** Longest time out for services of our own, milliseconds. */
const EJECTION_MAX_MS = 15_000;
/** Checks in a row that take an instance out or bring it back. */
const CHECKS_TO_TURN = 2;
/** One that is back is loaded slowly: its caches are cold, and it may fail again. */
const SLOW_START_MS = 10_000;
/** Enough of its usual share to be seen at work from the first moment. */
const WEIGHT_LEAST = 0.1;
/** How much of the smoothed latency the newest try makes. */
const LATENCY_WEIGHT = 0.05;

/**
 * One process behind the gateway. Two judges that do not overrule each other: checks (is it up and
 * ready?) and the breaker over live traffic (does it answer?).
 */
export class Instance {
  readonly name: string;
  readonly origin: string;
  readonly line: Line;
  readonly breaker: OperatedBreaker;
  inFlight = 0;
  /** Of those, the ones whose answer has not begun: a stream of events waits for nothing. */
  waiting = 0;
  /** How many may wait before somebody gives way. */
  readonly room = new Room();
  ejections = 0;
  /** Tries that were sent here and ended: how many, how many failed, and how long they took, smoothed. */
  tries = 0;
  failures = 0;
  latencyMs = 0;
  up = false;
  readonly #left = new AbortController();
  readonly #samples: Samples;
  readonly #clock: Clock;
  #silences = 0;
  #answeredMs = -Infinity;
  #backAtMs = -Infinity;
  #comparedMs = 0;
  #isCheckMissed = false;
  /** Ejected for being slow: until it is back, a call this long is a failure. */
  #slowMs = Infinity;
  #streak = 0;
  #everChecked = false;

  constructor(deps: { name: string; origin: string; clock: Clock; ids: Ids }) {
    this.#clock = deps.clock;
    this.#samples = new Samples(deps.clock);
    this.name = deps.name;
    this.origin = deps.origin;
    this.line = new Line(deps.origin);
    this.breaker = createBreaker({
      name: deps.name,
      clock: deps.clock,
      ids: deps.ids,
      consecutiveMax: FAILURES_TO_EJECT,
      waitMaxMs: EJECTION_MAX_MS,
    });
    this.breaker.onChange((state) => {
      if (state === 'open') this.ejections += 1;
      if (state !== 'closed') return;
      this.#slowMs = Infinity;
      this.#backAtMs = this.#clock.monotonicMs();
    });
  }

  /** Aborts when it is no longer one of ours. */
  get left(): AbortSignal {
    return this.#left.signal;
  }

  /** It gets no more calls; those on their way end. Resolves when they have. */
  async leave(): Promise<void> {
    this.#left.abort();
    await this.line.close();
  }

  /** Its share of the traffic it would have, in (0, 1]: rises over ten seconds after it came back. */
  get weight(): number {
    const backMs = this.#clock.monotonicMs() - this.#backAtMs;
    return Math.min(1, Math.max(WEIGHT_LEAST, backMs / SLOW_START_MS));
  }

  /** One try has ended; `peers` are the other instances, with which this one is compared. */
  noteTry({ outcome, tookMs, peers, isJudged }: Tried): void {
    const isSlow = outcome === 'success' && tookMs > this.#slowMs;
    const isBad = outcome !== 'ignored' && outcome !== 'success';
    if (isJudged) {
      const judged = outcome === 'error' ? 'success' : isBad ? 'failure' : outcome;
      this.breaker.settle(isSlow ? 'failure' : judged, tookMs);
    }
    this.#silences = outcome === 'silence' ? this.#silences + 1 : 0;
    if (this.#silences >= SILENCES_TO_EJECT || this.#isSilentToBoth()) this.breaker.trip();
    if (outcome === 'success' || outcome === 'error') this.#answeredMs = this.#clock.monotonicMs();
    if (outcome === 'ignored') return;
    const { waiting } = this;
    this.room.note({ tookMs, waiting, nowMs: this.#clock.monotonicMs() });
    this.tries += 1;
    if (isBad) this.failures += 1;
    const weight = this.tries === 1 ? 1 : LATENCY_WEIGHT;
    this.latencyMs += weight * (tookMs - this.latencyMs);
    this.#samples.add(tookMs, isBad);
    this.#compareWith(peers);
  }

  hasAnsweredSince(atMs: number): boolean {
    return this.#answeredMs >= atMs;
  }

  /** A call and a check went unanswered: two witnesses are enough, neither has to see it twice. */
  #isSilentToBoth(): boolean {
    return this.#isCheckMissed && this.#silences > 0;
  }

  #compareWith(peers: readonly Instance[]): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#comparedMs < COMPARE_EVERY_MS) return;
    this.#comparedMs = nowMs;
    // Somebody must be left to do the work, and to be compared with.
    const others = peers.filter(
      (other) => other !== this && other.up && other.breaker.state === 'closed',
    );
    const outlier = outlierAmong(
      this.#samples,
      others.map((other) => other.#samples),
    );
    if (outlier === undefined) return;
    this.breaker.trip();
    // What it did until now is judged; what it does when it is back counts alone.
    this.#samples.clear();
    this.#slowMs = outlier.slowMs ?? Infinity;
  }

  /** Two answers in a row turn it; the very first one counts at once, or every start would wait. */
  noteCheck(passed: boolean): void {
    this.#isCheckMissed = !passed;
    if (this.#isSilentToBoth()) this.breaker.trip();
    this.#streak = passed === this.up ? 0 : this.#streak + 1;
    if (this.#streak >= CHECKS_TO_TURN || (!this.#everChecked && passed)) {
      this.up = passed;
      this.#streak = 0;
      // At the very first check it is the gateway that is new.
      if (passed && this.#everChecked) this.#backAtMs = this.#clock.monotonicMs();
    }
    this.#everChecked ||= passed;
  }
}

/**
 * How a try ended: `error` is an answer that says its own fault (500), `silence` is none in time,
 * `failure` any other answer that is none, `ignored` neither good nor bad.
 */
export type Outcome = 'success' | 'error' | 'failure' | 'silence' | 'ignored';

/** What undici says when no answer began in time. */
export function isSilence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'UND_ERR_HEADERS_TIMEOUT';
}

type Tried = Readonly<{
  outcome: Outcome;
  tookMs: number;
  peers: readonly Instance[];
  /** Its breaker let this call through and wants to hear. */
  isJudged: boolean;
}>;

/** The chosen instance, and whether its breaker wants to hear how it went. */
export type Choice = Readonly<{ instance: Instance; judged: boolean }>;

/**
 * Where the next request goes: one probe for an instance that is coming back, else the less busy of
 * two neighbours from a random start; one that came back a moment ago is mostly passed over. When every instance that is up is ejected, ejection is
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
  let cold: Instance | undefined;
  let seen = 0;
  for (let step = 0; step < length; step += 1) {
    const instance = instances[(start + step) % length];
    if (instance === undefined || !instance.up || instance === except) continue;
    if (instance.breaker.state !== 'closed') {
      if (instance.breaker.permit()) return { instance, judged: true };
      spare = less(spare, instance);
    } else if (instance.weight < 1 && chance() >= instance.weight) {
      cold = less(cold, instance);
    } else if (seen < 2) {
      seen += 1;
      best = less(best, instance);
    }
  }
  best ??= cold;
  if (best !== undefined) return { instance: best, judged: true };
  return spare === undefined ? undefined : { instance: spare, judged: false };
}

function less(one: Instance | undefined, other: Instance): Instance {
  return one === undefined || other.inFlight < one.inFlight ? other : one;
}
