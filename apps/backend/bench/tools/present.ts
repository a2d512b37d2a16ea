import { cpus } from 'node:os';
import type { Result, Spread } from './rounds.ts';

const HEAD = ['name', 'ours', 'ceiling', 'ratio (least-most)', 'target', 'met', 'what'];

/** Benches without a result: what failed, and sentences about what could not take place here. */
type Absent = Readonly<{ failed: readonly string[]; skipped: readonly string[] }>;

export function presentTable(results: readonly Result[], { failed, skipped }: Absent): string {
  const rows = [HEAD, ...results.map(cells)];
  const widths = HEAD.map((_, at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const notes = results.filter(({ note }) => note !== '').map((one) => `${one.name}: ${one.note}`);
  const waits = results.flatMap(({ name, p99Ms }) =>
    p99Ms === undefined
      ? []
      : [`${name}: p99 ${milliseconds(p99Ms.ours)}, ceiling ${milliseconds(p99Ms.ceiling)}`],
  );
  const failures = failed.map((name) => `${name}: could not be measured`);
  return [...lines, '', ...new Set(notes), ...waits, ...failures, ...skipped].join('\n');
}

export function presentJson(results: readonly Result[], absent: Absent): string {
  const machine = { cores: cpus().length, platform: process.platform, node: process.version };
  const plain = results.map(({ target, ...one }) => ({ ...one, ...target }));
  return JSON.stringify({ machine, results: plain, ...absent });
}

function cells({ name, target, ours, ceiling, ratio, met }: Result): string[] {
  const isRatio = ratio !== undefined;
  return [
    name,
    `${figure(ours.median)} ${target.unit}`,
    ceiling === undefined ? '' : figure(ceiling.median),
    isRatio ? range(ratio) : '',
    `${target.bound[0]} ${String(target.bound[1])}${isRatio ? '' : ` ${target.unit}`}`,
    met ? 'yes' : 'NO',
    target.what,
  ];
}

function range({ median, least, most }: Spread): string {
  return `${median.toFixed(2)} (${least.toFixed(2)}-${most.toFixed(2)})`;
}

function milliseconds({ median, least, most }: Spread): string {
  return `${figure(median)} ms (${figure(least)}-${figure(most)})`;
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toFixed(1);
}
