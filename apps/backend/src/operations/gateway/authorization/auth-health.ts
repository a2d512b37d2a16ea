import type { Clock } from '@opora/kernel';

/** Questions in a row that nobody answered: auth is away. The feed asks four times a second. */
const FAILURES_TO_LEAVE = 3;
/** Answers in a row that bring it back, and for how long they must have gone on. */
const ANSWERS_TO_RETURN = 3;
const RETURN_AFTER_MS = 3_500;

/**
 * Is the auth service there? Judged by the feed's questions alone, not by what users send, so one bad
 * request cannot turn it, and nothing flaps from call to call (resilience 9, R7).
 */
export class AuthHealth {
  readonly #clock: Clock;
  #isAway = false;
  #failures = 0;
  #answers = 0;
  #everAnswered = false;
  #answeringSinceMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isAway(): boolean {
    return this.#isAway;
  }

  /** True when this answer, or the lack of one, turned it. */
  note(isAnswered: boolean): boolean {
    const nowMs = this.#clock.monotonicMs();
    if (!isAnswered) {
      this.#failures += 1;
      this.#answers = 0;
      // Whoever never answered is not waited for: a gateway that just started has nothing to hope for.
      const most = this.#everAnswered ? FAILURES_TO_LEAVE : 1;
      const leaves = !this.#isAway && this.#failures >= most;
      this.#isAway ||= leaves;
      return leaves;
    }
    if (this.#answers === 0) this.#answeringSinceMs = nowMs;
    this.#failures = 0;
    this.#answers += 1;
    const isLong = nowMs - this.#answeringSinceMs >= RETURN_AFTER_MS;
    // The first answer of all ends a start, not an outage.
    const isStart = !this.#everAnswered;
    this.#everAnswered = true;
    const isBack = isStart || (this.#answers >= ANSWERS_TO_RETURN && isLong);
    const returns = this.#isAway && isBack;
    if (returns) this.#isAway = false;
    return returns;
  }
}
