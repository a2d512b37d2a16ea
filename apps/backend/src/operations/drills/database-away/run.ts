/**
 * The drill about the database away: people read and order, vendors and Telegram report, while
 * PostgreSQL is stopped, and then killed and kept down. Copies are served, everything else is refused
 * at once, nothing acknowledged is lost, nobody ends, and all is well soon after.
 */
import { createAsk, type Ask } from '../ask-database.ts';
import { onAuthStage, SETTLE_MS, until, type DrillDeps, type Stage } from '../auth/stage.ts';
import { createSimulatedWorld } from '../simulated-world.ts';
import { offerMixed, repeatAll, type Load } from './load.ts';
import { createOutage, type Fault } from './outage.ts';
import { judgeAway, type AwayOptions, type AwayReport, type Kept, type Spell } from './report.ts';
import {
  createSenders,
  DEEDS,
  isGood,
  type Deed,
  type Kind,
  type Senders,
  type Sent,
} from './senders.ts';

const FAULTS: readonly Fault[] = ['stop', 'kill'];
const INSTANCES = 1;
const CHATS = 8;
const LOOK_EVERY_MS = 50;
const NOTICED_WITHIN_MS = 40_000;
const SERVED_WITHIN_MS = 60_000;
const REPEATED_WITHIN_MS = 60_000;
const JUDGED_WITHIN_MS = 60_000;
/** Between outages: long enough that what the first one left behind would be told of. */
const PAUSE_MS = 8_000;
/** Numbers of the calls by which full service is measured: beyond those of the load. */
const FIRST_PROBE = 10_000_000;

/** Throws `DrillRefused` when it cannot take place. */
export async function runDatabaseAway(options: AwayOptions, deps: DrillDeps): Promise<AwayReport> {
  const settings = options.planted === undefined ? {} : { OPORA_PLANTED_BUG: options.planted };
  return await onAuthStage({ instances: INSTANCES, settings }, deps, async (stage) => {
    const { platform, people } = stage;
    const { config } = platform;
    const ask = createAsk(config.database.ownerUrl?.reveal() ?? '', deps.clock);
    deps.say(`${String(options.visitors)} people sign in`);
    const visitors = await people.enterAll(await people.links(options.visitors));
    const world = createSimulatedWorld(`http://127.0.0.1:${String(config.ports.simulators)}`);
    const chats: number[] = [];
    for (let at = 0; at < CHATS; at += 1) {
      chats.push(await world.createPerson({ name: 'Drill', language: 'en', started: true }));
    }
    const senders = await createSenders({ config, ids: deps.ids, visitors, chats });
    try {
      const livesBefore = await livesOf(stage);
      const { load, spells } = await play(stage, senders, options, deps);
      const [clock, withinMs] = [deps.clock, REPEATED_WITHIN_MS];
      await repeatAll(load.sent, { clock, senders, withinMs });
      const kept = await whatIsKept(load.sent, senders, ask);
      await allJudged(ask, deps);
      const exits = (await livesOf(stage)) - livesBefore;
      return judgeAway({ options, ...load, spells, kept, exits });
    } finally {
      await senders.close();
    }
  });
}

async function play(
  stage: Stage,
  senders: Senders,
  options: AwayOptions,
  deps: DrillDeps,
): Promise<{ load: Load; spells: readonly Spell[] }> {
  const { clock } = deps;
  const startedMs = clock.monotonicMs();
  const nowMs = (): number => clock.monotonicMs() - startedMs;
  const outages = (async () => {
    const spells: Spell[] = [];
    await clock.sleep(PAUSE_MS);
    for (const fault of FAULTS) {
      spells.push(await sufferOutage(fault, { stage, senders, options, deps, nowMs }));
      await clock.sleep(PAUSE_MS);
    }
    return spells;
  })();
  const load = await offerMixed({ clock, senders, rates: options.rates, until: outages });
  return { load, spells: await outages };
}

type Scene = Readonly<{
  stage: Stage;
  senders: Senders;
  options: AwayOptions;
  deps: DrillDeps;
  nowMs: () => number;
}>;

