/**
 * What `.ci/run` counts: a failure is never lost, whatever kind it is, and a second try counts once.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const REPORT = join(import.meta.dirname, '../../.ci/report.mjs');

type Verdict = 'passed' | 'failed' | 'pending' | 'todo';
/** Files by name, each with its tests' verdicts; `fell` is a file that failed before its tests. */
type Files = Record<string, readonly Verdict[] | 'fell'>;

function report(files: Files): string {
  const testResults = Object.entries(files).map(([name, verdicts]) => ({
    name,
    status: verdicts === 'fell' || verdicts.includes('failed') ? 'failed' : 'passed',
    message: verdicts === 'fell' ? 'no database' : '',
    assertionResults: (verdicts === 'fell' ? [] : verdicts).map((status, at) => ({
      status,
      fullName: `test ${String(at)}`,
      failureMessages: status === 'failed' ? ['expected 1 to be 2'] : [],
    })),
  }));
  return JSON.stringify({ testResults });
}

function summary(first: Files, options: { second?: Files; failedRunners?: string[] } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'opora-report-'));
  writeFileSync(join(folder, 'test.json'), report(first));
  if (options.second) {
    mkdirSync(join(folder, 'second'));
    writeFileSync(join(folder, 'second', 'test.json'), report(options.second));
  }
  const words = [REPORT, 'summary', folder, ...(options.failedRunners ?? [])];
  const { stdout, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  return { stdout, status, last: stdout.trimEnd().split('\n').at(-1) };
}

describe('the summary of a run', () => {
  it('counts what passed, failed and was skipped', () => {
    const { last, status } = summary({ a: ['passed', 'passed', 'pending'], b: ['passed', 'todo'] });
    expect(last).toBe('3 passed, 0 failed, 2 skipped');
    expect(status).toBe(0);
  });

  it('names what failed and what it said, and ends badly', () => {
    const { stdout, last, status } = summary({ a: ['passed', 'failed'] });
    expect(stdout).toMatch(/failed: \S*a: test 1\nexpected 1 to be 2/);
    expect(last).toBe('1 passed, 1 failed, 0 skipped');
    expect(status).toBe(1);
  });

  it('counts a file that fell before its tests, and a runner that failed without a word', () => {
    expect(summary({ a: ['passed'], b: 'fell' }).last).toBe('1 passed, 1 failed, 0 skipped');
    const silent = summary({ a: ['passed'] }, { failedRunners: ['check', 'test'] });
    expect(silent.last).toBe('1 passed, 2 failed, 0 skipped');
    expect(silent.status).toBe(1);
  });

  it('fails when nothing ran', () => {
    expect(summary({ a: ['pending'] }).status).toBe(1);
  });

  it('counts a file by its second run and names it', () => {
    const again = summary(
      { a: ['passed', 'failed'], b: ['passed'] },
      { second: { a: ['passed', 'passed'] } },
    );
    expect(again.stdout).toContain('needed a second try');
    expect(again.last).toBe('3 passed, 0 failed, 0 skipped');
    expect(again.status).toBe(0);
  });

  it('a file that fails twice has failed', () => {
    const again = summary(
      { a: ['failed'] },
      { second: { a: ['failed'] }, failedRunners: ['test'] },
    );
    expect(again.last).toBe('0 passed, 1 failed, 0 skipped');
    expect(again.status).toBe(1);
  });
});
