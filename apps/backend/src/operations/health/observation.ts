/** How one look changes what is known of a service. Pure. */
import { readyWithinMs } from '../process/patience.ts';
import type { ProbeResult } from './probe.ts';
import type { Service } from './services.ts';

export type ServiceState = ProbeResult['state'] | 'unknown';

/** What is remembered about one service between two looks. */
export type Observation = Readonly<{
  service: Service;
  state: ServiceState;
  latencyMs: number | null;
  since: Date;
  checkedAt: Date | null;
  /** When it was last found down. */
  downAt: Date | null;
  degraded: readonly string[];
  /** Looks in a row without an answer, and with a slow one. */
  silentLooks: number;
  slowLooks: number;
  /** It worked once since it is watched: until then it is on its way. */
  hasServed: boolean;
}>;

/** Answers slower than this are told of, when two in a row are. */
export const SLOW_MS = 1_000;

export type Depth = 'liveness' | 'readiness';

export function unseen(service: Service, since: Date): Observation {
  const nothing = { latencyMs: null, checkedAt: null, downAt: null };
  return {
    service,
    state: 'unknown',
    since,
    ...nothing,
    degraded: [],
    hasServed: false,
    silentLooks: 0,
    slowLooks: 0,
  };
}

/** A green liveness says nothing about readiness: it only raises what was down or unknown. */
export function observe(
  before: Observation,
  result: ProbeResult,
  /** `isReady`: its keeper says that it was ready once, so it is not on its way. */
  { depth, at, isReady }: { depth: Depth; at: Date; isReady: boolean },
): Observation {
  // Never seen yet and not for long: at a start everybody is on the way, which is no news.
  const patienceMs = readyWithinMs(before.service.role);
  const isStarting =
    before.state === 'unknown' && at.getTime() - before.since.getTime() < patienceMs;
  if (isStarting && !isReady && result.state === 'down') return before;
  const keeps =
    depth === 'liveness' &&
    result.state === 'up' &&
    (before.state === 'degraded' || before.state === 'not_ready');
  const state = keeps ? before.state : result.state;
  return {
    service: before.service,
    state,
    latencyMs: result.latencyMs,
    since: state === before.state ? before.since : at,
    checkedAt: at,
    downAt: state === 'down' ? at : before.downAt,
    degraded: keeps ? before.degraded : result.degraded,
    // A round that finds a silence has looked twice.
    silentLooks: state !== 'down' ? 0 : before.silentLooks + (before.state === 'down' ? 1 : 2),
    slowLooks: state !== 'down' && result.latencyMs > SLOW_MS ? before.slowLooks + 1 : 0,
    hasServed: before.hasServed || state === 'up' || state === 'degraded',
  };
}
