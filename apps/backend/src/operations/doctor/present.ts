/** The report as a person reads it: aligned, the worst to be seen at a glance, what to do below it. */
import type { Finding, Report } from './check.ts';

const MARKS: Readonly<Record<Finding['state'], string>> = {
  good: 'good',
  warning: 'WARNING',
  wrong: 'WRONG',
  skipped: '-',
};
const COLOURS: Readonly<Record<Finding['state'], string>> = {
  good: '\u001b[32m',
  warning: '\u001b[33m',
  wrong: '\u001b[31m',
  skipped: '\u001b[2m',
};
const RESET = '\u001b[0m';
const MARK_WIDTH = 9;

export function present({ checks }: Report, options: { colours: boolean }): string {
  const width = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const lines = checks.flatMap((check) => {
    const mark = MARKS[check.state].padEnd(MARK_WIDTH);
    const shown = options.colours ? `${COLOURS[check.state]}${mark}${RESET}` : mark;
    const indent = ' '.repeat(MARK_WIDTH + width);
    const more = check.mend === undefined ? [] : [`${indent}to do: ${check.mend}`];
    const page = check.page === undefined ? [] : [`${indent}more:  ${check.page}`];
    return [`${shown}${check.name.padEnd(width)}${check.says}`, ...more, ...page];
  });
  return [...lines, '', summary(checks)].join('\n');
}

function summary(checks: Report['checks']): string {
  const count = (state: Finding['state']): number =>
    checks.filter((check) => check.state === state).length;
  const [bad, warned] = [count('wrong'), count('warning')];
  const rest = `${String(count('good'))} good, ${String(count('skipped'))} not looked at`;
  if (bad === 0 && warned === 0) return `Nothing is wrong: ${rest}.`;
  return `${String(bad)} wrong, ${String(warned)} to look at, ${rest}.`;
}
