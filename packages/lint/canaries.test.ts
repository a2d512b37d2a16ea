/**
 * A rule that flags nothing looks exactly like a tree without faults. So each rule has a canary: a
 * small file in `canaries/` whose first line names the rules that must flag it, or says `clean`.
 */
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { ESLint } from 'eslint';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const FOLDER = 'packages/lint/canaries';
const FLAGGED = '// flagged: ';
/** Loading typescript-eslint and reading the canaries with types takes seconds on a busy machine. */
const SLOW_MS = 120_000;

const canaries = globSync(`${FOLDER}/{apps,packages,products}/**/*.ts`, { cwd: ROOT }).sort();

/** What the first line of each canary promises, of the rules that `isOurs` lets through. */
function promised(isOurs: (rule: string) => boolean): Map<string, string[]> {
  const flagged = new Map<string, string[]>();
  for (const path of canaries) {
    const [head = ''] = readFileSync(join(ROOT, path), 'utf8').split('\n', 1);
    if (head === '// clean') continue;
    expect(head, path).toContain(FLAGGED);
    const rules = head.slice(FLAGGED.length).split(', ').filter(isOurs);
    if (rules.length > 0) flagged.set(path, rules.sort());
  }
  return flagged;
}

/** Pairs of path and rule as path -> sorted rules, each rule once. */
function collected(pairs: Iterable<readonly [string, string]>): Map<string, string[]> {
  const found = new Map<string, Set<string>>();
  for (const [path, rule] of pairs) found.set(path, (found.get(path) ?? new Set()).add(rule));
  return new Map([...found].map(([path, rules]) => [path, [...rules].sort()] as const).sort());
}

interface Cruise {
  readonly summary: {
    readonly violations: readonly { readonly from: string; readonly rule: { name: string } }[];
    readonly totalCruised: number;
  };
}

interface RuleSet {
  readonly forbidden: readonly { readonly name: string }[];
}

const boundaries: RuleSet = createRequire(import.meta.url)('./dependency-cruiser.cjs');
const isBoundary = (rule: string): boolean =>
  boundaries.forbidden.some((known) => known.name === rule);

describe('the boundaries', () => {
  it(
    'flag every canary by the rule it names, and no clean file',
    () => {
      const tool = 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs';
      const config = `--config=${FOLDER}/dependency-cruiser.cjs`;
      const words = [tool, config, '--output-type=json', FOLDER];
      const run = spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
      expect(run.stderr, 'a warning means that it cannot read the sources').toBe('');
      const cruise: Cruise = JSON.parse(run.stdout);

      expect(cruise.summary.totalCruised).toBeGreaterThanOrEqual(canaries.length);
      const pairs = cruise.summary.violations
        .filter((fault) => fault.from.startsWith(FOLDER))
        .map((fault) => [fault.from, fault.rule.name] as const);
      expect(collected(pairs)).toEqual(promised(isBoundary));
    },
    SLOW_MS,
  );

  it('have a canary for each rule', () => {
    const alive = new Set([...promised(isBoundary).values()].flat());
    expect([...alive].sort()).toEqual(boundaries.forbidden.map((rule) => rule.name).sort());
  });
});

describe('the lint', () => {
  const isLint = (rule: string): boolean => !isBoundary(rule);

  it(
    'flags every canary by the rule it names, and no clean file',
    async () => {
      const eslint = new ESLint({ cwd: ROOT, ignore: false });
      const results = await eslint.lintFiles(canaries);
      expect(results).toHaveLength(canaries.length);

      const ours = new Set([...promised(isLint).values()].flat());
      const found = results.flatMap((result) =>
        result.messages.map((message) => {
          expect(message.fatal, `${result.filePath}: ${message.message}`).not.toBe(true);
          return [relative(ROOT, result.filePath), message.ruleId ?? 'unused directive'] as const;
        }),
      );
      // The canaries of the boundaries are no examples of style: only our own rules are compared.
      expect(collected(found.filter(([, rule]) => ours.has(rule)))).toEqual(promised(isLint));
    },
    SLOW_MS,
  );

  it(
    'has a canary for each rule of the house',
    async () => {
      const config: unknown = await new ESLint({ cwd: ROOT }).calculateConfigForFile(
        'packages/kernel/src/money.ts',
      );
      const text = JSON.stringify(config);
      const known = [...new Set(text.match(/house\/[a-z-]+/g) ?? [])].sort();
      const alive = new Set([...promised(isLint).values()].flat());
      expect(known.length).toBeGreaterThan(0);
      expect([...alive].filter((rule) => rule.startsWith('house/')).sort()).toEqual(known);
    },
    SLOW_MS,
  );
});
