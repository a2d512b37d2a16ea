import { parseArgs } from 'node:util';
import { formatMajor, isCurrency, money } from '@opora/kernel';
import { composeModules, type Modules } from '../compose.ts';
import { loadConfig } from '../config/load.ts';
import {
  dayOf,
  type BookEntry,
  type Difference,
  type DifferenceKind,
  type ReconciliationRun,
} from '../modules/payments/index.ts';
import { systemClock } from '../platform/clock/index.ts';

export const help = `opora payments reconcile --provider <id>|all --date 2026-11-24 [--json]

  Compares what the provider says of a day (UTC) with our books, as the worker does every night:
  applies what our core can apply (money whose notice was lost, refunds made in the cabinet) and
  prints every difference, one per line. It may be repeated at will.

  Exit 0 when no difference is left, 1 when one is, when the provider failed in the middle, or when
  another process is at this very day; 64 when the call cannot be understood.`;

const EXIT_USAGE = 64;
const PAGE = 100;

export async function run(args: readonly string[]): Promise<number> {
  const wish = readWish(args);
  if (wish === undefined) return usage(help);
  const parts = await composeModules(loadConfig(), 'payments', 0);
  try {
    const { offered } = parts.payments;
    const providers = offered.filter((id) => wish.provider === 'all' || wish.provider === id);
    if (providers.length === 0) {
      return usage(`no such provider here; configured: ${offered.join(', ') || 'none'}`);
    }
    let isClean = true;
    const shown: unknown[] = [];
    for (const provider of providers) {
      const done = await parts.payments.reconcile({ provider, day: wish.day });
      isClean &&= done?.state === 'agreed';
      if (wish.json) shown.push(await asJson(parts, { provider, day: wish.day }, done));
      else await printWords(parts, { provider, day: wish.day }, done);
    }
    if (wish.json) print(JSON.stringify({ runs: shown }));
    return isClean ? 0 : 1;
  } finally {
    await parts.lifecycle.stop('done');
  }
}

function usage(text: string): number {
  process.stderr.write(`${text}\n`);
  return EXIT_USAGE;
}

type Wish = Readonly<{ provider: string; day: string; json: boolean }>;

/** Undefined when it cannot be understood; a day that has not begun cannot be compared. */
function readWish(args: readonly string[]): Wish | undefined {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        provider: { type: 'string' },
        date: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    });
    const { provider, date: day, json } = values;
    if (provider === undefined || day === undefined) return undefined;
    const at = new Date(`${day}T00:00:00.000Z`);
    const isDay = !Number.isNaN(at.getTime()) && dayOf(at) === day && at <= systemClock.now();
    return isDay ? { provider, day, json } : undefined;
  } catch {
    return undefined;
  }
}

type OfDay = Readonly<{ provider: string; day: string }>;

async function asJson(
  parts: Modules,
  of: OfDay,
  done: ReconciliationRun | undefined,
): Promise<object> {
  if (done === undefined) return { ...of, state: 'underway' };
  const differences: Difference[] = [];
  for await (const page of pages(parts, done)) differences.push(...page);
  return { ...done, left: done.found - done.repaired, differences };
}

async function printWords(
  parts: Modules,
  { provider, day }: OfDay,
  done: ReconciliationRun | undefined,
): Promise<void> {
  if (done === undefined) {
    print(`${provider} ${day}: another process is at it; ask again in a minute`);
    return;
  }
  for await (const page of pages(parts, done)) {
    for (const difference of page) print(inWords(difference));
  }
  const { theirs, ours, found, repaired, failure } = done;
  const compared = `${String(theirs)} objects there, ${String(ours)} payments here`;
  const result = `${String(found)} differences, ${String(repaired)} repaired`;
  print(`${provider} ${day}: ${compared}; ${result}`);
  if (failure !== undefined) print(`${provider} ${day}: NOT READ TO THE END: ${failure}`);
}

/** What this run met, the newest first. */
async function* pages(
  { payments }: Modules,
  { id: runId }: ReconciliationRun,
): AsyncGenerator<readonly Difference[]> {
  let after: { at: Date; id: string } | undefined;
  for (;;) {
    const { items, older } = await payments.admin.differences({ runId }, { after, limit: PAGE });
    yield items;
    const last = items.at(-1);
    if (older === null || last === undefined) return;
    after = { at: last.foundAt, id: last.id };
  }
}

const KINDS: Readonly<Record<DifferenceKind, string>> = {
  unknown_here: 'money there under an id we do not have',
  without_our_id: 'money there that names no payment of ours',
  not_settled_here: 'paid there and not settled here',
  held_there: 'held there and not known here',
  not_paid_there: 'settled here and not paid there',
  unknown_there: 'settled here and unknown there',
  wrong_amount: 'another amount there',
  wrong_currency: 'another currency there',
  refunded_there: 'given back there and not here',
  refunded_here: 'given back here and not there',
  disputed_there: 'disputed there and not here',
  dispute_over: 'disputed here and no more there',
  second_object: 'a second object there for one payment',
  test_object: 'a test object, which is no money',
  unrecognised: 'a state there that we do not know',
};

function inWords({ kind, state, reference, paymentId, provider, day, ours, theirs }: Difference) {
  const sides = `there ${entry(theirs)}, here ${entry(ours)}`;
  const ids = `object ${reference}${paymentId === undefined ? '' : `, payment ${paymentId}`}`;
  return `${provider} ${day}: ${state.padEnd(8)} ${KINDS[kind]}: ${sides} (${ids})`;
}

function entry(of: BookEntry | undefined): string {
  if (of === undefined) return 'nothing';
  const { state, minor, refundedMinor, currency } = of;
  const sum = (value: string): string =>
    isCurrency(currency) ? `${formatMajor(money(BigInt(value), currency))} ${currency}` : value;
  return `${sum(minor)} ${state}${refundedMinor === '0' ? '' : `, ${sum(refundedMinor)} given back`}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
