/**
 * Real incidents against a platform of the drill's own: processes are killed and stopped, a disk gets
 * full, and staff reads of it in a chat and in a mailbox.
 */
import { until, type DrillDeps } from '../auth/stage.ts';
import { GRAY_FROM } from '../gray.ts';
import { endWithDrill } from '../leave-nothing.ts';
import { startOwnPlatform, type OwnPlatform } from '../own-platform.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../simulated-world.ts';
import { DrillRefused } from '../simulated-only.ts';
import {
  CHAT_ID,
  createReceivers,
  MAILBOX,
  type JournalEntry,
  type ReadAlert,
  type Receivers,
} from './receivers.ts';
import { mountSmallDisk, type SmallDisk } from './small-disk.ts';

/** How one of them went; null: it never came. Times in milliseconds. */
export type RealIncident = Readonly<{
  name: string;
  kind: 'crash' | 'hang' | 'other';
  /** From the act to the monitor's incident. */
  seenMs: number | null;
  /** From there (or from when it could be told) to the last of both receivers. */
  toldMs: number | null;
  isEndTold: boolean;
}>;

export type RealOutcome = Readonly<{
  incidents: readonly RealIncident[];
  /** Incidents of nobody's doing: what the machine itself had, as `cpu:machine`, and what else was told. */
  besides: readonly Readonly<{ kind: string; subject: string; detail: string; openedAt: string }>[];
  doubled: readonly string[];
  notTried: readonly string[];
}>;

export const REAL_INCIDENTS = [
  ...['crash of api', 'crash of worker', 'crash of gateway', 'hang of bot', 'hang of auth'],
  ...['gray auth', 'full disk', 'hang of PostgreSQL', 'crash of the database role'],
  ...['killed monitor with an alert to tell'],
] as const;
export type RealName = (typeof REAL_INCIDENTS)[number];

const LOOK_EVERY_MS = 50;
const OPENED_WITHIN_MS = 60_000;
const TOLD_WITHIN_MS = 45_000;
const CLOSED_WITHIN_MS = 180_000;
/** Everybody was seen at work, and the start is no news any more. */
const SETTLE_MS = 8_000;
const CALL_EVERY_MS = 25;
const FULL_PERCENT = 12;

type Scene = Readonly<{
  platform: OwnPlatform;
  world: SimulatedWorld;
  receivers: Receivers;
  disk: SmallDisk | undefined;
}>;

type Act = Readonly<{
  kind: RealIncident['kind'];
  subject: (scene: Scene) => string;
  /** Answers from when it could be told, wall clock; undefined: from when it was seen. */
  begin: (scene: Scene, deps: DrillDeps) => Promise<number | undefined>;
  heal?: (scene: Scene) => Promise<unknown>;
}>;

export async function playReal(names: readonly RealName[], deps: DrillDeps): Promise<RealOutcome> {
  const disk = names.includes('full disk') ? await mountSmallDisk() : undefined;
  const isUnmounted = disk === undefined ? () => undefined : endWithDrill(() => disk.end());
  try {
    return await playOn(disk, names, deps);
  } finally {
    isUnmounted();
    await disk?.end();
  }
}

async function playOn(
  disk: SmallDisk | undefined,
  names: readonly RealName[],
  deps: DrillDeps,
): Promise<RealOutcome> {
  const { clock, ids, keep, say } = deps;
  const platform = await startOwnPlatform({
    ...{ clock, keep, chance: () => ids.chance(), within: disk?.folder },
    settings: {
      TELEGRAM_CHAT_ID: String(CHAT_ID),
      OPORA_ALERT_MAIL: MAILBOX,
      OPORA_ALERT_LANGUAGE: 'en',
      OPORA_PLANTED_BUG: 'gray-errors',
    },
  });
  try {
    const { config } = platform;
    const world = createSimulatedWorld(`http://127.0.0.1:${String(config.ports.simulators)}`);
    await world.createPerson({ id: CHAT_ID, name: 'Duty', language: 'en', started: true });
    const scene = { platform, world, disk, receivers: createReceivers(config.home, world) };
    await clock.sleep(SETTLE_MS);
    const incidents: RealIncident[] = [];
    const known = new Set<string>();
    const canTry = names.filter((name) => name !== 'full disk' || disk !== undefined);
    for (const name of canTry) {
      const { incident, entry } = await playOne(name, scene, deps);
      if (entry !== undefined) known.add(entry.id);
      incidents.push(incident);
      say(JSON.stringify(incident));
    }
    return await conclude(scene, { incidents, known, names, canTry });
  } finally {
    await platform.end();
  }
}

