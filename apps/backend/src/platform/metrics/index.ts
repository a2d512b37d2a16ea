/**
 * Numbers about this process in Prometheus' text form, in memory, without a package. A metric has a
 * fixed list of label names; each set of values is a cell, resolved once and then only added to.
 * Limits: `CELLS_MAX` sets of values per metric, the surplus is counted under `other`.
 */
export { observeProcess } from './process.ts';
export {
  createMetrics,
  type Counter,
  type Gauge,
  type Histogram,
  type Metrics,
} from './registry.ts';
