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
  };
}