async function playOne(
  name: RealName,
  scene: Scene,
  deps: DrillDeps,
): Promise<{ incident: RealIncident; entry: JournalEntry | undefined }> {
  const { clock } = deps;
  const { kind, subject, begin, heal } = ACTS[name];
  const about = subject(scene);
  const actedMs = clock.now().getTime();
  const acting = begin(scene, deps);
  const find = async (): Promise<JournalEntry | undefined> =>
    (await scene.receivers.journal()).find(
      (one) => one.subject === about && Date.parse(one.openedAt) >= actedMs,
    );
  const isOpen = await within(deps, OPENED_WITHIN_MS, async () => (await find()) !== undefined);
  const couldMs = await acting;
  const entry = await find();
  if (!isOpen || entry === undefined) {
    await heal?.(scene);
    return { entry, incident: { name, kind, seenMs: null, toldMs: null, isEndTold: false } };
  }
  const openedMs = Date.parse(entry.openedAt);
  const told = async (what: readonly ReadAlert['what'][]): Promise<ReadAlert[]> =>
    (await scene.receivers.alerts()).filter(
      (one) => one.incidentId === entry.id && what.includes(one.what),
    );
  const atBoth = async (...what: ReadAlert['what'][]): Promise<boolean> =>
    new Set((await told(what)).map(({ channel }) => channel)).size === 2;
  const isTold = await within(deps, TOLD_WITHIN_MS, () => atBoth('opened', 'worse'));
  const first = await told(['opened', 'worse']);
  await heal?.(scene);
  await within(deps, CLOSED_WITHIN_MS, async () => (await find())?.closedAt !== null);
  const isEndTold = await within(deps, TOLD_WITHIN_MS, () => atBoth('recovered'));
  const firsts = (['telegram', 'mail'] as const).map((channel) =>
    Math.min(...first.filter((one) => one.channel === channel).map(({ atMs }) => atMs)),
  );
  const toldMs = isTold ? Math.max(...firsts) - Math.max(openedMs, couldMs ?? 0) : null;
  const seenMs = openedMs - actedMs;
  return { entry, incident: { name, kind, seenMs, toldMs, isEndTold } };
}

async function within(
  { clock }: DrillDeps,
  withinMs: number,
  done: () => Promise<boolean>,
): Promise<boolean> {
  const sinceMs = clock.monotonicMs();
  while (!(await done())) {
    if (clock.monotonicMs() - sinceMs > withinMs) return false;
    await clock.sleep(LOOK_EVERY_MS);
  }
  return true;
}

async function conclude(
  { receivers }: Scene,
  facts: Readonly<{
    incidents: readonly RealIncident[];
    known: ReadonlySet<string>;
    names: readonly RealName[];
    canTry: readonly RealName[];
  }>,
): Promise<RealOutcome> {
  const [journal, alerts] = await Promise.all([receivers.journal(), receivers.alerts()]);
  const keys = alerts
    .filter(({ what }) => what !== 'worse')
    .map(({ channel, incidentId, what }) => `${channel} ${incidentId} ${what}`);
  const mine = facts.names.filter((name) => !facts.canTry.includes(name));
  return {
    incidents: facts.incidents,
    besides: journal
      .filter(({ id }) => !facts.known.has(id))
      .map(({ kind, subject, detail, openedAt }) => ({ kind, subject, detail, openedAt })),
    doubled: keys.filter((key, at) => keys.indexOf(key) !== at),
    notTried: mine.map((name) => `${name}: this user may not mount a disk`),
  };
}

