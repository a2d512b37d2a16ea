/**
 * The health monitor: looks at every role from outside, follows the keeper of the processes, makes
 * incidents of what it sees, tells staff, and has the hung replaced. It loads no module and needs
 * no database, so it lives when everything it watches does not.
 * A service is `unknown` (not looked at yet), `up`, `degraded` (serves, but says something is
 * missing), `not_ready` (alive, wants no traffic) or `down`. Exits are seen at once, liveness every
 * 5 s, readiness every 30 s; a hang is found within 10 s.
 * Beside the services it watches figures (watches/rules.ts): disk, memory, queues and the like.
 */
export { createAlerts, type Alerts } from './alerts.ts';
export type { Alert, Channel } from './channel.ts';
export { showFigures } from './figures.ts';
export { createGatewayLook } from './gateway-look.ts';
export { keepBeating } from './heartbeat.ts';
export { createHistory, HISTORY_LINES_MAX, type History } from './history.ts';
export type { Incident, Journal, Notice } from './incident.ts';
export type { Keeper } from './keeper.ts';
export { createSupervisorKeeper } from './keepers/supervisor.ts';
export { createMonitor, ServiceUnknown, type Monitor, type MonitorDeps } from './monitor.ts';
export { callOutside, openChannels } from './open-channels.ts';
export { createProbe, type Probe, type ProbeResult } from './probe.ts';
export type { ServiceState } from './observation.ts';
export type { ServiceReport, SystemHealth } from './report.ts';
export { servicesOf, type Service } from './services.ts';
export { openStore, type Store } from './store.ts';
export { openWatches } from './watches/index.ts';
