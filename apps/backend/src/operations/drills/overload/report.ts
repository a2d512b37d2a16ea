/** What the drill about overload says. Pure. */
import type { Second } from './generator.ts';
import type { Kind } from './mix.ts';

export type OverloadOptions = Readonly<{
  sessions: number;
  /** Of each measurement of the capacity. */
  peakSeconds: number;
  /** How long too much comes. */
  seconds: number;
  /** Of the capacity that was just measured. */
  times: number;
  /** The planted fault: nothing gives way. */
  patient: boolean;
}>;

export type Tally = Readonly<
  Record<'sent' | 'good' | 'shed' | 'late' | 'crowded' | 'failed', number>
>;

export type OverloadReport = Readonly<{
  drill: 'overload';
  options: OverloadOptions;
  /** Good answers a second when everybody waits for theirs: the peak of this run. */
  capacityPerS: number;
  offeredPerS: number;
  goodPerS: number;
  /** Good answers under overload as a share of the peak. */
  goodput: number;
  /** Good of what must never give way: notices and token checks. */
  vital: number;
  byKind: Readonly<Record<Kind, Tally>>;
  /** From the end of the overload until everything is good again; null: not in the time it had. */
  normalAfterS: number | null;
  exits: number;
  violations: readonly string[];
  verdict: 'passed' | 'failed';
}>;

const GOODPUT_MIN = 0.9;
const VITAL_MIN = 0.999;
const NORMAL_WITHIN_S = 5;
/** Less than this of what was meant to come is no overload: the generator was too slow. */
const OFFERED_MIN = 0.95;
const VITAL: readonly Kind[] = ['notice', 'token'];

export function judgeOverload(facts: {
  options: OverloadOptions;
  /** Seconds of each measurement of the capacity. */
  peaks: readonly (readonly Second[])[];
  overload: readonly Second[];
  after: readonly Second[];
  exits: number;
}): OverloadReport {
  const { options, overload, exits } = facts;
  const capacityPerS = Math.max(0, ...facts.peaks.map(goodRate));
  const vital = shareGood(overload.filter(({ kind }) => VITAL.includes(kind)));
  const goodPerS = goodRate(overload);
  const goodput = goodPerS / capacityPerS;
  const offeredPerS = sum(overload, 'sent') / options.seconds;
  const normalAfterS = normalFrom(facts.after);
  const violations = [
    ...(offeredPerS >= OFFERED_MIN * options.times * capacityPerS
      ? []
      : [`only ${String(Math.round(offeredPerS))} calls a second came`]),
    ...(goodput >= GOODPUT_MIN ? [] : [`goodput fell to ${percent(goodput)} of the peak`]),
    ...(vital >= VITAL_MIN ? [] : [`only ${percent(vital)} of notices and token checks were good`]),
    ...(normalAfterS !== null && normalAfterS <= NORMAL_WITHIN_S
      ? []
      : [`normal again after ${String(normalAfterS)} s`]),
    ...(exits === 0 ? [] : [`${String(exits)} processes ended`]),
  ];
  return {
    drill: 'overload',
    options,
    capacityPerS: Math.round(capacityPerS),
    offeredPerS: Math.round(offeredPerS),
    goodPerS: Math.round(goodPerS),
    goodput: rounded(goodput),
    vital: rounded(vital),
    byKind: {
      read: tally(overload, 'read'),
      command: tally(overload, 'command'),
      token: tally(overload, 'token'),
      notice: tally(overload, 'notice'),
    },
    normalAfterS,
    exits,
    violations,
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

/** The first second from which on all are good. */
function normalFrom(after: readonly Second[]): number | null {
  const bad = after.filter(({ good, sent }) => good < sent).map(({ at }) => at);
  const last = Math.max(-1, ...bad);
  return last >= Math.max(0, ...after.map(({ at }) => at)) ? null : last + 1;
}

function goodRate(seconds: readonly Second[]): number {
  const lasted = new Set(seconds.map(({ at }) => at)).size;
  return lasted === 0 ? 0 : sum(seconds, 'good') / lasted;
}

function shareGood(seconds: readonly Second[]): number {
  const sent = sum(seconds, 'sent');
  return sent === 0 ? 0 : sum(seconds, 'good') / sent;
}

function tally(seconds: readonly Second[], kind: Kind): Tally {
  const own = seconds.filter((one) => one.kind === kind);
  const count = (of: keyof Tally): number => sum(own, of);
  return {
    sent: count('sent'),
    good: count('good'),
    shed: count('shed'),
    late: count('late'),
    crowded: count('crowded'),
    failed: count('failed'),
  };
}

function sum(seconds: readonly Second[], of: keyof Tally): number {
  return seconds.reduce((total, one) => total + one[of], 0);
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
