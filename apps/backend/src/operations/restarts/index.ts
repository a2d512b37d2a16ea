/**
 * Restarts that staff asks of the monitor: one instance at a time, never the last that works, with a
 * reason, once per key. Each is an act for the audit log, kept in a file until an api has taken it,
 * because the database may be what is away.
 */
import { INNER_PATHS, StaffActsAsk } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import { z } from 'zod';
import type { Log } from '../../platform/log/index.ts';
import { ServiceUnknown, type Monitor } from '../health/index.ts';
import type { InnerCall } from '../inner-call.ts';
import { openStateFile } from '../state-file.ts';
import { assertMayRestart, RestartUnderWay } from './rule.ts';

type StaffAct = StaffActsAsk['acts'][number];
export type RestartWish = Readonly<{
  service: string;
  reason: string;
  key: string;
  actor: StaffAct['actor'];
}>;

export interface Restarts {
  /** Tells the audit log what is not told yet, until `signal` aborts. */
  run(signal: AbortSignal): Promise<void>;
  /** Who works meanwhile; throws what `perform` would throw. */
  preview(service: string): { others: readonly string[] };
  perform(wish: RestartWish): Promise<{ id: string; isFirst: boolean }>;
}

const TELL_EVERY_MS = 5_000;
/** Acts that are remembered by their key, told or not; the oldest told ones give way. */
const KEPT_MAX = 100;
/** Told at once. */
const TOLD_MAX = 100;
/** So long a restart counts as under way when nothing is seen of its end. */
const UNDER_WAY_MAX_MS = 60_000;

const stateSchema = z.object({
  acts: z.array(StaffActsAsk.shape.acts.element),
  told: z.int().nonnegative(),
});

export async function openRestarts(deps: {
  path: string;
  monitor: Pick<Monitor, 'report' | 'restart'>;
  api: InnerCall;
  clock: Clock;
  ids: Ids;
  log: Log;
}): Promise<Restarts> {
  const { monitor, api, clock, ids, log } = deps;
  const file = await openStateFile(deps.path, stateSchema, {
    what: 'what staff restarted',
    log,
  });
  let acts: readonly StaffAct[] = file.read?.acts ?? [];
  /** Of the list's beginning. */
  let told = file.read?.told ?? 0;
  let last: { service: string; atMs: number; at: string } | undefined;

  function preview(service: string): { others: readonly string[] } {
    const { services } = monitor.report();
    const target = services.find(({ name }) => name === service);
    if (target?.supervised == null) throw new ServiceUnknown(`${service} is not kept here`);
    if (last !== undefined && clock.monotonicMs() - last.atMs < UNDER_WAY_MAX_MS) {
      const before = services.find(({ name }) => name === last?.service);
      const ended = before?.lastRestarts.at(-1)?.at ?? '';
      const isBack = ended > last.at && before?.supervised === 'ready' && before.state === 'up';
      if (!isBack) throw new RestartUnderWay(`${last.service} is not back yet`);
    }
    return assertMayRestart(service, services);
  }

  async function tell(): Promise<void> {
    const untold = acts.slice(told, told + TOLD_MAX);
    if (untold.length === 0) return;
    const { taken } = await api.ask(INNER_PATHS.acts, z.object({ taken: z.int() }), {
      acts: untold,
    });
    told += taken;
    await file.write({ acts: [...acts], told });
  }

  return {
    preview,
    async perform({ service, reason, key, actor }) {
      const before = acts.find((one) => one.key === key);
      if (before !== undefined) return { id: before.id, isFirst: false };
      preview(service);
      const at = clock.now().toISOString();
      last = { service, at, atMs: clock.monotonicMs() };
      const act = { id: ids.next('aud'), at, key, act: 'services.restart', subject: service };
      const surplus = Math.max(0, Math.min(told, acts.length + 1 - KEPT_MAX));
      acts = [...acts.slice(surplus), { ...act, reason, actor }];
      told -= surplus;
      // Written before it is done: a restart of the monitor itself must not lose it.
      await file.write({ acts: [...acts], told });
      await monitor.restart(service);
      log.warn({ service, actor: actor.id, reason }, 'staff restarts a service');
      return { id: act.id, isFirst: true };
    },
    async run(signal) {
      while (!signal.aborted) {
        // No api answers: it is told when one does.
        await tell().catch(() => undefined);
        await clock.sleep(TELL_EVERY_MS, signal);
      }
    },
  };
}