async function pidOf({ platform }: Scene, name: string): Promise<number> {
  const { children } = await platform.status();
  const pid = children.find((child) => child.name === name)?.pid;
  if (pid === undefined) throw new DrillRefused(`${name} has no process`);
  return pid;
}

function signalling(name: string, kind: 'crash' | 'hang', signal: 'SIGKILL' | 'SIGSTOP'): Act {
  return {
    kind,
    subject: () => name,
    async begin(scene) {
      process.kill(await pidOf(scene, name), signal);
      return undefined;
    },
  };
}

const crashOf = (name: string): Act => signalling(name, 'crash', 'SIGKILL');
const hangOf = (name: string): Act => signalling(name, 'hang', 'SIGSTOP');

const ACTS: Readonly<Record<RealName, Act>> = {
  'crash of api': crashOf('api#0'),
  'crash of worker': crashOf('worker#0'),
  'crash of gateway': crashOf('gateway#0'),
  'hang of bot': hangOf('bot#0'),
  'hang of auth': hangOf('auth#1'),
  'crash of the database role': crashOf('database#0'),
  'gray auth': {
    kind: 'other',
    subject: () => 'auth#0',
    async begin(scene, deps) {
      process.kill(await pidOf(scene, 'auth#0'), GRAY_FROM);
      await callAuth(scene, deps);
      return undefined;
    },
    heal: ({ platform }) => platform.run('restart', 'auth#0'),
  },
  'full disk': {
    kind: 'other',
    subject: ({ platform }) => `disk:${platform.config.home}`,
    async begin({ disk }) {
      await disk?.fillTo(FULL_PERCENT);
      return undefined;
    },
    heal: async ({ disk }) => disk?.empty(),
  },
  'hang of PostgreSQL': {
    kind: 'hang',
    subject: () => 'postgres#0',
    async begin({ platform }) {
      const pid = await platform.postgresPid();
      if (pid === undefined) throw new DrillRefused('PostgreSQL is down');
      process.kill(pid, 'SIGSTOP');
      return undefined;
    },
  },
  'killed monitor with an alert to tell': {
    kind: 'crash',
    subject: () => 'bot#0',
    async begin(scene, { clock }) {
      const { world, receivers } = scene;
      await world.setFault({ target: 'telegram', kind: 'error', probability: 1 }, 1);
      const before = (await receivers.journal()).length;
      process.kill(await pidOf(scene, 'bot#0'), 'SIGKILL');
      const what = 'the crash was not written';
      await until(clock, { everyMs: LOOK_EVERY_MS, withinMs: TOLD_WITHIN_MS, what }, async () => {
        return (await receivers.journal()).length > before;
      });
      process.kill(await pidOf(scene, 'monitor#0'), 'SIGKILL');
      const isBack = async (): Promise<boolean> => {
        const { children } = await scene.platform.status();
        return children.some(({ name, state }) => name === 'monitor#0' && state === 'ready');
      };
      await clock.sleep(SETTLE_MS / 8);
      const back = 'the monitor did not come back';
      await until(clock, { everyMs: 100, withinMs: TOLD_WITHIN_MS, what: back }, isBack);
      await world.clearFaults();
      return clock.now().getTime();
    },
  },
};

/** People come by all the time, or nobody would notice a gray instance. */
async function callAuth(scene: Scene, { clock }: DrillDeps): Promise<void> {
  const url = `${scene.platform.config.gatewayUrl}/.well-known/jwks.json`;
  const sinceMs = clock.monotonicMs();
  const isSeen = async (): Promise<boolean> =>
    (await scene.receivers.journal()).some(
      ({ subject, closedAt }) => subject === 'auth#0' && closedAt === null,
    );
  for (let at = 0; clock.monotonicMs() - sinceMs < TOLD_WITHIN_MS; at += 1) {
    // From everywhere: one network alone would be told to wait.
    const headers = { 'x-forwarded-for': `198.18.${String((at >> 8) & 255)}.${String(at & 255)}` };
    void fetch(url, { headers }).then(
      (answer) => answer.arrayBuffer(),
      () => undefined,
    );
    if (at % 20 === 0 && (await isSeen())) return;
    await clock.sleep(CALL_EVERY_MS);
  }
}
