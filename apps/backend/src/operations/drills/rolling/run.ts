/**
 * The drill about restarts: people read, renew, sign in, order and buy, vendors tell of payments, and
 * every role is restarted again and again. Nobody may see it, and no job may be lost or done twice.
 */
import { createAsk, type Ask } from '../ask-database.ts';
import { offerLoad } from '../auth/load.ts';
import { createPeople } from '../auth/people.ts';
import { until, type DrillDeps } from '../auth/stage.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { collectBooks } from '../payments/collect.ts';
import { judge } from '../payments/judge.ts';
import { startKiller } from '../payments/killer.ts';
import { openOffice, type Office } from '../payments/office.ts';
import { makePlan } from '../payments/plan.ts';
import { waitForQuiet } from '../payments/quiet.ts';
import { sell } from '../payments/sell.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../simulated-world.ts';
import { knockUntil } from './knocks.ts';
import { openCustomers } from './customers.ts';
import { isFailed, judgeRolling, type RollingOptions, type RollingReport } from './report.ts';
import { restartAll } from './restarts.ts';

type Deps = DrillDeps & Readonly<{ stopping: AbortSignal }>;
type Parts = Deps & Readonly<{ platform: OwnPlatform; world: SimulatedWorld; ask: Ask }>;

const READY_WITHIN_MS = 30_000;
const LOOK_EVERY_MS = 200;
/** A twentieth of the calls signs in; a round lasts no longer than this. */
const ROUND_MAX_MS = 60_000;
const FAILURES_SAID = 8;
const FAULT_PATIENCE_MS = 5_000;
/** Whose payment page the customers of the site are led to; nobody pays there. */
const ONE_TO_SELL = 'yookassa';

/** Throws `DrillRefused` when it cannot take place. */
export async function runRolling(options: RollingOptions, deps: Deps): Promise<RollingReport> {
  const platform = await startOwnPlatform({
    ...{ ...deps, chance: () => deps.ids.chance() },
    settings: {
      OPORA_AUTH_INSTANCES: '2',
      OPORA_WEB: options.web ? 'on' : 'off',
      SIMULATORS_SEED: String(options.seed),
      ...(options.ownListeners ? { OPORA_PLANTED_BUG: 'own-listeners' } : {}),
    },
  });
  try {
    const world = createSimulatedWorld(
      `http://127.0.0.1:${String(platform.config.ports.simulators)}`,
    );
    const ask = createAsk(platform.config.database.ownerUrl?.reveal() ?? '', deps.clock);
    return await play(options, { ...deps, platform, world, ask });
  } finally {
    await platform.end();
  }
}

async function play(options: RollingOptions, parts: Parts): Promise<RollingReport> {
  const { clock, platform, say, world, ask } = parts;
  const { config } = platform;
  const { providers, web } = options;
  await allBehindGateway(parts);
  const crowd = await gather(options, parts);
  const startedMs = clock.monotonicMs();
  let isOver = false;
  const acts = restartAll(platform, { ...options, ...parts }).finally(() => (isOver = true));
  const [load, knocks, ordered, sale, restarts] = await Promise.all([
    offerLoad({ ...crowd, clock, rate: options.rate, until: acts }),
    knockUntil(() => isOver, { config, clock, web }),
    crowd.customers.orderUntil(() => isOver),
    sellUntil(() => isOver, crowd.office, { ...options, ...parts }),
    acts,
  ]);
  await Promise.all([crowd.people.close(), crowd.customers.close()]);
  const calls = [...load.samples, ...knocks, ...ordered.calls];
  for (const one of calls.filter(isFailed).slice(0, FAILURES_SAID)) {
    say(`failed: ${JSON.stringify(one)}`);
  }
  say('waiting for quiet');
  const quiet = await waitForQuiet({
    ...{ world, ask, clock, say, providers, sinceMs: clock.monotonicMs() },
    // The planted fault is in the calls; what it left undone is no question.
    ...(options.ownListeners && { patienceMs: FAULT_PATIENCE_MS }),
  });
  const books = await collectBooks({ world, ask, providers, chatIds: sale.chatIds });
  return judgeRolling({
    ...{ options, ...restarts, ...ordered, calls, quiet, inVain: sale.inVain },
    skipped: load.skipped,
    noticesRefused: await refusedNotices(providers, world),
    judgement: judge(books),
    durationMs: clock.monotonicMs() - startedMs,
  });
}

/** Everybody is signed in before anything is restarted. */
async function gather({ rate, sessions, rounds }: RollingOptions, parts: Parts) {
  const { platform, ids, ask, clock, say } = parts;
  const { config } = platform;
  const people = createPeople({ config, ids, ask, nowMs: () => clock.monotonicMs() });
  say(`${String(sessions)} people sign in`);
  const visitors = await people.enterAll(await people.links(sessions));
  const links = await people.links(Math.ceil((rate * rounds * ROUND_MAX_MS) / 20_000));
  const customers = await openCustomers(ONE_TO_SELL, { ...parts, config });
  const office = await openOffice({ ...parts, config });
  return { people, visitors, links, customers, office };
}

/** Waves of a sale, each with other people, until `isOver`; the last wave is played to its end. */
async function sellUntil(
  isOver: () => boolean,
  office: Office,
  { payments, providers, seed, ...parts }: RollingOptions & Parts,
) {
  const killer = startKiller({ ...parts, plan: [] });
  const chatIds: number[] = [];
  const inVain: string[] = [];
  for (let wave = 0; !isOver() && !parts.stopping.aborted; wave += 1) {
    const plan = makePlan({
      ...{ payments, providers, kills: 0, short: true, planted: undefined },
      seed: seed + wave,
    });
    const sale = await sell(plan, { ...parts, killer, office });
    chatIds.push(...sale.chatIds);
    inVain.push(...sale.inVain);
  }
  return { chatIds, inVain };
}

/** Nothing goes wrong between vendors and us here, so every first answer is the acknowledgement. */
async function refusedNotices(
  providers: RollingOptions['providers'],
  world: SimulatedWorld,
): Promise<string[]> {
  const tills = providers.filter((name) => name !== 'stars').map((name) => world.till(name));
  const deliveries = (await Promise.all(tills.map((till) => till.deliveries()))).flat();
  return deliveries.flatMap(({ answers }) => answers.filter((answer) => !/^2\d\d\b/.test(answer)));
}

/** The gateway finds each role by itself, a moment after the role is ready. */
async function allBehindGateway({ platform: { config }, clock }: Parts): Promise<void> {
  const what = 'the gateway does not find every role';
  await until(clock, { everyMs: LOOK_EVERY_MS, withinMs: READY_WITHIN_MS, what }, async () =>
    /"ready"/.test(await (await fetch(`${config.gatewayUrl}/health`)).text()),
  );
}
