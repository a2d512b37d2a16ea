import { DomainError, OperationalError, type Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';
import type { ChildFacts, ControlAnswer, ControlRequest } from '../control/index.ts';
import type { Probe, ProbeResult } from './probe.ts';
import { describeSystem, type Observation, type SystemHealth } from './report.ts';
import type { Service } from './services.ts';

/** The name in the address is none of those that `/system-health` lists. */
export class ServiceUnknown extends DomainError {
  readonly code = 'monitor.service_unknown';
  readonly kind = 'not_found';
}

/** No supervisor of ours runs here: systemd, Compose or Kubernetes restarts. */
export class SupervisorAway extends OperationalError {
  readonly code = 'monitor.supervisor_away';
}

export interface Monitor {
  /** Looks every 5 s until `signal` aborts. */
  watch(signal: AbortSignal): Promise<void>;
  report(): Promise<SystemHealth>;
  /**
   * Asks the supervisor to restart a service (`api#1`) or all instances of a role (`api`), one
   * after the other. Resolves when the supervisor is there, not when the restart is done.
   */
  restart(name: string): Promise<void>;
}

const LIVENESS_EVERY_MS = 5_000;
/** How long a service may take to appear before its absence is a fault. */
const STARTING_MAX_MS = 30_000;
/** Every how many looks readiness is asked too: 30 s. */
const READINESS_EVERY = 6;

export function createMonitor(deps: {
  services: readonly Service[];
  probe: Probe;
  /** Rejects when no supervisor runs. */
  askSupervisor: (request: ControlRequest) => Promise<ControlAnswer>;
  clock: Clock;
  log: Log;
  version: string;
}): Monitor {
  const { clock, log, probe } = deps;
  const seen = new Map<string, Observation>(
    deps.services.map((service) => [service.name, unseen(service, clock.now())]),
  );

  async function look(service: Service, depth: 'liveness' | 'readiness'): Promise<void> {
    const result = await probe.look(service, depth);
    const before = seen.get(service.name);
    if (before === undefined) return;
    const after = observe(before, result, { depth, at: clock.now() });
    if (isStarting(before, after)) return;
    seen.set(service.name, after);
    if (after.state === before.state) return;
    const known = before.state !== 'unknown';
    const level = after.state === 'down' ? 'error' : known ? 'warn' : 'info';
    log[level]({ service: service.name, from: before.state, to: after.state }, 'service changed');
  }

  async function children(): Promise<readonly ChildFacts[]> {
    // Without a supervisor the report is only poorer: its absence is normal in production.
    const answer = await deps.askSupervisor({ command: 'status' }).catch(() => undefined);
    return answer?.children ?? [];
  }

  return {
    async watch(signal) {
      for (let round = 0; !signal.aborted; round += 1) {
        const depth = round % READINESS_EVERY === 0 ? 'readiness' : 'liveness';
        await Promise.all(deps.services.map((service) => look(service, depth)));
        await clock.sleep(LIVENESS_EVERY_MS, signal);
      }
    },
    async report() {
      const about = { at: clock.now(), version: deps.version };
      return describeSystem([...seen.values()], await children(), about);
    },
    async restart(name) {
      const known = deps.services.some((service) => service.name === name || service.role === name);
      if (!known) throw new ServiceUnknown(`no service ${name.slice(0, 50)}`);
      await deps.askSupervisor({ command: 'status' }).catch((cause: unknown) => {
        throw new SupervisorAway('no supervisor answers', { cause });
      });
      // The caller is answered now; how the restart went is in the log and in the next report.
      deps
        .askSupervisor({ command: 'restart', name })
        .then(({ ok, problem }) => {
          log.warn({ service: name, ok, problem }, 'restarted on request');
        })
        .catch((error: unknown) => {
          log.error({ service: name, error }, 'restart failed');
        });
    },
  };
}

/** Never seen yet and not for long: at a start everybody is on the way, which is no news. */
function isStarting(before: Observation, after: Observation): boolean {
  const waitedMs = (after.checkedAt?.getTime() ?? 0) - before.since.getTime();
  return before.state === 'unknown' && after.state === 'down' && waitedMs < STARTING_MAX_MS;
}

function unseen(service: Service, since: Date): Observation {
  return { service, state: 'unknown', latencyMs: null, since, checkedAt: null, degraded: [] };
}

/** A green liveness says nothing about readiness: it only raises what was down or unknown. */
function observe(
  before: Observation,
  result: ProbeResult,
  about: { depth: 'liveness' | 'readiness'; at: Date },
): Observation {
  const keeps =
    about.depth === 'liveness' &&
    result.state === 'up' &&
    (before.state === 'degraded' || before.state === 'not_ready');
  const state = keeps ? before.state : result.state;
  return {
    service: before.service,
    state,
    latencyMs: result.latencyMs,
    since: state === before.state ? before.since : about.at,
    checkedAt: about.at,
    degraded: keeps ? before.degraded : result.degraded,
  };
}
