/** What a drill says at its end: one JSON object for machines, a table for people. Pure. */
import { countsOf, describeCounts } from '../counts.ts';
import { RULES, type Violation } from './books.ts';
import type { Judgement, VendorFigures } from './judge.ts';
import type { Kill } from './killer.ts';
import { judgeQuiet, type Quiet } from './quiet.ts';
import { faultsOf, KILLED_ROLES, type DrillOptions, type KilledRole } from './plan.ts';

export type DrillReport = Readonly<{
  drill: 'payments';
  seed: number;
  planted: string | null;
  payments: number;
  kills: Readonly<Record<KilledRole, number>>;
  faults: readonly string[];
  /** Extensions that were run once more, as after a worker's death before its acknowledgement. */
  repeatedJobs: number;
  sold: number;
  paid: number;
  delivered: number;
  surplus: number;
  toldTwice: number;
  /** Notices that vendors sent, with repeats and duplicates. */
  deliveries: number;
  vendors: Readonly<Record<string, VendorFigures>>;
  /** What people came for and did not get, and how often. */
  inVain: Readonly<Record<string, number>>;
  /** From the last fault; null: it never came. */
  quietAfterMs: number | null;
  violations: readonly Violation[];
  paceNote: string;
  durationMs: number;
  verdict: 'passed' | 'failed';
}>;

const PACE_NOTE =
  'OPORA_PACE=drill: providers are asked after 3 to 10 s instead of 30 s to 1 h, breakers probe ' +
  'after at most 5 s, failed jobs wait at most 5 s; the provider repeats a notice within seconds';
const SHOWN_MAX = 20;

export function makeReport(facts: {
  options: DrillOptions;
  kills: readonly Kill[];
  repeatedJobs: number;
  inVain: readonly string[];
  judgement: Judgement;
  quiet: Quiet;
  durationMs: number;
}): DrillReport {
  const { options, judgement, quiet } = facts;
  const violations = [...judgement.violations, ...judgeQuiet(quiet)];
  const isReal = judgement.sold > 0 && (options.kills === 0 || facts.kills.length > 0);
  return {
    drill: 'payments',
    seed: options.seed,
    planted: options.planted ?? null,
    payments: options.payments,
    kills: killsByRole(facts.kills),
    faults: faultsOf(options).map(
      ({ target, kind, probability }) => `${target} ${kind} ${String(probability)}`,
    ),
    repeatedJobs: facts.repeatedJobs,
    sold: judgement.sold,
    paid: judgement.paid,
    delivered: judgement.delivered,
    surplus: judgement.surplus,
    toldTwice: judgement.toldTwice,
    deliveries: Object.values(judgement.vendors).reduce((sum, each) => sum + each.deliveries, 0),
    vendors: judgement.vendors,
    inVain: countsOf(facts.inVain),
    quietAfterMs: quiet.quietAfterMs ?? null,
    violations,
    paceNote: PACE_NOTE,
    durationMs: Math.round(facts.durationMs),
    verdict: violations.length === 0 && isReal ? 'passed' : 'failed',
  };
}

function killsByRole(kills: readonly Kill[]): Readonly<Record<KilledRole, number>> {
  const count = (role: KilledRole): number => kills.filter((kill) => kill.role === role).length;
  const [api, worker, bot, gateway, postgres] = KILLED_ROLES;
  return {
    api: count(api),
    worker: count(worker),
    bot: count(bot),
    gateway: count(gateway),
    postgres: count(postgres),
  };
}

/** The lines a person reads. */
export function describeReport(report: DrillReport): string {
  const rows: [string, string][] = [
    ['seed', String(report.seed)],
    ...(report.planted === null
      ? []
      : [['planted bug', report.planted] satisfies [string, string]]),
    ['payments', `${String(report.sold)} taken of ${String(report.payments)} planned`],
    ['orders', `${String(report.paid)} paid, ${String(report.delivered)} delivered`],
    ['surplus', String(report.surplus)],
    ['kills', describeCounts(report.kills)],
    ['repeated jobs', String(report.repeatedJobs)],
    ['told twice', String(report.toldTwice)],
    ['notices', String(report.deliveries)],
    ['in vain', describeCounts(report.inVain) || 'nothing'],
    ...Object.entries(report.vendors).map(([name, figures]): [string, string] => [
      name,
      describeCounts({ ...figures }),
    ]),
    ['quiet after', seconds(report.quietAfterMs)],
    ['took', seconds(report.durationMs)],
  ];
  const shown = report.violations.slice(0, SHOWN_MAX);
  const more = report.violations.length - shown.length;
  return [
    ...rows.map(([name, value]) => `  ${name.padEnd(20)}${value}`),
    `  ${report.paceNote}`,
    ...shown.map(({ rule, what }) => `  ${rule} broken: ${what}\n     (${RULES[rule]})`),
    ...(more > 0 ? [`  ... and ${String(more)} more`] : []),
    `drill payments: ${report.verdict}`,
  ].join('\n');
}

function seconds(ms: number | null): string {
  return ms === null ? 'never' : `${(ms / 1000).toFixed(1)} s`;
}
