/**
 * Where time comes from. `now` is the wall clock (what people and providers read), `monotonicMs`
 * only measures durations, `sleep` is the one way to wait, so that test time rules every loop.
 */
export interface Clock {
  now(): Date;
  monotonicMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts (it never rejects). */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
