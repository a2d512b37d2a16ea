/**
 * Every refusal that may cross the wire: its code, its kind, what a person reads and what an
 * operator checks. `docs/reference/problems.md` is this table as a page; a test holds them equal.
 */
import type { ErrorKind } from '@opora/kernel';
import { business } from './problems/business.ts';
import { http } from './problems/http.ts';
import { identity } from './problems/identity.ts';
import { platform } from './problems/platform.ts';
import type { Problem } from './problems/problem.ts';

/** The wire's word for each kind of refusal; HTTP statuses are decided here and nowhere else. */
export const KIND_STATUS = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  rate_limited: 429,
  unavailable: 503,
} as const satisfies Record<ErrorKind, number>;

export const PROBLEMS = { ...http, ...platform, ...identity, ...business } as const;

export type ProblemCode = keyof typeof PROBLEMS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEMS, code);
}

export function problemStatus(code: ProblemCode): number {
  const entry: Problem = PROBLEMS[code];
  return entry.status ?? KIND_STATUS[entry.kind];
}
