/** What the drill about the database away says: judged from outside. Pure. */
import { countsOf } from '../counts.ts';
import { percentile, toTenths } from '../percentile.ts';
import type { Rates, Sample } from './load.ts';
import type { Fault } from './outage.ts';
import { DEEDS, READS, isGood, type Deed } from './senders.ts';

/** What can be planted, and must then be found. */
export const BUGS = ['acknowledge-before-commit', 'patient-reads'] as const;

export type AwayOptions = Readonly<{
  visitors: number;
  rates: Rates;
  /** How long the server is away, each time. */
  outageMs: number;
  planted?: (typeof BUGS)[number] | undefined;
}>;

/** One outage; times from the start of the load. */
export type Spell = Readonly<{
  fault: Fault;
  fromMs: number;
  /** From then on the server answered nobody. */
  goneMs: number;
  /** Every role had noticed. */
  noticedMs: number;
  /** The server was there again. */
  untilMs: number;
  /** Everything was served again, and fresh. */
  servedMs: number;
  /** Subjects of the monitor's open incidents at the end of it. */
  incidents: readonly string[];
}>;

/** Of what was acknowledged: how much the database has not, and how much it has twice. */
export type Kept = Readonly<Record<Deed, { acknowledged: number; lost: number; doubled: number }>>;

export type AwayReport = Readonly<{
  drill: 'database-away';
  options: AwayOptions;
  outages: readonly {
    fault: Fault;
    noticedAfterMs: number;
    fullServiceAfterMs: number;
    reads: number;
    readsServed: number;
    /** How long a reader waited. */
    readsP99Ms: number | null;
    /** Served while the server answered nobody, and not marked. */
    unmarked: number;
    refused: number;
    /** Of the refusals of those who knew; null: there was none. */
    refusedP99Ms: number | null;
    /** What was sent before every role knew, reads apart: how long it waited for its answer. */
    unknownP99Ms: number | null;
    incidents: readonly string[];
  }[];
  kept: Kept;
  requests: number;
  skipped: number;
  /** What else than a 503 that may be repeated was answered to what was not taken, with counts. */
  otherRefusals: Readonly<Record<string, number>>;
  exits: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

export const LIMITS = {
  readsServed: 0.99,
  readsP99Ms: 1_000,
  refusedP99Ms: 300,
  unknownP99Ms: 5_000,
  noticedMs: 30_000,
  fullServiceMs: 5_000,
};
const SUBJECT = 'postgres#0';

export type Facts = Readonly<{
  options: AwayOptions;
  samples: readonly Sample[];
  spells: readonly Spell[];
  kept: Kept;
  skipped: number;
  /** Lives of processes that ended by themselves meanwhile. */
  exits: number;
}>;

export function judgeAway(facts: Facts): AwayReport {
  const { options, samples, spells, kept, skipped, exits } = facts;
  const outages = spells.map((spell) => outageOf(spell, samples));
  const others = samples.filter(
    (one) => !isGood(one.kind, one) && !(one.status === 503 && one.mayRepeat),
  );
  const otherRefusals = countsOf(others.map(({ kind, status }) => `${kind} ${String(status)}`));
  const violations = [
    ...outages.flatMap(violationsOf),
    ...DEEDS.flatMap((deed) => violationsOfKept(deed, kept[deed])),
    ...(others.length === 0 ? [] : [`${String(others.length)} calls failed otherwise`]),
    ...(exits === 0 ? [] : [`${String(exits)} processes ended`]),
    ...(spells.length === 2 ? [] : ['not every outage took place']),
  ];
  return {
    drill: 'database-away',
    ...{ options, outages, kept, requests: samples.length, skipped, otherRefusals, exits },
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

function outageOf(spell: Spell, samples: readonly Sample[]): AwayReport['outages'][number] {
  const { fault, fromMs, goneMs, noticedMs, untilMs, servedMs, incidents } = spell;
  const during = samples.filter(({ atMs }) => atMs >= fromMs && atMs < untilMs);
  const reads = during.filter(({ kind }) => READS.some((read) => read === kind));
  const served = reads.filter((one) => isGood(one.kind, one));
  const known = during.filter(({ atMs }) => atMs >= noticedMs);
  const refused = known.filter(({ status }) => status === 503);
  const unknown = during.filter((one) => one.atMs < noticedMs && !reads.includes(one));
  return {
    fault,
    noticedAfterMs: Math.round(noticedMs - fromMs),
    fullServiceAfterMs: Math.round(servedMs - untilMs),
    ...{ reads: reads.length, readsServed: served.length },
    readsP99Ms: p99(reads.map(({ tookMs }) => tookMs)),
    unmarked: served.filter(
      ({ atMs, tookMs, isMarked }) => atMs >= goneMs && atMs + tookMs < untilMs && !isMarked,
    ).length,
    refused: refused.length,
    refusedP99Ms: p99(refused.map(({ tookMs }) => tookMs)),
    unknownP99Ms: p99(unknown.map(({ tookMs }) => tookMs)),
    incidents,
  };
}

function violationsOf(outage: AwayReport['outages'][number]): string[] {
  const { fault, reads, readsServed, unmarked, refused, incidents } = outage;
  const { noticedAfterMs, readsP99Ms, refusedP99Ms, unknownP99Ms, fullServiceAfterMs } = outage;
  const strange = incidents.filter((subject) => subject !== SUBJECT);
  return [
    ...(noticedAfterMs <= LIMITS.noticedMs ? [] : [`noticed after ${String(noticedAfterMs)} ms`]),
    ...(reads > 0 && readsServed >= reads * LIMITS.readsServed
      ? []
      : [`${String(readsServed)} of ${String(reads)} reads were served`]),
    ...(unmarked === 0 ? [] : [`${String(unmarked)} copies were not marked`]),
    ...(refused > 0 ? [] : ['nothing was refused: the database was not away']),
    ...slowOf('reads', readsP99Ms, LIMITS.readsP99Ms),
    ...slowOf('refusals', refusedP99Ms, LIMITS.refusedP99Ms),
    ...slowOf('answers before it was noticed', unknownP99Ms, LIMITS.unknownP99Ms),
    ...(fullServiceAfterMs <= LIMITS.fullServiceMs
      ? []
      : [`full service only after ${String(fullServiceAfterMs)} ms`]),
    ...(strange.length === 0 ? [] : [`incidents about ${strange.join(', ')}`]),
  ].map((text) => `${fault}: ${text}`);
}

function slowOf(what: string, p99Ms: number | null, mostMs: number): string[] {
  return p99Ms === null || p99Ms <= mostMs ? [] : [`${what} have a p99 of ${String(p99Ms)} ms`];
}

function violationsOfKept(deed: Deed, { acknowledged, lost, doubled }: Kept[Deed]): string[] {
  return [
    ...(acknowledged > 0 ? [] : [`no ${deed} was acknowledged`]),
    ...(lost === 0 ? [] : [`${String(lost)} acknowledged ${deed}s are lost`]),
    ...(doubled === 0 ? [] : [`${String(doubled)} ${deed}s are there twice`]),
  ];
}

function p99(values: readonly number[]): number | null {
  const found = percentile(values, 0.99);
  return found === undefined ? null : toTenths(found);
}
