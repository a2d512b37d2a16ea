/** What the drill about restarts says: nobody saw them, and no job was lost or done twice. Pure. */
import { countsOf } from '../counts.ts';
import { percentile } from '../percentile.ts';
import type { Violation } from '../payments/books.ts';
import type { Judgement } from '../payments/judge.ts';
import { judgeQuiet, type Quiet } from '../payments/quiet.ts';
import type { VendorName } from '../vendors.ts';

export type RollingOptions = Readonly<{
  /** Times that every role is restarted. */
  rounds: number;
  /** Calls a second of people who read, renew and sign in. */
  rate: number;
  sessions: number;
  providers: readonly VendorName[];
  /** Payments of one wave of the sale; waves follow each other as long as there are restarts. */
  payments: number;
  seed: number;
  /** The site is built, started and restarted too. */
  web: boolean;
  /** Planted: each process opens its listener itself, and a restart ends it before the next begins. */
  ownListeners: boolean;
}>;

/** One call as its caller saw it; status 0: no answer, and `why` says what the socket said. */
export type Call = Readonly<{ kind: string; status: number; tookMs: number; why?: string }>;

/** One command, sent twice with the same key. */
export type Command = Readonly<{ key: string; orderIds: readonly (string | undefined)[] }>;

export type RollingFacts = Readonly<{
  options: RollingOptions;
  /** By instance: how often it ended on purpose, and otherwise. */
  restarts: Readonly<Record<string, number>>;
  problems: readonly string[];
  calls: readonly Call[];
  skipped: number;
  commands: readonly Command[];
  /** Orders that stand in our books for the customers who sent the commands. */
  ordersOfCommands: number;
  /** What our side answered to notices of vendors that was no acknowledgement. */
  noticesRefused: readonly string[];
  inVain: readonly string[];
  judgement: Judgement;
  quiet: Quiet;
  durationMs: number;
}>;

export type RollingReport = Readonly<{
  drill: 'rolling-restart';
  options: RollingOptions;
  restarts: Readonly<Record<string, number>>;
  requests: number;
  failed: number;
  /** Kind and status of what failed, with their counts; 0: no answer. */
  failures: Readonly<Record<string, number>>;
  skipped: number;
  commands: number;
  sold: number;
  delivered: number;
  deliveries: number;
  inVain: Readonly<Record<string, number>>;
  quietAfterMs: number | null;
  p99Ms: number;
  slowestMs: number;
  violations: readonly (string | Violation)[];
  durationMs: number;
  verdict: 'passed' | 'failed';
}>;

export function judgeRolling(facts: RollingFacts): RollingReport {
  const { options, calls, commands, judgement, noticesRefused, inVain } = facts;
  const bad = calls.filter(isFailed);
  const tookMs = calls.map((call) => call.tookMs);
  const violations = [
    ...facts.problems,
    ...complaint(bad.length, `of ${String(calls.length)} calls failed`),
    ...complaint(noticesRefused.length, 'notices were not acknowledged at once'),
    ...complaint(inVain.length, 'people did not get what they came for'),
    ...missedRestarts(facts),
    ...twins(facts),
    ...judgeQuiet(facts.quiet),
    ...(judgement.sold > 0 && commands.length > 0 ? [] : ['nothing was sold or ordered']),
    ...judgement.violations,
  ];
  return {
    drill: 'rolling-restart',
    options,
    restarts: facts.restarts,
    requests: calls.length,
    failed: bad.length,
    failures: {
      ...countsOf(bad.map(({ kind, status }) => `${kind} ${String(status)}`)),
      ...countsOf(noticesRefused.map((answer) => `notice ${answer}`)),
    },
    skipped: facts.skipped,
    commands: commands.length,
    sold: judgement.sold,
    delivered: judgement.delivered,
    deliveries: Object.values(judgement.vendors).reduce((sum, each) => sum + each.deliveries, 0),
    inVain: countsOf(inVain),
    quietAfterMs: facts.quiet.quietAfterMs ?? null,
    p99Ms: Math.round(percentile(tookMs, 0.99) ?? 0),
    slowestMs: Math.round(percentile(tookMs, 1) ?? 0),
    violations,
    durationMs: Math.round(facts.durationMs),
    verdict: violations.length === 0 ? 'passed' : 'failed',
  };
}

export function isFailed({ status }: Call): boolean {
  return status < 200 || status > 399;
}

function complaint(count: number, words: string): string[] {
  return count === 0 ? [] : [`${String(count)} ${words}`];
}

/** Fewer than planned: it did not take place. More: something ended by itself. */
function missedRestarts({ restarts, options }: RollingFacts): string[] {
  return Object.entries(restarts).flatMap(([name, times]) =>
    times === options.rounds ? [] : [`${name} was restarted ${String(times)} times`],
  );
}

/** A command that was answered is one order, however often it was sent. */
function twins({ commands, ordersOfCommands }: RollingFacts): string[] {
  const torn = commands.filter(({ orderIds }) => new Set(orderIds).size !== 1);
  return [
    ...complaint(torn.length, 'commands answered otherwise when they were repeated'),
    ...(ordersOfCommands === commands.length
      ? []
      : [`${String(commands.length)} commands made ${String(ordersOfCommands)} orders`]),
  ];
}
