/**
 * PORT: a circuit breaker round one dependency, in one process (resilience 2).
 * closed: calls pass and are counted; open: calls fail at once with `DependencyOpen`;
 * half-open: one probe at a time, three successes close it. State is never shared.
 */
import { OperationalError } from '@opora/kernel';

export type BreakerState = 'closed' | 'open' | 'half_open';

export class DependencyOpen extends OperationalError {
  readonly code = 'platform.dependency_open';
}

export interface Breaker {
  readonly name: string;
  readonly state: BreakerState;
  /**
   * Runs `call` or throws `DependencyOpen`. A thrown error counts as failure unless
   * `countsAsFailure` (given at creation) says it does not (4xx, our own cancellation, 429).
   */
  run<T>(call: () => Promise<T>): Promise<T>;
  /** Called after each change of state: metrics, and waking what waited for the close. */
  onChange(listener: (state: BreakerState) => void): void;
}
