/**
 * What the facts about each service mean now: fine, in trouble, or not to be said (it is being
 * restarted on purpose, nobody has looked yet, or what it needs is away, which is not its fault).
 * Pure; incident.ts makes news of it.
 */
import type { ChildFacts } from '../control/index.ts';
import { readyWithinMs } from '../process/patience.ts';
import type { Observation } from './observation.ts';

/** Figures that are watched beside the services themselves; watches/rules.ts has their bounds. */
export const WATCHES = [
  /** Free room on the disk of OPORA_HOME and of the embedded database. */
  'disk',
  /** Used memory and processor time of the machine, or of the container it is. */
  'memory',
  'cpu',
  /** Of one process: its memory, and how late its event loop is. */
  'resident',
  'loop',
  /** How much of its connections to the database a process uses, those who wait included. */
  'pool',
  /** How long the oldest due work waits. */
  'queue',
  /** How long the oldest paid order waits for its access. */
  'undelivered',
  /** Of what the gateway passes on: answers that fail, and that take longer than a second. */
  'errors',
  'late',
  /** Days left at the public address. */
  'certificate',
  /** How long the oldest entry of the audit log waits for its seal. */
  'audit',
  /** Notices of a provider do not come while payments are made. */
  'silent',
  /** Somebody outside does not answer: the breaker of some process round them is not closed. */
  'away',
] as const;
export type Watch = (typeof WATCHES)[number];

export const TROUBLES = [
  /** Its process ended by itself; the keeper starts it again. */
  'crash',
  /** Its process lives and does not answer. */
  'hang',
  /** Does not answer, and nobody here keeps it. */
  'down',
  /** The keeper has given up on it. */
  'gave_up',
  'not_ready',
  /** Its check is green, live traffic fails: the gateway does not use it. */
  'gray',
  'slow',
  ...WATCHES,
] as const;
export type TroubleKind = (typeof TROUBLES)[number];

export type Trouble = Readonly<{
  kind: TroubleKind;
  /** For people: `SIGKILL`, `1240 ms`. */
  detail: string;
  /** Gets no work done at this moment. */
  isUnavailable: boolean;
  /** No instance of its role gets work done. */
  isOutage: boolean;
  /** People must act now, however short it lasts. */
  isCritical: boolean;
  /** How often staff is told again while it lasts, milliseconds; absent: as its level says. */
  remindEveryMs?: number;
}>;

export type Standing = Trouble | 'fine' | 'unknown';
/** By subject: the name of a service, or of a watch and what it is about: `queue:payments`. */
export type Standings = ReadonlyMap<string, Standing>;

export const SLOW_LOOKS = 2;
/** A service may want no traffic for so long before that is news. */
const NOT_READY_MAX_MS = 10_000;
const DATABASE = 'postgres';
/** Those that work without the database; its keeper is ready when the database is. */
const STAND_ALONE: readonly string[] = ['web', 'gateway', 'simulators', 'redis', DATABASE];
/** What its absence left behind (breakers that are open, roles on their way) clears in this time. */
const DATABASE_BACK_MS = 20_000;

export type Facts = Readonly<{
  observations: readonly Observation[];
  children: readonly ChildFacts[];
  /** Names that the gateway has taken out although their check is green. */
  gray: ReadonlySet<string>;
  /** Ends of before are known already. */
  knownUntil: Date;
  at: Date;
}>;

export function standingsOf(facts: Facts): Standings {
  const isDatabaseAway = facts.observations.some(
    ({ service, downAt }) =>
      service.role === DATABASE &&
      downAt !== null &&
      facts.at.getTime() - downAt.getTime() < DATABASE_BACK_MS,
  );
  const isDatabaseUnseen = facts.observations.some(
    ({ service, state }) => service.role === DATABASE && state === 'unknown',
  );
  const context = { ...facts, isDatabaseAway, isDatabaseUnseen };
  const standings = new Map(
    facts.observations.map((observation) => {
      const child = facts.children.find(({ name }) => name === observation.service.name);
      return [observation.service.name, standingOf(observation, child, context)] as const;
    }),
  );
  return markOutages(facts.observations, standings);
}

