/**
 * What the worker does all the time: judge the notices that wait, and ask providers about payments
 * that nobody told us about. Both only bring facts to `applyFacts`.
 */
import { compareMoney, OperationalError } from '@opora/kernel';
import { DatabaseUnavailable } from '../../platform/db/index.ts';
import { releaseAbandoned } from './balance.ts';
import { recoverCharge } from './charge.ts';
import { PaymentElsewhere, ProviderPaymentMissing } from './errors.ts';
import { BALANCE, isAtProvider, type Payment } from './payment.ts';
import { claimDue, insertEvents, stopChecking } from './repository.ts';
import {
  claimNotices,
  finishNotices,
  postponeNotices,
  type ClaimedNotice,
  type JudgedNotice,
} from './repository-notices.ts';
import type { PaymentsDeps } from './deps.ts';
import type { Fact } from './fact.ts';
import { applyFacts } from './settle.ts';
import { providerOf, startPayment } from './start.ts';
import { truthOf } from './truth.ts';

const NOTICES_PER_BATCH = 64;
const CHECKS_PER_BATCH = 32;
/** Longer than the slowest look-up, so a living taker keeps its notices. */
const NOTICE_LEASE_SECONDS = 30;
/** A payment nobody paid is not asked about for ever; a later notice still counts. */
const ASKED_FOR_MS = 7 * 24 * 3_600_000;
/** The provider keeps our key for a day: within it a lost `start` may be repeated. */
const RESTARTED_FOR_MS = 23 * 3_600_000;

/** One round over the inbox; returns how many notices were taken. */
export async function judgeNotices(deps: PaymentsDeps): Promise<number> {
  const claimed = await claimNotices(deps.db.read, NOTICES_PER_BATCH, NOTICE_LEASE_SECONDS);
  const groups = Map.groupBy(claimed, ({ provider, reference }) => `${provider} ${reference}`);
  const looked = await Promise.all([...groups.values()].map((group) => lookUp(deps, group)));
  await applyTogether(
    deps,
    looked.filter((fact) => fact !== undefined),
  );
  return claimed.length;
}

/** Asks the provider about one object. What it cannot say now is asked again later. */
async function lookUp(
  deps: PaymentsDeps,
  notices: readonly ClaimedNotice[],
): Promise<Fact | undefined> {
  const [first] = notices;
  if (first === undefined) return undefined;
  const { provider, reference } = first;
  try {
    const payment = await providerOf(deps, provider).lookup(reference);
    return { provider, payment, source: 'notice', notices };
  } catch (error) {
    const judged = withoutMoney(error);
    if (judged !== undefined) {
      const about = { provider, reference, outcome: judged.outcome };
      if (judged.state === 'quarantined') deps.log.error(about, 'quarantined: nobody knows it');
      else deps.log.info(about, 'a notice is about something that is not sold by us');
      deps.counted({ provider, source: 'notice', outcome: judged.outcome });
      const finished = notices.map((notice) => ({ notice, ...judged }));
      await finishNotices(deps.db.read, finished, deps.clock.now());
      return undefined;
    }
    deps.log.warn({ provider, reference, error }, 'the provider could not be asked; asking later');
    await postponeNotices(deps.db.read, notices, deps.schedule);
    return undefined;
  }
}

/** What an answer without a payment makes of its notices; undefined: it is no answer. */
function withoutMoney(error: unknown): Pick<JudgedNotice, 'state' | 'outcome'> | undefined {
  if (error instanceof PaymentElsewhere) return { state: 'done', outcome: 'not_for_us' };
  if (!(error instanceof ProviderPaymentMissing)) return undefined;
  return { state: 'quarantined', outcome: 'unknown_at_provider' };
}

/** One transaction per provider; when it fails, each fact alone, so a poisonous one fails alone. */
async function applyTogether(deps: PaymentsDeps, facts: readonly Fact[]): Promise<void> {
  for (const group of Map.groupBy(facts, ({ provider }) => provider).values()) {
    try {
      await applyFacts(deps, group);
    } catch (error) {
      // Not poisoned: nothing could be written. What was claimed comes back with its lease.
      if (error instanceof DatabaseUnavailable) throw error;
      deps.log.warn({ error, facts: group.length }, 'a batch of facts failed; applying one by one');
      for (const fact of group) await applyAlone(deps, fact);
    }
  }
}

async function applyAlone(deps: PaymentsDeps, fact: Fact): Promise<void> {
  try {
    await applyFacts(deps, [fact]);
  } catch (error) {
    deps.log.error({ error, reference: fact.payment.reference }, 'a fact could not be applied');
    await postponeNotices(deps.db.read, fact.notices, deps.schedule);
  }
}

/** One round over payments whose next question is due; returns how many were asked about. */
export async function askDue(deps: PaymentsDeps): Promise<number> {
  const due = await claimDue(deps.db.read, CHECKS_PER_BATCH, deps.schedule);
  const facts = await Promise.all(due.map((payment) => askAbout(deps, payment)));
  await applyTogether(
    deps,
    facts.filter((fact) => fact !== undefined),
  );
  return due.length;
}

async function askAbout(deps: PaymentsDeps, payment: Payment): Promise<Fact | undefined> {
  const age = deps.clock.now().getTime() - payment.createdAt.getTime();
  try {
    if (payment.provider === BALANCE) {
      await releaseAbandoned(deps, payment.orderId);
      return undefined;
    }
    if (payment.reference === undefined && payment.methodId !== undefined) {
      const lost = await recoverCharge(deps, payment);
      if (lost === undefined && age > RESTARTED_FOR_MS)
        await stopChecking(deps.db.read, payment.id);
      return lost && { provider: payment.provider, payment: lost, source: 'janitor', notices: [] };
    }
    if (payment.reference === undefined && payment.checkoutUrl === undefined) {
      if (age < RESTARTED_FOR_MS) await repeatStart(deps, payment);
      else await stopChecking(deps.db.read, payment.id);
      return undefined;
    }
    const found = await truthOf(deps, payment);
    if ((found?.state ?? 'pending') === 'pending' && age > ASKED_FOR_MS) {
      await stopChecking(deps.db.read, payment.id);
    }
    if (found === undefined) return undefined;
    return { provider: payment.provider, payment: found, source: 'janitor', notices: [] };
  } catch (error) {
    if (error instanceof ProviderPaymentMissing && age > ASKED_FOR_MS) {
      await stopChecking(deps.db.read, payment.id);
    } else if (!(error instanceof OperationalError)) {
      deps.log.error({ error, paymentId: payment.id }, 'a payment could not be asked about');
      await insertEvents(deps.db.read, [
        {
          paymentId: payment.id,
          at: deps.clock.now(),
          kind: 'asked',
          detail: error instanceof Error ? error.message.slice(0, 200) : 'failed',
        },
      ]);
    }
    return undefined;
  }
}

/** The answer to `start` was lost: the same key gives the same payment, never a second one. */
async function repeatStart(deps: PaymentsDeps, payment: Payment): Promise<void> {
  const order = await deps.orders.find(payment.orderId);
  const fromBalance = compareMoney(payment.amount, order.amount) < 0;
  // What the balance was to pay beside it has been given free.
  const isTooLate = fromBalance && order.expiresAt <= deps.clock.now();
  if (order.state !== 'open' || isTooLate || !isAtProvider(payment.provider)) {
    await stopChecking(deps.db.read, payment.id);
    return;
  }
  const { description, language } = await deps.describe(order);
  await startPayment(deps, {
    orderId: order.id,
    provider: payment.provider,
    language,
    description,
    saveWords: payment.saveWords,
    fromBalance,
  });
}
