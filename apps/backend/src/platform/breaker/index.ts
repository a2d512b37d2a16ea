/**
 * What stands between us and a dependency that may fail: a breaker (fail at once while it is
 * down), a bulkhead (a cap on how many wait for it) and a budget for retries. From outside in:
 * deadline, bulkhead, retry, breaker, timeout of one try, call. All of it lives in one process and
 * is lost with it; nothing is shared. Staff sees how they all stand and may hold them, by the database or
 * through an api (`createSwitchboard`).
 */
export {
  createBreaker,
  type BreakerOptions,
  type ForcedPosition,
  type OperatedBreaker,
} from './breaker.ts';
export { createBulkhead, Overloaded, type Bulkhead } from './bulkhead.ts';
export { DependencyOpen, type Breaker, type BreakerState } from './port.ts';
export { observeBreakers } from './figures.ts';
export { createForcedPositions, type Forced, type ForcedPositions } from './forced.ts';
export { createBreakerStates, type BreakerStates } from './states.ts';
export { createSwitchboard, type Switch, type Switchboard, type Word } from './switchboard.ts';
export { createProber, type Prober } from './prober.ts';
export { createRetryBudget, fullJitterMs, type RetryBudget } from './retry.ts';