async function sufferOutage(fault: Fault, scene: Scene): Promise<Spell> {
  const { stage, options, deps, nowMs } = scene;
  const { clock, say } = deps;
  const outage = createOutage(fault, stage.platform, clock);
  const fromMs = nowMs();
  await outage.begin();
  const goneMs = nowMs();
  let [noticedMs, incidents]: [number, readonly string[]] = [Infinity, []];
  try {
    await everyRole(stage, deps, true);
    noticedMs = nowMs();
    say(`${fault}: every role knows after ${String(Math.round(noticedMs - fromMs))} ms`);
    await clock.sleep(Math.max(0, fromMs + options.outageMs - nowMs()));
    incidents = await openIncidents(stage);
  } finally {
    await outage.end();
  }
  const untilMs = nowMs();
  await Promise.all([everyRole(stage, deps, false), everythingServed(scene)]);
  const servedMs = nowMs();
  say(`${fault}: full service ${String(Math.round(servedMs - untilMs))} ms after its return`);
  await clock.sleep(SETTLE_MS);
  const late = await openIncidents(stage);
  const times = { fromMs, goneMs, noticedMs, untilMs, servedMs };
  return { fault, ...times, incidents: [...incidents, ...late] };
}

/** Resolves when each role that has a database says that it is away, or is not. */
async function everyRole(stage: Stage, deps: DrillDeps, isAway: boolean): Promise<void> {
  const { ports, instances } = stage.platform.config;
  const roles = (['auth', 'api', 'bot', 'worker'] as const).flatMap((role) =>
    Array.from({ length: instances[role] }, (_, at) => ports[role] + at),
  );
  const what = isAway ? 'a role did not notice' : 'a role did not come back';
  const waits = { everyMs: LOOK_EVERY_MS, withinMs: NOTICED_WITHIN_MS, what };
  await Promise.all(
    roles.map((port) =>
      until(deps.clock, waits, async () => {
        const answer = await fetch(`http://127.0.0.1:${String(port)}/health/ready`);
        const { degraded } = (await answer.json()) as { degraded: string[] }; // as health-routes.ts makes it
        return degraded.includes('database') === isAway;
      }),
    ),
  );
}

let probes = FIRST_PROBE;

/** Each kind of call until it is good and no copy any more; by another person each time, for limits. */
async function everythingServed({ senders, deps }: Scene): Promise<void> {
  const waits = (kind: Kind) => ({
    ...{ everyMs: LOOK_EVERY_MS, withinMs: SERVED_WITHIN_MS },
    what: `the service did not come back: ${kind}`,
  });
  const reads = (['window', 'own'] as const).map((kind) =>
    until(deps.clock, waits(kind), async () => {
      const answer = await senders.read(kind, (probes += 1));
      return isGood(kind, answer) && !answer.isMarked;
    }),
  );
  const deeds = DEEDS.map((kind) =>
    until(deps.clock, waits(kind), async () => {
      const sent = { kind, number: (probes += 1), isAcknowledged: false };
      return isGood(kind, await senders.send(sent));
    }),
  );
  await Promise.all([...reads, ...deeds]);
}

async function openIncidents({ platform: { config } }: Stage): Promise<string[]> {
  const answer = await fetch(`http://127.0.0.1:${String(config.ports.monitor)}/system-health`);
  const { incidents } = (await answer.json()) as { incidents: { subject: string }[] }; // as report.ts of the monitor
  return incidents.map(({ subject }) => subject);
}

/** Starts of all processes so far. */
async function livesOf({ platform }: Stage): Promise<number> {
  const { children } = await platform.status();
  return children.reduce((sum, { restarts }) => sum + restarts, 0);
}

const FOUND: Readonly<Record<Deed, string>> = {
  command: `select order_key as name, count(*)::int as times from customer_order
    where order_key = any($1) group by 1`,
  notice: `select reference as name, count(*)::int as times from payment_notice
    where reference = any($1) group by 1`,
  update: `select update_id::text as name, count(*)::int as times from bot_update
    where update_id = any($1::bigint[]) group by 1`,
};

async function whatIsKept(sent: readonly Sent[], senders: Senders, ask: Ask): Promise<Kept> {
  const of = async (deed: Deed): Promise<Kept[Deed]> => {
    const names = sent
      .filter(({ kind, isAcknowledged }) => kind === deed && isAcknowledged)
      .map((one) => senders.nameOf(one));
    const rows = await ask<{ name: string; times: number }>(FOUND[deed], [names]);
    const found = new Map(rows.map(({ name, times }) => [name, times]));
    return {
      acknowledged: names.length,
      lost: names.filter((name) => !found.has(name)).length,
      doubled: rows.filter(({ times }) => times > 1).length,
    };
  };
  return { command: await of('command'), notice: await of('notice'), update: await of('update') };
}

/** The worker is at work again: no notice waits for its first look. */
async function allJudged(ask: Ask, { clock }: DrillDeps): Promise<void> {
  const what = 'notices are not looked at';
  await until(clock, { everyMs: 500, withinMs: JUDGED_WITHIN_MS, what }, async () => {
    const rows = await ask(
      "select 1 from payment_notice where state = 'waiting' and attempts = 0 limit 1",
    );
    return rows.length === 0;
  });
}
