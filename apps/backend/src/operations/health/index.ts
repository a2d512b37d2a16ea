/**
 * The health monitor: looks at every role from outside, remembers since when each is as it is, and
 * passes restarts on to the supervisor. It loads no module and needs no database, so it lives when
 * everything it watches does not.
 * A service is `unknown` (not looked at yet), `up`, `degraded` (serves, but says something is
 * missing), `not_ready` (alive, wants no traffic) or `down`. Every 5 s liveness, every 30 s readiness.
 */
export { createMonitor, type Monitor } from './monitor.ts';
export { createProbe, type Probe, type ProbeResult } from './probe.ts';
export type { ServiceReport, ServiceState, SystemHealth } from './report.ts';
export { servicesOf, type Service } from './services.ts';
