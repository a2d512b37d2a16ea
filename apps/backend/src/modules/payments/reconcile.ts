/**
 * A provider's book of one day against ours. Theirs is read page by page and each object compared
 * with our payment; then our payments with money that it did not show are asked about one by one
 * (all payments of the day, where the vendor gives no list). A fact that our core can apply goes
 * through `applyFacts`; what is left is written down for a person.
 *
 * A day is one of UTC: of the vendor's clock for its objects, of ours for our payments. Theirs is
 * read `MARGIN_MS` wider on both sides, so that nothing falls between two clocks. A vendor that
 * fails in the middle makes the run `partial`: what was found till then stands.
 */
import type { Tx } from '../../platform/db/index.ts';
import type { PaymentsDeps } from './deps.ts';
import { ReconciliationLost } from './errors.ts';
import type { Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import {
  beginRun,
  closeUnmet,
  finishRun,
  keepRun,
  selectKnown,
  selectOfSpan,
  type ReconciliationRun,
} from './repository-reconciliation.ts';
import {
  ask,
  failed,
  judgeDifference,
  noteMissing,
  tooMuch,
  type Round,
} from './settle-difference.ts';
import { findPayment } from './settle.ts';
import { providerOf } from './start.ts';

export type ReconciliationWish = Readonly<{
  provider: string;
  /** A day of UTC, `2026-11-24`. */
  day: string;
}>;

const DAY_MS = 24 * 3_600_000;
/** How far the clocks of a vendor and of ours may be apart, and how long a call may take. */
const MARGIN_MS = 3_600_000;
/** A batch asks about each of its objects at most once: 20 calls of 10 s at the very worst. */
const BATCH = 20;
const LEASE_SECONDS = 300;
const PAGE = 100;
/** Questions to one vendor at the same time. */
const ASKED_AT_ONCE = 4;
/** Payments of one day that are remembered; more than these make the run partial. */
const MET_MAX = 200_000;

/** Undefined while another process reconciles this provider and day. */
export async function reconcile(
  deps: PaymentsDeps,
  wish: ReconciliationWish,
): Promise<ReconciliationRun | undefined> {
  const run = await takeDay(deps, deps.db.read, wish);
  return run && compareBooks(deps, run);
}

/** The day is this run's until it is finished or its lease has passed; undefined: it is another's. */
export function takeDay(
  deps: PaymentsDeps,
  tx: Tx,
  { provider, day }: ReconciliationWish,
): Promise<ReconciliationRun | undefined> {
  return beginRun(tx, {
    id: deps.ids.next('rec'),
    provider: providerOf(deps, provider).id,
    day,
    at: deps.clock.now(),
    leaseSeconds: LEASE_SECONDS,
  });
}

/** Throws `ReconciliationLost` when another process takes the day over. */
export async function compareBooks(
  deps: PaymentsDeps,
  run: ReconciliationRun,
): Promise<ReconciliationRun> {
  const provider = providerOf(deps, run.provider);
  const from = new Date(`${run.day}T00:00:00.000Z`);
  const round: Round = {
    deps,
    provider,
    run,
    from,
    to: new Date(from.getTime() + DAY_MS),
    met: new Set(),
    found: new Map(),
    theirs: 0,
    ours: 0,
    failure: undefined,
    isOver: false,
  };
  if (provider.capabilities.lists) await readTheirBook(round);
  await readOurBook(round);
  return finish(round);
}

async function readTheirBook(round: Round): Promise<void> {
  const window = {
    from: new Date(round.from.getTime() - MARGIN_MS),
    to: new Date(round.to.getTime() + MARGIN_MS),
  };
  let batch: ProviderPayment[] = [];
  for await (const object of untilItFails(round, round.provider.list(window))) {
    batch.push(object);
    if (batch.length < BATCH) continue;
    await compareBatch(round, batch);
    batch = [];
    if (round.isOver) return;
  }
  await compareBatch(round, batch);
}

/** Ends where the vendor fails: what came before it counts, and the run says so. */
async function* untilItFails(
  round: Round,
  objects: AsyncIterable<ProviderPayment>,
): AsyncGenerator<ProviderPayment> {
  try {
    yield* objects;
  } catch (error) {
    failed(round, error);
  }
}

async function compareBatch(round: Round, batch: readonly ProviderPayment[]): Promise<void> {
  const known = await selectKnown(round.deps.db.read, round.provider.id, batch);
  for (const object of batch) {
    const payment = findPayment(known, object);
    if (!isOfDay(round, object.createdAt, payment)) continue;
    round.theirs += 1;
    if (payment !== undefined && isItsOwn(payment, object)) round.met.add(payment.id);
    await judgeDifference(round, payment, object);
  }
  if (round.met.size > MET_MAX) tooMuch(round, `more than ${String(MET_MAX)} payments`);
  await keep(round);
}

/** By the date of either book; an object without a date was asked for by day. */
function isOfDay(
  { from, to }: Round,
  createdAt: Date | undefined,
  payment: Payment | undefined,
): boolean {
  const dates = [createdAt, payment?.createdAt].filter((at) => at !== undefined);
  return dates.length === 0 || dates.some((at) => at >= from && at < to);
}

function isItsOwn(payment: Payment, { reference }: ProviderPayment): boolean {
  return payment.reference === undefined || payment.reference === reference;
}

/** Our payments of the day that their list did not show, by asking about each. */
async function readOurBook(round: Round): Promise<void> {
  const { deps, provider, from, to, met } = round;
  // What a list does not show and has no money here is in neither book.
  const onlyMoney = provider.capabilities.lists;
  let after: Payment | undefined;
  while (!round.isOver) {
    const span = { provider: provider.id, from, to, onlyMoney, after, limit: PAGE };
    const page = await selectOfSpan(deps.db.read, span);
    round.ours += page.length;
    const unmet = page.filter(({ id }) => !met.has(id));
    for (let at = 0; at < unmet.length; at += ASKED_AT_ONCE) {
      await askAbout(round, unmet.slice(at, at + ASKED_AT_ONCE));
    }
    after = page.at(-1);
    if (page.length < PAGE) return;
  }
}

async function askAbout(round: Round, payments: readonly Payment[]): Promise<void> {
  if (round.isOver) return;
  const answers = await Promise.all(payments.map((payment) => ask(round, payment)));
  for (const [at, payment] of payments.entries()) {
    const answer = answers[at];
    if (answer === 'missing') await noteMissing(round, payment);
    else if (answer !== undefined) await judgeDifference(round, payment, answer);
  }
  await keep(round);
}

function countsOf({ theirs, ours, found }: Round) {
  const repaired = [...found.values()].filter((state) => state === 'repaired').length;
  return { theirs, ours, found: found.size, repaired };
}

async function keep(round: Round): Promise<void> {
  const { deps, run } = round;
  const kept = { id: run.id, leaseSeconds: LEASE_SECONDS, ...countsOf(round) };
  if (!(await keepRun(deps.db.read, kept))) throw lost(run);
}

async function finish(round: Round): Promise<ReconciliationRun> {
  const { deps, run, failure } = round;
  const counts = countsOf(round);
  const state =
    failure !== undefined ? 'partial' : counts.found > counts.repaired ? 'differs' : 'agreed';
  const end = { id: run.id, state, failure, at: deps.clock.now(), ...counts } as const;
  return deps.db.transaction(async (tx) => {
    const finished = await finishRun(tx, end);
    if (finished === undefined) throw lost(run);
    if (state !== 'partial') await closeUnmet(tx, finished);
    return finished;
  });
}

function lost({ provider, day }: ReconciliationRun): ReconciliationLost {
  return new ReconciliationLost(`the run of ${provider} ${day} was taken over by another process`);
}
