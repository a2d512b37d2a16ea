import type { ChildFacts } from '../control/index.ts';
import type { Judged } from './gateway-look.ts';
import type { Incident, Journal } from './incident.ts';
import type { Observation, ServiceState } from './observation.ts';
import type { WatchReport } from './watches/watches.ts';

export type ServiceReport = Readonly<{
  name: string;
  role: string;
  state: ServiceState;
  /** Of the last look; null before the first. */
  latencyMs: number | null;
  since: string;
  checkedAt: string | null;
  degraded: readonly string[];
  /** From the supervisor; null where the host does its work. */
  restarts: number | null;
  /** How its last lives ended, the newest last. */
  lastRestarts: ChildFacts['ends'];
  /** Of the gateway's breaker round this instance; null: the gateway does not call it. */
  breaker: string | null;
  supervised: ChildFacts['state'] | null;
  /** Of the program that answers there; null: it tells none. */
  version: string | null;
}>;

export type SystemHealth = Readonly<{
  /** `down`: a role without which nothing is sold has no working instance. */
  status: 'ok' | 'degraded' | 'down' | 'unknown';
  at: string;
  version: string;
  services: readonly ServiceReport[];
  /** The figures that are watched beside the services. */
  watches: readonly WatchReport[];
  /** Those that are open. */
  incidents: readonly Incident[];
}>;

export function describeSystem(
  observations: readonly Observation[],
  about: Readonly<{
    children: readonly ChildFacts[];
    judged: ReadonlyMap<string, Judged>;
    versions: ReadonlyMap<string, string>;
    watches: readonly WatchReport[];
    journal: Journal;
    at: Date;
    version: string;
  }>,
): SystemHealth {
  const { children, judged } = about;
  return {
    status: overall(observations),
    at: about.at.toISOString(),
    version: about.version,
    services: observations.map((observation) => {
      const child = children.find(({ name }) => name === observation.service.name);
      return {
        name: observation.service.name,
        role: observation.service.role,
        state: observation.state,
        latencyMs: observation.latencyMs,
        since: observation.since.toISOString(),
        checkedAt: observation.checkedAt?.toISOString() ?? null,
        degraded: observation.degraded,
        restarts: child?.restarts ?? null,
        lastRestarts: child?.ends ?? [],
        breaker: judged.get(observation.service.name)?.breaker ?? null,
        supervised: child?.state ?? null,
        version: about.versions.get(observation.service.name) ?? null,
      };
    }),
    watches: about.watches,
    incidents: about.journal.open,
  };
}

function overall(observations: readonly Observation[]): SystemHealth['status'] {
  const serves = ({ state }: Observation): boolean => state === 'up' || state === 'degraded';
  const critical = Map.groupBy(
    observations.filter(({ service }) => service.critical),
    ({ service }) => service.role,
  );
  const groups = [...critical.values()];
  if (groups.some((group) => group.every(({ state }) => state === 'unknown'))) return 'unknown';
  if (groups.some((group) => !group.some(serves))) return 'down';
  return observations.every(({ state }) => state === 'up') ? 'ok' : 'degraded';
}
