/** Where a payment provider is registered, found in the code: the developer's page must name every place. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
/** A file that names both speaks of providers one by one. */
const TWO = [/freekassa/i, /tribute/i];
const OWN_OR_TEST = /\.test\.ts$|\/(?:test|testing)\/|\/providers\/\w+\//;

const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

it('is told to whoever adds the ninth, place by place', () => {
  const code = execFileSync('git', ['ls-files', '-z', '*.ts', '*.tsx'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const places = code
    .split('\0')
    .filter((path) => path !== '' && !OWN_OR_TEST.test(path))
    .filter((path) => TWO.every((name) => name.test(read(path))));
  expect(places.length).toBeGreaterThan(10);
  const page = read('docs/building/first-day.md');
  const steps = page.slice(page.indexOf('## Add a payment provider')).split('\n## ')[0] ?? '';
  // A name that many files have needs its folder too.
  const isTold = (path: string): boolean =>
    steps.includes(`\`${basename(path)}\``) ||
    steps.includes(`${basename(dirname(path))}/${basename(path)}`);
  expect(places.filter((path) => !isTold(path))).toEqual([]);
});

it('has vectors for every provider that has a folder', () => {
  const vectors = execFileSync(
    'git',
    ['ls-files', 'apps/backend/src/modules/payments/providers/*/index.ts'],
    { cwd: ROOT, encoding: 'utf8' },
  );
  const folders = vectors.trim().split('\n').map(dirname);
  expect(folders.length).toBeGreaterThanOrEqual(8);
  for (const folder of folders) {
    expect(JSON.parse(read(join(folder, 'fixtures/vectors.json')))).toBeDefined();
  }
});
