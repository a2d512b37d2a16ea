/** What the drill about the levels says. Pure. */
import { countsOf } from '../counts.ts';
import { isAllowed, type Row } from './truth.ts';

export type FallbackOptions = Readonly<{
  /** Every so many of the rows that must be refused: 1 is all of them. */
  every: number;
  /** The key that must be foreign is ours: what it signs is believed, and the drill must fail. */
  isKeyLeaked: boolean;
}>;

/** A call of a row: its status, 0 for no answer, and the code of its problem. */
export type Tried = Readonly<{ row: Row; status: number; code: string | undefined }>;

export type FallbackReport = Readonly<{
  drill: 'fallback';
  options: FallbackOptions;
  rows: number;
  /** Rows that came through, by how things stood. */
  granted: Readonly<Record<string, number>>;
  aboveTable: number;
  allowedReads: number;
  servedReads: number;
  allowedOthers: number;
  servedOthers: number;
  /** From the moment auth went on until it decided again, milliseconds. */
  backMs: number;
  /** Decisions that were not told to auth in time. */
  untold: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const ROWS_LEAST = 2_000;
const SERVED_SHARE = 0.999;
const BACK_WITHIN_MS = 5_000;
const SAID_MAX = 8;
/** The handler was reached: what it thinks of an empty form is another matter. */
const REACHED = new Set([200, 201, 202, 204, 400, 404, 409, 422]);

export function judgeFallback(facts: {
  options: FallbackOptions;
  tried: readonly Tried[];
  backMs: number;
  untold: number;
}): FallbackReport {
  const { options, tried, untold } = facts;
  const backMs = Math.round(facts.backMs);
  const granted = tried.filter(({ status }) => REACHED.has(status));
  const above = granted.filter(({ row }) => !isAllowed(row));
  const allowed = tried.filter(({ row }) => isAllowed(row));
  const reads = allowed.filter(({ row }) => row.operation.method === 'GET');
  const others = allowed.filter(({ row }) => row.operation.method !== 'GET');
  const served = (some: readonly Tried[]): Tried[] =>
    some.filter(({ status }) => REACHED.has(status));
  const missing = allowed.filter(({ status }) => !REACHED.has(status));
  const isEnough = (some: readonly Tried[]): boolean =>
    some.length > 0 && served(some).length >= some.length * SERVED_SHARE;
  const violations = [
    ...(tried.length >= ROWS_LEAST || options.every > 1 ? [] : ['too few rows']),
    ...above.slice(0, SAID_MAX).map((one) => `above the table: ${sentenceOf(one)}`),
    ...(isEnough(reads) ? [] : ['allowed reads were not served']),
    ...(isEnough(others) ? [] : ['allowed changes did not come through']),
    ...missing.slice(0, SAID_MAX).map((one) => `not served: ${sentenceOf(one)}`),
    ...(backMs <= BACK_WITHIN_MS ? [] : [`auth decided again only after ${String(backMs)} ms`]),
    ...(untold === 0 ? [] : [`${String(untold)} decisions were not told to auth`]),
  ];
  return {
    drill: 'fallback',
    options,
    rows: tried.length,
    granted: countsOf(granted.map(({ row }) => row.state)),
    aboveTable: above.length,
    allowedReads: reads.length,
    servedReads: served(reads).length,
    allowedOthers: others.length,
    servedOthers: served(others).length,
    ...{ backMs, untold, violations },
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

function sentenceOf({ row, status, code }: Tried): string {
  const { state, role, operation, token, revocation } = row;
  const words = [state, role, operation.name, `token ${token}`, `revoked ${revocation}`];
  return `${words.join(', ')}: ${String(status)} ${code ?? ''}`;
}
