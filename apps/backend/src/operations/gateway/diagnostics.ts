import type { BreakerState } from '../../platform/breaker/index.ts';
import type { Upstream } from './upstream.ts';

export type InstanceReport = Readonly<{
  name: string;
  address: string;
  /** up: gets traffic; ejected: ready, but live traffic failed; down: does not answer its check. */
  state: 'up' | 'ejected' | 'down';
  inFlight: number;
  ejections: number;
  breaker: BreakerState;
  retryAfterMs: number;
  /** Tries that ended since the gateway started, those of them that failed, smoothed latency. */
  tries: number;
  failures: number;
  latencyMs: number;
}>;

export type GatewayReport = Readonly<{
  status: 'ready' | 'degraded' | 'down' | 'draining';
  upstreams: Readonly<Record<string, readonly InstanceReport[]>>;
}>;

/** What an operator sees at `GET /health` of the diagnostics port. */
export function describeGateway(upstreams: readonly Upstream[], closing: boolean): GatewayReport {
  const reports = upstreams.map(
    ({ name, instances }) => [name, instances.map(describeInstance)] as const,
  );
  const alive = reports.map(([, instances]) => instances.some(({ state }) => state !== 'down'));
  const status = alive.every(Boolean) ? 'ready' : alive.some(Boolean) ? 'degraded' : 'down';
  return { status: closing ? 'draining' : status, upstreams: Object.fromEntries(reports) };
}

function describeInstance(instance: Upstream['instances'][number]): InstanceReport {
  const breaker = instance.breaker.state;
  return {
    name: instance.name,
    address: instance.origin,
    state: !instance.up ? 'down' : breaker === 'closed' ? 'up' : 'ejected',
    inFlight: instance.inFlight,
    ejections: instance.ejections,
    breaker,
    retryAfterMs: Math.round(instance.breaker.retryAfterMs),
    tries: instance.tries,
    failures: instance.failures,
    latencyMs: Math.round(instance.latencyMs * 10) / 10,
  };
}

/** How one role's work is shared: `GET /lb-stats` of the balancer's port. */
export type BalancerStatistics = Readonly<{
  algorithm: 'least in flight of two';
  instances: readonly (InstanceReport & { share: number })[];
  healthy: number;
  tries: number;
  failures: number;
}>;

export function describeBalancer(instances: readonly InstanceReport[]): BalancerStatistics {
  const sum = (of: (instance: InstanceReport) => number): number =>
    instances.reduce((total, instance) => total + of(instance), 0);
  const tries = sum((instance) => instance.tries);
  return {
    algorithm: 'least in flight of two',
    instances: instances.map((instance) => ({
      ...instance,
      share: tries === 0 ? 0 : Math.round((1000 * instance.tries) / tries) / 1000,
    })),
    healthy: instances.filter(({ state }) => state === 'up').length,
    tries,
    failures: sum((instance) => instance.failures),
  };
}
