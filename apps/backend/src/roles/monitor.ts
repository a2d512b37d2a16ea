/** The `monitor` role: watches every other role, tells staff and customers, replaces the hung. No database. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../config/shape.ts';
import { readVersion } from '../config/version.ts';
import * as health from '../operations/health/index.ts';
import { createRoleLog } from '../operations/process/role-log.ts';
import { followThroughApi } from '../operations/switches.ts';
import { createSwitchboard } from '../platform/breaker/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttp, createInnerLink } from '../platform/http/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLifecycle, type Running } from '../platform/lifecycle/index.ts';
import { createMetrics, observeProcess } from '../platform/metrics/index.ts';
import { createStaffAuthorise, mountMonitor, mountRestart, mountSystem } from './monitor-edge.ts';
import { openEdge } from './monitor-parts.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const [clock, ids] = [systemClock, systemIds];
  const log = createRoleLog(config, 'monitor', { instance });
  const lifecycle = createLifecycle({ clock, log });
  const metrics = createMetrics();
  lifecycle.onStop('process metrics', observeProcess(metrics, readVersion(config.root)));
  const folder = join(config.home, 'monitor');
  await mkdir(folder, { recursive: true });
  const store = await health.openStore(join(folder, 'state.json'), { now: clock.now(), log });
  const history = health.createHistory(join(folder, 'history.jsonl'));
  const board = createSwitchboard({ clock, log });
  const channels = health.openChannels(config, { clock, ids, log, board });
  for (const { name, close } of channels) lifecycle.onStop(`alerts by ${name}`, close);
  const shared = { store, clock, log, chance: () => ids.chance() };
  const { language, heartbeatUrl } = config.alerts;
  const probe = health.createProbe(clock);
  lifecycle.onStop('probe', () => probe.close());
  const { watches, versions, close } = health.openWatches(config, clock);
  lifecycle.onStop('watches', close);
  const monitor = health.createMonitor({
    ...{ watches, versions },
    ...{ ...shared, history, probe, services: health.servicesOf(config) },
    keeper: health.createSupervisorKeeper(config.home),
    askGateway: health.createGatewayLook(
      `http://127.0.0.1:${String(config.ports.gatewayDiagnostics)}`,
    ),
    alerts: health.createAlerts({ ...shared, channels, language }),
    version: readVersion(config.root),
  });
  const { readServiceKeys: keys, trustedProxies, sockets } = config;
  const link = createInnerLink({ role: 'monitor', keys, clock });
  const edge = await openEdge(config, { monitor, history, store, folder, log, link });
  health.showFigures(metrics, monitor);
  const authorise = createStaffAuthorise(edge);
  const parts = { log, ids, clock, link, trustedProxies, authorise, sockets, drainDelayMs: 0 };
  const internal = createHttp({ ...parts, metrics });
  const outer = createHttp(parts);
  mountMonitor(outer.app, edge);
  mountRestart(outer.app, edge);
  for (const { app } of [internal, outer]) mountSystem(app, edge);
  try {
    lifecycle.onStop('internal listener', () => internal.close());
    await internal.listen(config.ports.monitorInternal);
    lifecycle.onStop('listener', () => outer.close());
    await outer.listen(config.ports.monitor);
  } catch (error) {
    await lifecycle.stop('could not listen');
    throw error;
  }
  const leaving = new AbortController();
  const obeying = { board, process: `monitor#${String(instance)}`, api: () => edge.api };
  const address = heartbeatUrl?.reveal();
  const watching = Promise.all([
    monitor.watch(leaving.signal),
    edge.status.watch(leaving.signal),
    edge.restarts.run(leaving.signal),
    edge.door.run(leaving.signal),
    followThroughApi(obeying, leaving.signal),
    address !== undefined &&
      health.keepBeating({
        beat: () => health.callOutside(address),
        ...{ isWell: () => monitor.isWell(), clock, log, signal: leaving.signal },
      }),
  ]);
  lifecycle.onStop('watch', async () => {
    leaving.abort();
    await watching;
  });
  return { ready: () => !lifecycle.stopping, stop: (reason) => lifecycle.stop(reason) };
}
