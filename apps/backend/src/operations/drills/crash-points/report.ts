/** What the drill about crash points says: one JSON object for machines, a table for people. Pure. */
import { RULES, type Violation } from '../payments/books.ts';
import type { StoryName } from './stories.ts';

export type StoryReport = Readonly<{
  provider: string;
  story: StoryName;
  /** How many points the story has, at how many of them the process was ended. */
  points: number;
  aborts: number;
  /** Chosen and not passed in several tellings. */
  missed: readonly string[];
  violations: readonly (Violation & { at: string })[];
  /** Chosen and not begun, because the time was over; the point before them. */
  left: number;
  last: string | undefined;
  durationMs: number;
}>;

export type CrashReport = Readonly<{
  drill: 'crash-points';
  planted: string | null;
  stories: readonly StoryReport[];
  /** Stories that do not exist at a vendor. */
  absent: readonly string[];
  /** Stories nobody began, because the time was over. */
  unbegun: readonly string[];
  points: number;
  aborts: number;
  missed: number;
  violations: number;
  paceNote: string;
  durationMs: number;
  verdict: 'passed' | 'failed';
}>;

const PACE_NOTE =
  'OPORA_PACE=drill; what a dead process held is freed at once instead of after its lease, jobs ' +
  'put off by seconds run before the next telling, vendors repeat a notice within a second';

export function makeReport(facts: {
  planted: string | undefined;
  stories: readonly StoryReport[];
  absent: readonly string[];
  unbegun: readonly string[];
  durationMs: number;
}): CrashReport {
  const { stories } = facts;
  const sum = (of: (story: StoryReport) => number): number =>
    stories.reduce((all, story) => all + of(story), 0);
  const violations = sum((story) => story.violations.length);
  const missed = sum((story) => story.missed.length);
  const isReal = stories.length > 0 && stories.every(({ aborts }) => aborts > 0);
  return {
    drill: 'crash-points',
    planted: facts.planted ?? null,
    stories,
    absent: facts.absent,
    unbegun: facts.unbegun,
    points: sum(({ points }) => points),
    aborts: sum(({ aborts }) => aborts),
    missed,
    violations,
    paceNote: PACE_NOTE,
    durationMs: Math.round(facts.durationMs),
    verdict: isReal && violations === 0 && missed === 0 ? 'passed' : 'failed',
  };
}

export function describeReport(report: CrashReport): string {
  const rows = report.stories.map((each) => {
    const { provider, story, points, aborts, missed, violations, left, last = '' } = each;
    return [
      `  ${provider} ${story}`.padEnd(30),
      `${String(aborts)} of ${String(points)} points`,
      missed.length === 0 ? '' : `, ${String(missed.length)} missed`,
      violations.length === 0 ? '' : `, ${String(violations.length)} VIOLATIONS`,
      left === 0 ? '' : `, ${String(left)} left: go on with --after '${last}'`,
    ].join('');
  });
  const broken = report.stories.flatMap(({ provider, story, violations }) =>
    violations.map(
      ({ at, rule, what }) =>
        `  ${rule} broken: ${what}\n     (${RULES[rule]})\n     ${provider} ${story}, ended ${at}`,
    ),
  );
  const unbegun = report.unbegun.map((name) => `  ${name.padEnd(28)}not begun`);
  return [
    ...rows,
    ...unbegun,
    ...broken,
    `  ${report.paceNote}`,
    `drill crash-points: ${report.verdict}`,
  ].join('\n');
}
