/** What the monitor knows, as Prometheus metrics: its report whenever somebody asks. */
import type { Gauge, Metrics } from '../../platform/metrics/index.ts';
import type { Monitor } from './monitor.ts';

const STATES = ['up', 'degraded', 'not_ready', 'down', 'unknown'] as const;
const LEVELS = ['warning', 'critical'] as const;
const WATCH_STATES = { fine: 0, warning: 1, critical: 2, unknown: Number.NaN } as const;

export function showFigures(metrics: Metrics, monitor: Pick<Monitor, 'report'>): void {
  const gauge = (name: string, help: string, labels: readonly string[]): Gauge =>
    metrics.gauge(`monitor_${name}`, help, labels);
  const state = gauge('service_state', 'The state a service is in (1).', ['service', 'state']);
  const latency = gauge('service_answer_seconds', 'Time of the last look.', ['service']);
  const restarts = gauge('service_restarts', 'Restarts by the supervisor.', ['service']);
  const value = gauge('watch_value', 'A watched figure, in its unit.', ['watch', 'about', 'unit']);
  const judged = gauge('watch_state', '0 fine, 1 warning, 2 critical.', ['watch', 'about']);
  const open = gauge('incidents_open', 'Incidents that are open.', ['level']);
  metrics.before(() => {
    const { services, watches, incidents } = monitor.report();
    for (const service of services) {
      for (const one of STATES) state.cell(service.name, one).set(Number(service.state === one));
      latency.cell(service.name).set((service.latencyMs ?? Number.NaN) / 1000);
      restarts.cell(service.name).set(service.restarts ?? Number.NaN);
    }
    for (const one of watches) {
      value.cell(one.watch, one.name, one.unit).set(one.value ?? Number.NaN);
      judged.cell(one.watch, one.name).set(WATCH_STATES[one.state]);
    }
    for (const level of LEVELS) {
      open.cell(level).set(incidents.filter((incident) => incident.level === level).length);
    }
  });
}
