/**
 * The drill that proves the promise about money: sells through the bot while notices are repeated,
 * shuffled and lost, the panel acts and loses its answers, and every role and PostgreSQL itself are
 * killed; then waits for quiet and lets the judge compare everybody's books.
 */
import type { Clock, Ids } from '@opora/kernel';
import { createAsk, type Ask } from '../ask-database.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { DrillRefused } from '../simulated-only.ts';
import { createSimulatedWorld } from '../simulated-world.ts';
import { collectBooks } from './collect.ts';
import { judge } from './judge.ts';
import { startKiller } from './killer.ts';
import { openOffice } from './office.ts';
import { faultsOf, makePlan, type DrillOptions, type DrillPlan } from './plan.ts';
import { waitForQuiet } from './quiet.ts';
import { makeReport, type DrillReport } from './report.ts';
import { sell } from './sell.ts';

export { describeReport, type DrillReport } from './report.ts';
export type { DrillOptions } from './plan.ts';

type Deps = Readonly<{
  clock: Clock;
  ids: Ids;
  /** Lines about the progress, for people. */
  say: (line: string) => void;
  /** Ends the drill early: what it started is ended all the same. */
  stopping: AbortSignal;
  keep: boolean;
}>;

/** Waits of a vendor before it repeats a notice: a drill need not wait minutes for one. */
const REPEATS_MS = [500, 1_000, ...Array.from({ length: 58 }, () => 2_000)];
/** One of so many extensions is run again. */
const REPEATED_ONE_IN = 10;
const REPEATED_LEAST = 2;

/** Throws `DrillRefused` when it cannot take place; a failed drill is a report, not an error. */
export async function runPaymentDrill(options: DrillOptions, deps: Deps): Promise<DrillReport> {
  const startedMs = deps.clock.monotonicMs();
  const plan = makePlan(options);
  const instances = options.short ? '1' : '2';
  deps.say('starting a platform of its own');
  const platform = await startOwnPlatform({
    ...{ ...deps, chance: () => deps.ids.chance() },
    settings: {
      OPORA_AUTH_INSTANCES: '1',
      OPORA_API_INSTANCES: instances,
      OPORA_BOT_INSTANCES: instances,
      OPORA_WORKER_INSTANCES: instances,
      SIMULATORS_SEED: String(options.seed),
      ...(options.planted === undefined ? {} : { OPORA_PLANTED_BUG: options.planted }),
    },
  });
  try {
    deps.say(`it runs in ${platform.config.home}`);
    const ended = platform.ended.then((how): never => {
      throw new DrillRefused(`the platform ended by itself: ${how}`);
    });
    const played = play(options, plan, { ...deps, platform, startedMs });
    return await Promise.race([played, ended]);
  } finally {
    await platform.end();
  }
}

async function play(
  options: DrillOptions,
  plan: DrillPlan,
  deps: Deps & { platform: OwnPlatform; startedMs: number },
): Promise<DrillReport> {
  const { platform, clock, say } = deps;
  const world = createSimulatedWorld(
    `http://127.0.0.1:${String(platform.config.ports.simulators)}`,
  );
  const ask = createAsk(platform.config.database.ownerUrl?.reveal() ?? '', deps.clock);
  await liftGuards(options, ask);
  const { providers } = options;
  for (const each of providers) await world.till(each).repeatNoticesAfter(REPEATS_MS);
  const office = await openOffice({ ...deps, config: platform.config, ask });
  for (const [at, fault] of faultsOf(options).entries())
    await world.setFault(fault, options.seed + at);

  const killer = startKiller({ ...deps, plan: plan.kills });
  const sale = await sell(plan, { ...deps, world, killer, office });
  killer.soldOut();
  await killer.done;
  const repeatedJobs = await repeatJobs(ask, plan, deps);
  await world.clearFaults();
  const lastFaultMs = clock.monotonicMs();
  say(`sold ${String(sale.paid)}; waiting for quiet`);

  const quiet = await waitForQuiet({
    ...{ world, ask, clock, say, providers, sinceMs: lastFaultMs },
  });
  await reconcile(platform, deps);
  await waitForQuiet({
    ...{ world, ask, clock, say, providers, sinceMs: clock.monotonicMs() },
  });
  say('judging from outside');
  const judgement = judge(await collectBooks({ world, ask, providers, chatIds: sale.chatIds }));
  return makeReport({
    ...{ options, kills: killer.kills, repeatedJobs, inVain: sale.inVain, judgement },
    ...{ quiet, durationMs: clock.monotonicMs() - deps.startedMs },
  });
}

/**
 * Two of the planted bugs live in the database: the key that makes a grant unique is dropped, and
 * for a lost update the key that would refuse its second writer.
 */
async function liftGuards({ planted }: DrillOptions, ask: Ask): Promise<void> {
  const keys = {
    'missing-unique-key': 'subscription_grant_order_key',
    'lost-update': 'subscription_grant_revision_key',
  };
  if (planted !== 'missing-unique-key' && planted !== 'lost-update') return;
  await ask(`alter table subscription_grant drop constraint ${keys[planted]}`);
}

/**
 * What no notice told of and nobody asks about any more (the merchant's own refund, a dispute) is
 * found by comparing the vendors' books with ours, which is done every night.
 */
async function reconcile(
  { run }: OwnPlatform,
  { clock, startedMs, say }: Deps & { startedMs: number },
): Promise<void> {
  const began = clock.now().getTime() - (clock.monotonicMs() - startedMs);
  const days = new Set([new Date(began), clock.now()].map((at) => at.toISOString().slice(0, 10)));
  for (const date of days) {
    const code = await run('payments', 'reconcile', '--provider', 'all', '--date', date);
    say(`reconciled ${date}: ${code === 0 ? 'the books agree' : 'differences are left'}`);
  }
}

/** Adds extensions of paid orders again, as if a worker had died between commit and acknowledgement. */
async function repeatJobs(
  ask: Ask,
  { repeated }: DrillPlan,
  { clock }: { clock: Clock },
): Promise<number> {
  const paid = await patiently(clock, () =>
    ask<{ id: string }>(
      "select id from customer_order where state = 'paid' and kind = 'plan' order by id",
    ),
  );
  const count = Math.max(REPEATED_LEAST, Math.ceil(paid.length / REPEATED_ONE_IN));
  const chosen = repeated.shuffled(paid).slice(0, count);
  await patiently(clock, () =>
    ask(
      `select count(*) from unnest($1::text[]) as given (id), lateral graphile_worker.add_job(
         'subscriptions.extend', json_build_object('orderId', given.id), max_attempts => 1000)`,
      [chosen.map(({ id }) => id)],
    ),
  );
  return chosen.length;
}

const PATIENT_TRIES = 60;
const PATIENT_PAUSE_MS = 500;

/** The database may have been killed a moment ago. */
async function patiently<T>(clock: Clock, act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (tries === PATIENT_TRIES) throw error;
      await clock.sleep(PATIENT_PAUSE_MS);
    }
  }
}
