/** From roles and breakers to what a customer calls them. Pure. */
import { STATUS_PARTS, type StatusPart, type StatusState } from '@opora/contracts';
import type { Outside } from './outside.ts';

/** What is asked of the monitor's report, and no more. */
export type Roles = Readonly<{ services: readonly Readonly<{ role: string; state: string }>[] }>;

/** The roles a part stands on; it works when each of them has an instance that does. */
const STANDS_ON: Readonly<Record<StatusPart, readonly string[]>> = {
  buying: ['gateway', 'api', 'postgres'],
  bot: ['gateway', 'bot', 'postgres'],
  access: ['worker', 'postgres'],
  signIn: ['gateway', 'auth', 'postgres'],
  cabinet: ['gateway', 'api', 'postgres'],
};

/** A way to pay among the lines of the book; parts stand there by their own names. */
export function wayLine(way: string): string {
  return `way:${way}`;
}

/**
 * How each line stands. `outside` is undefined when nobody could tell it lately: then the ways to pay
 * are unknown, and the parts are judged by our own roles alone.
 */
export function statesOf(
  { services }: Roles,
  outside: Outside | undefined,
): ReadonlyMap<string, StatusState> {
  const byRoles = (part: StatusPart): StatusState =>
    worst(STANDS_ON[part].map((role) => roleState(services.filter((one) => one.role === role))));
  const states = new Map<string, StatusState>(STATUS_PARTS.map((part) => [part, byRoles(part)]));
  if (outside === undefined) return states;
  // Access is given by somebody else's servers as well.
  if (outside.panelRests) states.set('access', 'down');
  // A way that rests hurts buying only when no other is left.
  const takesMoney = outside.ways.some(({ rests }) => !rests);
  if (outside.ways.length > 0 && !takesMoney) states.set('buying', 'down');
  for (const { way, rests } of outside.ways) states.set(wayLine(way), rests ? 'down' : 'works');
  return states;
}

/** As bad as the worst role, because all of them are needed. */
function worst(states: readonly StatusState[]): StatusState {
  return (['down', 'unknown', 'partly'] as const).find((one) => states.includes(one)) ?? 'works';
}

function roleState(instances: readonly Readonly<{ state: string }>[]): StatusState {
  const serving = instances.filter(({ state }) => state === 'up' || state === 'degraded');
  if (serving.length === 0) {
    return instances.every(({ state }) => state === 'unknown') ? 'unknown' : 'down';
  }
  return instances.every(({ state }) => state === 'up') ? 'works' : 'partly';
}
