import type { Metrics } from '../metrics/index.ts';
import type { OperatedBreaker } from './breaker.ts';
import type { BreakerState } from './port.ts';

const POSITIONS = { closed: 0, half_open: 1, open: 2 } as const satisfies Record<
  BreakerState,
  number
>;

/** State and transitions of breakers for `/metrics`; call the result with each. */
export function observeBreakers(metrics: Metrics): (breaker: OperatedBreaker) => void {
  const changes = metrics.counter('breaker_changes_total', 'Into each state.', [
    'dependency',
    'state',
  ]);
  const state = metrics.gauge('breaker_state', '0 closed, 1 half-open, 2 open.', ['dependency']);
  return (breaker) => {
    const { name } = breaker;
    state.cell(name).set(POSITIONS[breaker.state]);
    breaker.onChange((next) => {
      state.cell(name).set(POSITIONS[next]);
      changes.cell(name, next).add();
    });
  };
}
