import { json, type Answer } from '../http.ts';
import type { Call } from './gate.ts';
import { validation, type Issue } from './refusal.ts';
import { findIssues, type Rules } from './rules.ts';

/** Success with a body: always one key. */
export const respond = (status: number, response: unknown): Answer => json(status, { response });

/** Success without a body: 204 is done, 202 is queued. */
export const empty = (status: 202 | 204): Answer => ({
  status,
  headers: status === 202 ? { 'content-length': '0' } : {},
});

/** Refuses the call unless its body keeps to the rules. */
export function demand(call: Call, rules: Rules): void {
  const issues = findIssues(call.body, rules);
  if (issues.length > 0) throw validation(issues);
}

/** A whole number of the query between two bounds, or the validation answer. */
export function wholeNumber(
  query: URLSearchParams,
  name: string,
  { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
  const given = query.get(name);
  if (given === null) return otherwise;
  const value = Number(given);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const issue: Issue = {
    origin: 'number',
    code: value > most ? 'too_big' : 'too_small',
    path: [name],
    message: `Invalid input: expected a whole number from ${String(least)} to ${String(most)}`,
  };
  throw validation([issue]);
}
