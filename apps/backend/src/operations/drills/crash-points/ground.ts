/**
 * Where the drill about crash points plays: an embedded PostgreSQL and the simulated world, of its
 * own, in a folder of its own. Our side is one process, which the drill starts and loses itself.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock, Ids } from '@opora/kernel';
import { inheritedEnvironment, loadConfig, type Environment } from '../../../config/load.ts';
import { portsFrom, type Config } from '../../../config/shape.ts';
import { ensureLocalState } from '../../local-state.ts';
import { rosterOf } from '../../local-platform/roster.ts';
import { openLogFile } from '../../role-logs/log-file.ts';
import type { Program } from '../../process/life.ts';
import { createSupervisor, type ChildSpec } from '../../supervisor/index.ts';
import { createQuickAsk, type Ask } from '../ask-database.ts';
import { endWithDrill } from '../leave-nothing.ts';
import { freePortBase, postmasterPid } from '../own-platform.ts';
import { signal } from '../signal.ts';
import { assertDrill, DrillRefused } from '../simulated-only.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../simulated-world.ts';

export type Ground = Readonly<{
  clock: Clock;
  config: Config;
  world: SimulatedWorld;
  ask: Ask;
  /** The process under observation. */
  subject: Program;
  /** Takes a line of any process here. */
  note: (line: string) => void;
  /** Ends all of it and removes the folder, unless it is kept. */
  end(): Promise<void>;
}>;

export type GroundDeps = Readonly<{ clock: Clock; ids: Ids; keep: boolean; settings: Environment }>;

const LAST_LINES = 30;

/** Throws `DrillRefused`. */
export async function openGround(deps: GroundDeps): Promise<Ground> {
  const home = await mkdtemp(join(tmpdir(), 'opora-drill-'));
  const lines: string[] = [];
  const file = openLogFile(join(home, 'drill.log'));
  const note = (line: string): void => {
    file(line);
    lines.push(line);
    if (lines.length > LAST_LINES) lines.shift();
  };
  const supervisor = createSupervisor({
    clock: deps.clock,
    chance: deps.ids.chance,
    onLine: (_spec, line) => note(line),
    onEvent: (_spec, _level, text) => note(text),
    onChange: () => undefined,
    onWorkerLost: () => undefined,
  });
  const end = async (): Promise<void> => {
    isEnded();
    // Its role is killed like the others, and would leave it behind.
    const postgres = await postmasterPid(home);
    supervisor.killAll();
    await supervisor.stop();
    if (postgres !== undefined) signal([postgres], 'SIGKILL');
    if (!deps.keep) await rm(home, { recursive: true, force: true, maxRetries: 10 });
  };
  const isEnded = endWithDrill(end);
  try {
    return { ...(await build(home, { ...deps, supervisor, note })), note, end };
  } catch (cause) {
    await end();
    throw new DrillRefused(`the drill could not begin:\n${lines.join('\n')}`, { cause });
  }
}

async function build(
  home: string,
  deps: GroundDeps & {
    supervisor: ReturnType<typeof createSupervisor>;
    note: (line: string) => void;
  },
): Promise<Omit<Ground, 'note' | 'end'>> {
  const { clock, ids, supervisor } = deps;
  const base = await freePortBase(ids.chance);
  const settings = {
    OPORA_ENV: 'development',
    OPORA_HOME: home,
    OPORA_PORT_BASE: String(base),
    OPORA_PRODUCT: '2getpro',
    OPORA_SIMULATORS: 'on',
    OPORA_WEB: 'off',
    OPORA_PACE: 'drill',
    ...deps.settings,
  };
  await ensureLocalState({ home, ports: portsFrom(base), clock, ids });
  const config = loadConfig(inheritedEnvironment(settings));
  assertDrill(config);
  const roster = rosterOf(config);
  const ours = <P extends Program>(program: P): P => ({
    ...program,
    environment: { ...program.environment, ...settings },
  });
  const launch = async (spec: ChildSpec | undefined): Promise<void> => {
    if (spec === undefined || (await supervisor.launch(ours(spec))) === 'ready') return;
    throw new DrillRefused(`${spec.role} did not start`);
  };
  const run = async (...args: string[]): Promise<void> => {
    if ((await supervisor.run(ours(roster.command(...args)), deps.note)) === 0) return;
    throw new DrillRefused(`opora ${args.join(' ')} failed`);
  };
  await Promise.all([launch(roster.database), launch(roster.simulators)]);
  await run('migrate', 'up');
  await run('seed');
  return {
    clock,
    config,
    world: createSimulatedWorld(`http://127.0.0.1:${String(config.ports.simulators)}`),
    ask: createQuickAsk(config.database.ownerUrl?.reveal() ?? ''),
    subject: ours(roster.command('drill-subject')),
  };
}
