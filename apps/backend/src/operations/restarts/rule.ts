/** When staff may restart an instance, by what the monitor sees. Pure. */
import { DomainError } from '@opora/kernel';
import type { ServiceReport } from '../health/index.ts';

/** Somebody is on the way already: one instance at a time. */
export class RestartUnderWay extends DomainError {
  readonly code = 'monitor.restart_under_way';
  readonly kind = 'conflict';
}

/** Of several instances the only one that works: restarting it would be the outage. */
export class LastHealthy extends DomainError {
  readonly code = 'monitor.last_healthy';
  readonly kind = 'conflict';
}

const serves = ({ state }: ServiceReport): boolean => state === 'up' || state === 'degraded';

/** Throws when `name` may not be restarted now; answers who of its role works meanwhile. */
export function assertMayRestart(
  name: string,
  services: readonly ServiceReport[],
): { others: readonly string[] } {
  const target = services.find((service) => service.name === name);
  const onTheWay = services.find((one) => one.name !== name && one.supervised === 'starting');
  if (onTheWay !== undefined) throw new RestartUnderWay(`${onTheWay.name} is starting`);
  const others = services.filter((one) => one.role === target?.role && one.name !== name);
  const serving = others.filter(serves);
  if (target !== undefined && serves(target) && others.length > 0 && serving.length === 0) {
    throw new LastHealthy(`no other ${target.role} works`);
  }
  return { others: serving.map((one) => one.name) };
}