type Context = Facts & Readonly<{ isDatabaseAway: boolean; isDatabaseUnseen: boolean }>;

function standingOf(
  observation: Observation,
  child: ChildFacts | undefined,
  context: Context,
): Standing {
  const kept = child === undefined ? undefined : byKeeper(child, context);
  if (kept !== undefined) return kept;
  const { state, service, latencyMs, slowLooks } = observation;
  // A look of before it became ready is about its former life.
  const isOld = child !== undefined && Number(observation.checkedAt) < Date.parse(child.since);
  if (state === 'unknown' || isOld) return 'unknown';
  if (state === 'down' && service.isSpared === true) return SPARED;
  if (state === 'down') return trouble(child === undefined ? 'down' : 'hang', '', true);
  if (state === 'not_ready') return notReady(observation, child, context);
  if (context.gray.has(service.name) && !context.isDatabaseAway) return trouble('gray', '', false);
  return slowLooks >= SLOW_LOOKS ? trouble('slow', `${String(latencyMs)} ms`, false) : 'fine';
}

/** Told once: people need not act. */
const SPARED: Trouble = {
  ...trouble('down', 'spared', false),
  remindEveryMs: 24 * 3_600_000,
};

/** Undefined: its process is well, so it depends on what it answers. */
function byKeeper(child: ChildFacts, context: Context): Standing | undefined {
  if (child.state === 'given_up') {
    return trouble('gave_up', child.ends.at(-1)?.words ?? '', true);
  }
  if (child.state === 'stopped' || child.isRestarting) return 'unknown';
  const last = child.ends.at(-1);
  // An end for want of the database is the database's incident, whether or not it was looked at yet.
  const isExcused = context.isDatabaseAway || context.isDatabaseUnseen;
  const isOwn = last?.isAsked === false && !(last.isForeign && isExcused);
  if (child.state !== 'ready') return isOwn ? trouble('crash', last.words, true) : 'unknown';
  // It died and is back already, while the monitor itself was away.
  const isNews = isOwn && Date.parse(last.at) > context.knownUntil.getTime();
  return isNews ? trouble('crash', last.words, false) : undefined;
}

/** Readiness names what is missing: then it is the matter of that, not of this service. */
function notReady(
  { degraded, service, since, hasServed }: Observation,
  child: ChildFacts | undefined,
  context: Context,
): Standing {
  const needsDatabase = !STAND_ALONE.includes(service.role);
  if (degraded.length > 0 || (needsDatabase && context.isDatabaseAway)) return 'unknown';
  // Its keeper knows better than we when it said that it is ready.
  const fromMs = Math.max(since.getTime(), child === undefined ? 0 : Date.parse(child.since));
  const lastsMs = context.at.getTime() - fromMs;
  const isOnItsWay = !hasServed && child === undefined;
  const patienceMs = isOnItsWay ? readyWithinMs(service.role) : NOT_READY_MAX_MS;
  return lastsMs < patienceMs ? 'unknown' : trouble('not_ready', '', true);
}

function markOutages(
  observations: readonly Observation[],
  standings: ReadonlyMap<string, Standing>,
): Standings {
  const isGone = ({ service }: Observation): boolean => {
    const standing = standings.get(service.name);
    return typeof standing === 'object' && standing.isUnavailable;
  };
  const byRole = [...Map.groupBy(observations, ({ service }) => service.role).values()];
  const outages = new Set(
    byRole.filter((all) => all.every(isGone)).flatMap((all) => all.map((o) => o.service.name)),
  );
  return new Map(
    [...standings].map(([name, standing]) => [
      name,
      typeof standing === 'object' && outages.has(name)
        ? { ...standing, isOutage: true }
        : standing,
    ]),
  );
}

function trouble(kind: TroubleKind, detail: string, isUnavailable: boolean): Trouble {
  return { kind, detail, isUnavailable, isOutage: false, isCritical: kind === 'gave_up' };
}
