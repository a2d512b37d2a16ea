import type { Clock, Ids } from '@opora/kernel';
import { DependencyOpen, type Breaker, type BreakerState } from './port.ts';
import { RollingWindow } from './window.ts';

/** Calls the window must hold before shares mean anything. */
const CALLS_LEAST = 20;
const FAILURE_SHARE = 0.5;
const SLOW_SHARE = 0.8;
const CONSECUTIVE_MAX = 5;
const PROBES_TO_CLOSE = 3;
const WAIT_BASE_MS = 5_000;
const WAIT_MAX_MS = 60_000;
const JITTER = 0.2;
/** Longest an operator's switch may last: forgotten switches are outages of their own. */
const FORCE_MAX_MS = 24 * 3_600_000;

export type BreakerOptions = Readonly<{
  name: string;
  clock: Clock;
  ids: Pick<Ids, 'chance'>;
  /** False for 4xx, 429 and our own cancellation. Absent: every thrown error counts. */
  countsAsFailure?: (error: unknown) => boolean;
  /** A call longer than this is slow; absent: none is. */
  slowMs?: number;
  /** Longest wait between probes, the jitter included; 15 s for services of our own. */
  waitMaxMs?: number;
  /** Failures in a row that open it, however low the traffic. */
  consecutiveMax?: number;
}>;

export type ForcedPosition = 'open' | 'closed';

/** A breaker with its operator's switch, and its two halves for callers that are not promises. */
export interface OperatedBreaker extends Breaker {
  /** May a call go out now? True in half-open takes the one probe: `settle` must follow. */
  permit(): boolean;
  /** Reports how a permitted call ended; `ignored` neither helps nor harms. */
  settle(outcome: 'success' | 'failure' | 'ignored', tookMs: number): void;
  /** Opens it on somebody else's judgement, as its own failures would; a forced position stays. */
  trip(): void;
  /** Until the next try, milliseconds; 0 when calls may pass. */
  readonly retryAfterMs: number;
  /** Holds a position for `forMs` (a day at most), whatever the calls say. */
  force(position: ForcedPosition, forMs: number): void;
  release(): void;
}

export function createBreaker(options: BreakerOptions): OperatedBreaker {
  return new CircuitBreaker(options);
}

class CircuitBreaker implements OperatedBreaker {
  readonly name: string;
  readonly #options: BreakerOptions;
  readonly #window = new RollingWindow();
  readonly #listeners: ((state: BreakerState) => void)[] = [];
  #state: BreakerState = 'closed';
  #consecutiveFailures = 0;
  #opens = 0;
  #openUntilMs = 0;
  #probing = false;
  #probeSuccesses = 0;
  #forced: { position: ForcedPosition; untilMs: number } | undefined;

  constructor(options: BreakerOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get state(): BreakerState {
    const forced = this.#forcedPosition();
    return forced ?? this.#state;
  }

  get retryAfterMs(): number {
    const forced = this.#forcedPosition();
    if (forced === 'open') return (this.#forced?.untilMs ?? 0) - this.#now();
    return this.#state === 'open' && forced === undefined
      ? Math.max(0, this.#openUntilMs - this.#now())
      : 0;
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    if (!this.permit()) {
      throw new DependencyOpen(`${this.name} is open`, { retryAfterMs: this.retryAfterMs });
    }
    const startedMs = this.#now();
    try {
      const result = await call();
      this.settle('success', this.#now() - startedMs);
      return result;
    } catch (error) {
      const counts = this.#options.countsAsFailure?.(error) ?? true;
      this.settle(counts ? 'failure' : 'ignored', this.#now() - startedMs);
      throw error;
    }
  }

  permit(): boolean {
    const forced = this.#forcedPosition();
    if (forced !== undefined) return forced === 'closed';
    if (this.#state === 'closed') return true;
    if (this.#state === 'open') {
      if (this.#now() < this.#openUntilMs) return false;
      this.#probeSuccesses = 0;
      this.#probing = false;
      this.#become('half_open');
    }
    if (this.#probing) return false;
    this.#probing = true;
    return true;
  }

  settle(outcome: 'success' | 'failure' | 'ignored', tookMs: number): void {
    if (this.#forcedPosition() !== undefined) return;
    // Calls that were let out before it opened tell nothing new.
    if (this.#state === 'open') return;
    if (this.#state === 'half_open') this.#judgeProbe(outcome);
    else if (outcome !== 'ignored') this.#judgeCall(outcome === 'failure', tookMs);
  }

  trip(): void {
    if (this.#forcedPosition() === undefined && this.#state === 'closed') this.#open();
  }

  onChange(listener: (state: BreakerState) => void): void {
    this.#listeners.push(listener);
  }

  force(position: ForcedPosition, forMs: number): void {
    this.#forced = { position, untilMs: this.#now() + Math.min(forMs, FORCE_MAX_MS) };
    this.#tell(position);
  }

  release(): void {
    if (this.#forced === undefined) return;
    this.#forced = undefined;
    // What happened meanwhile was not judged: begin afresh, as after a recovery.
    this.#close();
  }

  #judgeProbe(outcome: 'success' | 'failure' | 'ignored'): void {
    this.#probing = false;
    if (outcome === 'failure') this.#open();
    else if (outcome === 'success') {
      this.#probeSuccesses += 1;
      if (this.#probeSuccesses >= PROBES_TO_CLOSE) this.#close();
    }
  }

  #judgeCall(failed: boolean, tookMs: number): void {
    const nowMs = this.#now();
    const { slowMs, consecutiveMax = CONSECUTIVE_MAX } = this.#options;
    this.#window.add(nowMs, failed, slowMs !== undefined && tookMs > slowMs);
    this.#consecutiveFailures = failed ? this.#consecutiveFailures + 1 : 0;
    if (this.#consecutiveFailures >= consecutiveMax) {
      this.#open();
      return;
    }
    // Only a bad call can raise a share, so good ones cost no sum.
    if (!failed && slowMs === undefined) return;
    const { calls, failures, slow } = this.#window.totals(nowMs);
    if (calls < CALLS_LEAST) return;
    if (failures >= calls * FAILURE_SHARE || slow >= calls * SLOW_SHARE) this.#open();
  }

  #open(): void {
    const { ids, waitMaxMs = WAIT_MAX_MS } = this.#options;
    this.#opens += 1;
    const wait = Math.min(waitMaxMs, WAIT_BASE_MS * 2 ** (this.#opens - 1));
    const jittered = Math.round(wait * (1 - JITTER + 2 * JITTER * ids.chance()));
    this.#openUntilMs = this.#now() + Math.min(waitMaxMs, jittered);
    this.#consecutiveFailures = 0;
    this.#become('open');
  }

  #close(): void {
    this.#opens = 0;
    this.#consecutiveFailures = 0;
    this.#window.clear();
    this.#become('closed');
  }

  #become(state: BreakerState): void {
    this.#state = state;
    this.#tell(state);
  }

  #tell(state: BreakerState): void {
    for (const listener of this.#listeners) listener(state);
  }

  /** The operator's position while it lasts; the first look after its end begins afresh. */
  #forcedPosition(): ForcedPosition | undefined {
    if (this.#forced === undefined) return undefined;
    if (this.#now() < this.#forced.untilMs) return this.#forced.position;
    this.release();
    return undefined;
  }

  #now(): number {
    return this.#options.clock.monotonicMs();
  }
}
