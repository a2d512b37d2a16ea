import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isProblemCode, PROBLEMS, type Problem, type ProblemCode } from '@opora/contracts';
import { describe, expect, it } from 'vitest';

const SOURCES = join(import.meta.dirname, '../..');
/** `readonly code = 'x'` of an error class, and its `readonly kind = 'y'` when it names one. */
const DECLARED = /readonly code = '([^']+)';(?:\s*(?:override )?readonly kind = '([^']+)';)?/g;

const declared = globSync('**/*.ts', { cwd: SOURCES })
  .filter((path) => !/\.test\.ts$|\/testing\//.test(path))
  .flatMap((path) => [...readFileSync(join(SOURCES, path), 'utf8').matchAll(DECLARED)])
  .map(([, code = '', kind = 'unavailable']) => ({ code, kind }));

describe('codes of errors', () => {
  it('are found at all', () => {
    expect(declared.length).toBeGreaterThan(20);
  });

  it('are all in the table of problems, so that each has its words and what to check', () => {
    expect(declared.filter(({ code }) => !isProblemCode(code)).map(({ code }) => code)).toEqual([]);
  });

  it('have one kind in the class and in the table', () => {
    const table: Record<ProblemCode, Problem> = PROBLEMS;
    const differ = declared.filter(
      ({ code, kind }) => isProblemCode(code) && table[code].kind !== kind,
    );
    expect(differ).toEqual([]);
  });
});
