/** Jobs, the inbox of notices, and the questions to providers. Any number of them. */
import { join } from 'node:path';
import { readinessWith } from '../compose-database.ts';
import { operatorsOf } from '../compose-parts.ts';
import { composeModules, type Modules } from '../compose.ts';
import type { Config } from '../config/shape.ts';
import { runSealer } from '../modules/audit/edge/sealer.ts';
import { ANCHOR_FILE } from '../modules/audit/index.ts';
import { runIdentityUpkeep } from '../modules/identity/edge/jobs.ts';
import { runPaymentLoops } from '../modules/payments/edge/jobs.ts';
import { runReconciliations } from '../modules/payments/edge/nights.ts';
import { runProviderWatch } from '../modules/payments/edge/watch.ts';
import { runRenewals } from '../modules/subscriptions/edge/jobs.ts';
import { runBacklogWatch } from '../operations/backlog/index.ts';
import { EXIT_DEPENDENCY_AWAY } from '../operations/process/exit-codes.ts';
import { isAway } from '../platform/db/index.ts';
import { createHttp, createInnerLink } from '../platform/http/index.ts';
import { keepWorking, type Working } from '../platform/jobs/index.ts';
import type { Running } from '../platform/lifecycle/index.ts';
import { createTasks } from '../reactions/tasks.ts';

export async function start(config: Config, instance: number): Promise<Running> {
  const parts = await composeModules(config, 'worker', instance);
  const { lifecycle, clock, log } = parts;
  const http = createHttp({
    log,
    ids: parts.ids,
    clock,
    metrics: parts.metrics,
    link: createInnerLink({ role: 'worker', keys: config.readServiceKeys, clock }),
    trustedProxies: config.trustedProxies,
    sockets: config.sockets,
    readiness: readinessWith(parts.db),
    drainDelayMs: 0,
  });
  lifecycle.onStop('http', () => http.close());
  await http.listen(config.ports.worker + instance);
  const jobs = beginWork(parts);
  beginRounds(parts);
  return {
    ready: () => !http.draining,
    stop: (reason) => lifecycle.stop(reason),
    // The queue's library has a rejection that nobody can catch when its database is killed.
    outlives(error) {
      if (!isAway(error)) return false;
      jobs.renew();
      return true;
    },
  };
}

/** What follows from what people and vendors do, until the lifecycle stops. */
export function beginWork(parts: Modules): Working {
  const { config, lifecycle, clock, log } = parts;
  const jobs = keepWorking({
    db: parts.db,
    tasks: createTasks({ ...parts, operators: operatorsOf(config) }),
    clock,
    log,
    pace: config.pace,
    // The jobs are taken over by others, so this process must not go on: it lost its database.
    onLost: () => process.exit(EXIT_DEPENDENCY_AWAY),
    // The supervisor frees this pool's jobs at once when the process dies.
    onPool: (id) => process.send?.({ type: 'worker-pool', id }, () => undefined),
  });
  lifecycle.onStop('jobs', () => jobs.stop());
  void parts.provisioning.greetPanel();
  const loops = runPaymentLoops({ ...parts, doorbell: parts.noticeBell });
  lifecycle.onStop('payment loops', () => loops.stop());
  return jobs;
}

/** What comes round by the clock alone: reconciliations, upkeep, renewals. */
function beginRounds(parts: Modules): void {
  const { config, lifecycle } = parts;
  const nights = runReconciliations(parts);
  lifecycle.onStop('reconciliations', () => nights.stop());
  const upkeep = runIdentityUpkeep(parts);
  lifecycle.onStop('identity upkeep', () => upkeep.stop());
  const sealer = runSealer({ ...parts, anchorFile: join(config.home, ANCHOR_FILE) });
  lifecycle.onStop('sealer of the audit log', () => sealer.stop());
  const watch = runProviderWatch(parts);
  lifecycle.onStop('watch over providers', () => watch.stop());
  const backlog = runBacklogWatch(parts);
  lifecycle.onStop('watch over what waits', () => backlog.stop());
  const renewals = runRenewals({ ...parts, renewals: parts.subscriptions.renewals });
  lifecycle.onStop('renewals', () => renewals.stop());
}
