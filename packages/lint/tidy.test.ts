/**
 * Tidiness as a test: what no type and no linter sees, over the files that git knows or would take.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../..');
const LINES_MAX = 400;
/** Words about a suppression shorter than this explain nothing. */
const REASON_LETTERS_MIN = 8;

// Written so that this file does not contain what it looks for.
const LATER = /\b(?:TO[D]O|FIX[M]E)\b/;
const MACHINE_PATH = /(?:^|[\s"'`(=])\/(?:work|home|Users)\/[\w-]+\/[\w.-]/;
const REGISTRY_HOST =
  /registry\.npmjs\.org|registry\.yarnpkg\.com|proxy\.golang\.org|"resolved": "https?:/;
const SUPPRESSION = /(?:\/\/|\/\*)\s*(?:eslint-disable(?:-next-line|-line)?|prettier-ignore)\b(.*)/;
const LINT_SUPPRESSION = /eslint-disable/;
const VENDOR_HOST =
  /\b(?:api\.yookassa\.ru|api\.stripe\.com|api-m(?:\.sandbox)?\.paypal\.com|pay\.crypt\.bot|api\.fk\.life|pay\.fk\.money|securepay\.tinkoff\.ru|tribute\.tg)\b/;

interface Source {
  readonly path: string;
  readonly text: string;
}

const files = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], {
  cwd: ROOT,
  encoding: 'utf8',
})
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));

const isCode = (path: string): boolean => /\.(?:ts|tsx|mjs|cjs)$/.test(path);
const isCanary = (path: string): boolean => path.startsWith('packages/lint/canaries/');
const isBinary = (path: string): boolean =>
  /\.(?:png|jpe?g|webp|ico|woff2?|gif|pdf|bin)$/.test(path);

const sources: readonly Source[] = files
  .filter((path) => !isCanary(path) && !isBinary(path) && !path.includes('/fixtures/'))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));
const code = sources.filter(({ path }) => isCode(path));

/** Paths of the sources in which `isFault` holds; a test expects none. */
function faulty(list: readonly Source[], isFault: (source: Source) => boolean): string[] {
  return list.filter(isFault).map(({ path }) => path);
}

/** Lines that silence a tool without naming what is silenced and saying why (`rule -- reason`). */
function suppressionsWithoutReason(text: string): string[] {
  return text.split('\n').filter((line) => {
    const rest = SUPPRESSION.exec(line)?.[1];
    if (rest === undefined) return false;
    const [rule = '', reason = ''] = rest.replace('*/', '').split(' -- ');
    const isNamed = rule.trim() !== '' || !LINT_SUPPRESSION.test(line);
    return !isNamed || reason.trim().length < REASON_LETTERS_MIN;
  });
}

describe('the tree', () => {
  it('is read at all', () => {
    expect(code.length).toBeGreaterThan(10);
  });

  it('has no file of code longer than the house allows', () => {
    expect(faulty(code, ({ text }) => text.split('\n').length - 1 > LINES_MAX)).toEqual([]);
  });

  it('puts nothing off in a comment', () => {
    expect(faulty(sources, ({ text }) => LATER.test(text))).toEqual([]);
  });

  it('names files for what they are, in kebab case', () => {
    const drawer = /(?:^|[-.])(?:utils?|helpers?|managers?|misc|common)(?:[-.]|$)/i;
    expect(faulty(code, ({ path }) => drawer.test(basename(path)))).toEqual([]);
    // Next's own names for routes ([slug], (group), _private), and the time stamp of a migration.
    const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*|\d{14}_[a-z0-9_]+\.ts|[[(_].*)$/;
    expect(faulty(code, ({ path }) => !kebab.test(basename(path)))).toEqual([]);
  });

  it('opens every public face with words about it', () => {
    const face =
      /^(?:packages\/[^/]+\/src|apps\/backend\/src\/(?:platform|modules|operations)\/[^/]+)\/index\.ts$/;
    const faces = code.filter(({ path }) => face.test(path));
    expect(faulty(faces, ({ text }) => !/^(?:\/\*\*|\/\/)/.test(text))).toEqual([]);
  });

  it('names no machine and no registry', () => {
    expect(faulty(sources, ({ text }) => MACHINE_PATH.test(text))).toEqual([]);
    expect(faulty(sources, ({ text }) => REGISTRY_HOST.test(text))).toEqual([]);
  });

  it('says why wherever it silences a tool', () => {
    expect(faulty(code, ({ text }) => suppressionsWithoutReason(text).length > 0)).toEqual([]);
  });

  it('names the address of a vendor in the folder of that vendor only', () => {
    const elsewhere = code.filter(
      ({ path }) =>
        /^apps\/backend\/src\/(?:modules|platform|bot|operations|roles)\//.test(path) &&
        !/\/(?:providers|panels|channels)\/[^/]+\//.test(path) &&
        !path.endsWith('.test.ts'),
    );
    expect(faulty(elsewhere, ({ text }) => VENDOR_HOST.test(text))).toEqual([]);
  });

  it('speaks Russian wherever it speaks English to a person who decides', () => {
    const english = files.filter((path) => /(?:^|\/)README\.md$/.test(path));
    expect(english.filter((path) => !files.includes(path.replace(/\.md$/, '.ru.md')))).toEqual([]);
  });
});

describe('the eyes of this test', () => {
  it('see a suppression without a rule or without a reason', () => {
    const silence = '// eslint-' + 'disable-next-line';
    expect(suppressionsWithoutReason(silence)).toHaveLength(1);
    expect(suppressionsWithoutReason(`${silence} no-console`)).toHaveLength(1);
    expect(suppressionsWithoutReason(`${silence} -- because it is so`)).toHaveLength(1);
    expect(suppressionsWithoutReason(`${silence} no-console -- the CLI prints`)).toEqual([]);
  });

  it('see what was put off, a path of a machine, a registry and a vendor', () => {
    expect(LATER.test(['// TO', 'DO: later'].join(''))).toBe(true);
    expect(MACHINE_PATH.test(['cd /ho', 'me/somebody/x'].join(''))).toBe(true);
    expect(MACHINE_PATH.test('<a href="/home/style.css">')).toBe(false);
    expect(MACHINE_PATH.test('see https://example.org/home/page')).toBe(false);
    expect(REGISTRY_HOST.test(['https://registry.npm', 'js.org/x'].join(''))).toBe(true);
    expect(VENDOR_HOST.test('https://api.stripe.com/v1')).toBe(true);
  });
});
