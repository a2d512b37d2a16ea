import type { Clock } from '@opora/kernel';

/** The clock may be put back by so much before it is not believed any more (resilience 9, R6). */
const BACKWARDS_MAX_MS = 60_000;
/** So far it may be from the auth service's clock, or run away from the monotonic one. */
const OFFSET_MAX_MS = 5_000;

/**
 * Can our wall clock be believed? Not when it is behind the highest time ever seen here, not when it
 * differs from the auth service's, and not when it jumped since that one was last heard.
 */
export class TrustedTime {
  readonly #clock: Clock;
  #markMs = Number.NEGATIVE_INFINITY;
  #offsetMs = 0;
  #since: Readonly<{ wallMs: number; monotonicMs: number }>;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = this.#both();
  }

  /** The highest wall time seen, milliseconds: it outlives the process. */
  get markMs(): number {
    this.#markMs = Math.max(this.#markMs, this.#clock.now().getTime());
    return this.#markMs;
  }

  restore(markMs: number): void {
    this.#markMs = Math.max(this.#markMs, markMs);
  }

  /** The auth service said what time it is there. */
  meet(theirs: Date): void {
    this.#since = this.#both();
    this.#offsetMs = theirs.getTime() - this.#since.wallMs;
  }

  get isTrusted(): boolean {
    const { wallMs, monotonicMs } = this.#both();
    const jumpMs = wallMs - this.#since.wallMs - (monotonicMs - this.#since.monotonicMs);
    return (
      wallMs >= this.markMs - BACKWARDS_MAX_MS &&
      Math.abs(this.#offsetMs) <= OFFSET_MAX_MS &&
      Math.abs(jumpMs) <= OFFSET_MAX_MS
    );
  }

  #both(): { wallMs: number; monotonicMs: number } {
    return { wallMs: this.#clock.now().getTime(), monotonicMs: this.#clock.monotonicMs() };
  }
}
