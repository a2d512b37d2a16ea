/**
 * A platform of the drill's own, beside any other: own folder, own ports, simulated world, started
 * as `opora up` starts it. A drill kills parts of it, so it never touches one that it did not start.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '@opora/kernel';
import { inheritedEnvironment, loadConfig } from '../../config/load.ts';
import { portsFrom, type Config, type Ports } from '../../config/shape.ts';
import { askSupervisor, type ControlAnswer } from '../control/index.ts';
import { checkPorts } from '../local-platform/check-ports.ts';
import { beginLife, type Life } from '../process/life.ts';
import { openLogFile } from '../role-logs/log-file.ts';
import { endWithDrill } from './leave-nothing.ts';
import { signal } from './signal.ts';
import { assertSimulated, DrillRefused } from './simulated-only.ts';

export interface OwnPlatform {
  readonly config: Config;
  status(): Promise<ControlAnswer>;
  /** Of the postmaster at this moment; undefined while it is down. */
  postgresPid(): Promise<number | undefined>;
  /** Runs a command of ours to its end, as `opora <args>` would; resolves with its exit code. */
  run(...args: readonly string[]): Promise<number | undefined>;
  /** Resolves with a few words when the platform ended, by whomever. */
  readonly ended: Promise<string>;
  /** Ends it and removes its folder, unless `keep`. */
  end(): Promise<void>;
}

const READY_WITHIN_MS = 300_000;
const LAST_LINES = 30;
/** Above what people use, below what the system gives away; every offset fits under 29000. */
const PORT_BASES = { first: 21_000, count: 690, step: 10 };
const PORT_TRIES = 25;
const STARTS = 3;
const PORT_TAKEN = /port \d+ is taken/;

type Settings = Readonly<Record<string, string>>;
type Wanted = Readonly<{
  clock: Clock;
  chance: () => number;
  settings: Settings | ((ports: Ports) => Settings);
  keep: boolean;
  /** Where its folder is made; absent: where the system keeps what is thrown away. */
  within?: string | undefined;
}>;

/**
 * Throws `DrillRefused`. `settings` are added to the environment of every process of it; a function
 * is told its ports.
 */
export async function startOwnPlatform(deps: Wanted): Promise<OwnPlatform> {
  for (let left = STARTS; ; left -= 1) {
    try {
      return await startInFolder(deps);
    } catch (error) {
      // Between the look at its ports and its start another platform took one.
      const isPortTaken = error instanceof DrillRefused && PORT_TAKEN.test(error.message);
      if (!isPortTaken || left === 1) throw error;
    }
  }
}

async function startInFolder(deps: Wanted): Promise<OwnPlatform> {
  const home = await mkdtemp(join(deps.within ?? tmpdir(), 'opora-drill-'));
  try {
    return await start(home, deps);
  } catch (error) {
    if (!deps.keep) await rm(home, { recursive: true, force: true });
    throw error;
  }
}

async function start(home: string, deps: Wanted): Promise<OwnPlatform> {
  const { clock } = deps;
  const base = await freePortBase(deps.chance);
  const { settings } = deps;
  const environment = inheritedEnvironment({
    OPORA_ENV: 'development',
    OPORA_HOME: home,
    OPORA_PORT_BASE: String(base),
    OPORA_PRODUCT: '2getpro',
    OPORA_SIMULATORS: 'on',
    OPORA_WEB: 'off',
    OPORA_PACE: 'drill',
    ...(typeof settings === 'function' ? settings(portsFrom(base)) : settings),
  });
  assertSimulated(loadConfig(environment));
  const lines: string[] = [];
  const file = openLogFile(join(home, 'up.log'));
  const ready = Promise.withResolvers<'ready'>();
  const root = loadConfig(environment).root;
  const life = beginLife(
    { args: [join(root, 'apps/backend/src/main.ts'), 'up'], environment },
    {
      clock,
      onLine: (line) => {
        file(line);
        lines.push(line);
        if (lines.length > LAST_LINES) lines.shift();
        if (line === 'opora: ready') ready.resolve('ready');
      },
    },
  );
  const ended = life.ended.then(({ words }) => words);
  const end = async (): Promise<void> => {
    await throwAway(home, life);
    if (!deps.keep) await rm(home, { recursive: true, force: true, maxRetries: 10 });
  };
  const isEnded = endWithDrill(end);
  const late = new AbortController();
  const first = await Promise.race([
    ready.promise,
    ended,
    clock.sleep(READY_WITHIN_MS, late.signal).then(() => 'no "opora: ready" in time'),
  ]);
  late.abort();
  if (first !== 'ready') {
    isEnded();
    await life.end();
    throw new DrillRefused(`the platform did not start (${first}):\n${lines.join('\n')}`);
  }
  return {
    // Read again: the first start has written its passwords into the folder.
    config: loadConfig(environment),
    status: () => askSupervisor(home, { command: 'status' }),
    postgresPid: () => postmasterPid(home),
    ended,
    async run(...args) {
      const command = { args: [join(root, 'apps/backend/src/main.ts'), ...args], environment };
      return (await beginLife(command, { clock, onLine: file }).ended).code;
    },
    async end() {
      isEnded();
      await end();
    },
  };
}

/** Where nobody listens on any port of a platform; throws `DrillRefused`. */
export async function freePortBase(chance: () => number): Promise<number> {
  for (let tries = 0; tries < PORT_TRIES; tries += 1) {
    const base = PORT_BASES.first + Math.floor(chance() * PORT_BASES.count) * PORT_BASES.step;
    const ports = portsFrom(base);
    try {
      // Second instances take the next port of each role; PostgreSQL's own is checked here too.
      const others = [ports.api, ports.bot, ports.worker].map((port) => port + 1);
      await checkPorts(ports, others);
      await checkPorts({ ...ports, postgres: 0 }, [ports.postgres]);
      return base;
    } catch {
      // Another run is there: the next base is as good.
    }
  }
  throw new DrillRefused('no free ports between 21000 and 29000');
}

/** Nobody needs what it holds, so it is not ended gently, which takes seconds: it is killed. */
async function throwAway(home: string, life: Life): Promise<void> {
  const status = await askSupervisor(home, { command: 'status' }).catch(() => undefined);
  const postgres = await postmasterPid(home);
  life.kill();
  await life.ended;
  const all = [postgres, ...(status?.children ?? []).map((child) => child.pid)];
  signal(
    all.filter((pid) => pid !== undefined),
    'SIGKILL',
  );
}

/** Of the PostgreSQL in that folder; undefined while it is down. */
export async function postmasterPid(home: string): Promise<number | undefined> {
  const file = join(home, 'postgres', 'data', 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number(text.split('\n', 1)[0]);
  return Number.isInteger(pid) && pid > 1 ? pid : undefined;
}
