/** What the drill about overload says. Pure. */
import type { Second } from './generator.ts';
import type { Kind } from './mix.ts';

export type OverloadOptions = Readonly<{
  sessions: number;
  /** Of each measurement of the capacity. */
  peakSeconds: number;
  /** How long too much comes. */
  seconds: number;
  /** How long half of what it can do comes afterwards. */
  afterSeconds: number;
  /** Multiples of the capacity that was just measured: the next one is tried when one was too much. */
  times: readonly number[];
  /** The planted fault: nothing gives way. */
  patient: boolean;
}>;

type Counted = 'sent' | 'good' | 'shed' | 'late' | 'crowded' | 'failed';
export type Tally = Readonly<Record<Counted | 'worstMs', number>>;

/** What came of one multiple. */
export type Round = Readonly<{
  times: number;
  offeredPerS: number;
  goodPerS: number;
  /** Good answers under overload as a share of the peak. */
  goodput: number;
  /** Good of what must never give way: notices and token checks. */
  vital: number;
  byKind: Readonly<Record<Kind, Tally>>;
  /** From the end of the overload until everything is good again; null: not in the time it had. */
  normalAfterS: number | null;
  violations: readonly string[];
}>;

export type OverloadReport = Readonly<{
  drill: 'overload';
  options: OverloadOptions;
  /** Good answers a second when everybody waits for theirs: the peak of this run. */
  capacityPerS: number;
  rounds: readonly Round[];
  /** The highest multiple at which everything held; null: none did. */
  held: number | null;
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

/** The peak: the best of all measurements. */
export function capacityOf(peaks: readonly (readonly Second[])[]): number {
  return Math.max(0, ...peaks.map(goodRate));
}

export function judgeRound(
  facts: Readonly<{
    times: number;
    seconds: number;
    capacityPerS: number;
    overload: readonly Second[];
    after: readonly Second[];
  }>,
): Round {
  const { times, capacityPerS, overload } = facts;
  const vital = shareGood(overload.filter(({ kind }) => VITAL.includes(kind)));
  const goodPerS = goodRate(overload);
  const goodput = goodPerS / capacityPerS;
  const offeredPerS = sum(overload, 'sent') / facts.seconds;
  const normalAfterS = normalFrom(facts.after);
  return {
    times,
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
    violations: [
      ...(offeredPerS >= OFFERED_MIN * times * capacityPerS
        ? []
        : [`only ${String(Math.round(offeredPerS))} calls a second came`]),
      ...(goodput >= GOODPUT_MIN ? [] : [`goodput fell to ${percent(goodput)} of the peak`]),
      ...(vital >= VITAL_MIN
        ? []
        : [`only ${percent(vital)} of notices and token checks were good`]),
      ...(normalAfterS !== null && normalAfterS <= NORMAL_WITHIN_S
        ? []
        : [`normal again after ${String(normalAfterS)} s`]),
    ],
  };
}

/** Passes with the first multiple that held; what the ones before it broke stays in `rounds`. */
export function judgeOverload(facts: {
  options: OverloadOptions;
  capacityPerS: number;
  rounds: readonly Round[];
  exits: number;
}): OverloadReport {
  const { exits, rounds } = facts;
  const held = rounds.find(({ violations }) => violations.length === 0)?.times ?? null;
  const broken = held === null ? (rounds.at(-1)?.violations ?? ['nothing was tried']) : [];
  const violations = [...broken, ...(exits === 0 ? [] : [`${String(exits)} processes ended`])];
  return {
    drill: 'overload',
    ...facts,
    capacityPerS: Math.round(facts.capacityPerS),
    held,
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
  const count = (of: Counted): number => sum(own, of);
  return {
    sent: count('sent'),
    good: count('good'),
    shed: count('shed'),
    late: count('late'),
    crowded: count('crowded'),
    failed: count('failed'),
    worstMs: Math.max(0, ...own.map(({ worstMs }) => worstMs)),
  };
}

function sum(seconds: readonly Second[], of: Counted): number {
  return seconds.reduce((total, one) => total + one[of], 0);
}

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;
const percent = (value: number): string => `${(value * 100).toFixed(2)} %`;
