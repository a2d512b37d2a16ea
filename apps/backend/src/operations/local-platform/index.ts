/**
 * The local platform from nothing to "ready" and back: takes the home, starts what the roster
 * names in the order of need, answers on the control socket, writes the one stream of logs.
 */
import type { Clock } from '@opora/kernel';
import { secretValues, type Config } from '../../config/shape.ts';
import { openControl, type Control, type ControlAnswer } from '../control/index.ts';
import { createRedactor } from '../../platform/log/index.ts';
import { asLogLine } from '../role-logs/line.ts';
import { logFile, openLogFile } from '../role-logs/log-file.ts';
import { coloured, plain, present } from '../role-logs/present.ts';
import { answerControl } from './answer-control.ts';
import { checkPorts, PortsTaken } from './check-ports.ts';
import { createSupervisor, type ChildSpec, type Supervisor } from '../supervisor/index.ts';
import { endPreviousRun } from './previous-run.ts';
import { reload } from './reload.ts';
import { rosterOf } from './roster.ts';
import { unlockWorkers } from './unlock-workers.ts';

export interface LocalPlatform {
  /** Resolves with the exit code when everything has left. */
  readonly ended: Promise<number>;
  stop(reason: string): Promise<void>;
  killAll(): void;
}

type Deps = Readonly<{
  clock: Clock;
  chance: () => number;
  write: (line: string) => void;
  colours: boolean;
}>;

/** A step of the start failed; without a message it has said why already. */
class StartFailed extends Error {}

/** Resolves as soon as the home is taken; throws `AlreadyRunning`. */
export async function startPlatform(config: Config, deps: Deps): Promise<LocalPlatform> {
  let ready = false;
  const watched: { control?: Control } = {};
  const supervisor = createSupervisor({
    ...deps,
    ...outputOf(config, deps),
    onChange: () => watched.control?.changed(),
  });
  const control = await openControl(config.home, async (request): Promise<ControlAnswer> => {
    if (request.command === 'stop') void stop('opora stop');
    return await answerControl(supervisor, request, {
      isReady: () => ready,
      reload: () => reload(config, supervisor, (ms) => deps.clock.sleep(ms)),
    });
  });
  watched.control = control;

  async function stop(reason: string): Promise<void> {
    if (!supervisor.stopping) deps.write(`opora: stopping (${reason})`);
    await supervisor.stop();
  }

  async function live(): Promise<number> {
    try {
      const ownerCode = await bringUp(config, supervisor, deps);
      ready = !supervisor.stopping;
      if (ready) deps.write(['opora: ready', ...addresses(config)].join('\n'));
      if (ready && ownerCode !== undefined) deps.write(firstOwner(config, ownerCode));
      await supervisor.over;
      return 0;
    } catch (error) {
      const asked = supervisor.stopping;
      if (!asked && !(error instanceof StartFailed)) throw error;
      const words = error instanceof Error && error.message !== '' ? ` (${error.message})` : '';
      if (!asked) deps.write(`opora: the start failed${words}; ending what was started`);
      await supervisor.stop();
      return asked ? 0 : 1;
    } finally {
      await supervisor.stop();
      await control.close();
      deps.write('opora: stopped');
    }
  }

  return { ended: live(), stop, killAll: () => supervisor.killAll() };
}

/** Resolves with the code of the first owner while there is none. */
async function bringUp(
  config: Config,
  supervisor: Supervisor,
  deps: Deps,
): Promise<string | undefined> {
  const roster = rosterOf(config);
  const launch = async (specs: readonly (ChildSpec | undefined)[]): Promise<void> => {
    await Promise.all(
      specs.map(async (spec) => {
        if (spec === undefined) return;
        if ((await supervisor.launch(spec)) !== 'ready') throw new StartFailed();
      }),
    );
  };
  const command = async (...args: string[]): Promise<string[]> => {
    const said: string[] = [];
    const exitCode = await supervisor.run(roster.command(...args), (line) => said.push(line));
    if (exitCode === 0) return said;
    const clean = createRedactor(secretValues(config));
    deps.write([`opora: \`opora ${args.join(' ')}\` failed:`, ...said.map(clean)].join('\n'));
    throw new StartFailed();
  };
  const phase = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    if (supervisor.stopping) throw new StartFailed();
    const since = deps.clock.monotonicMs();
    await work();
    const seconds = ((deps.clock.monotonicMs() - since) / 1000).toFixed(1);
    deps.write(`opora: ${name.padEnd(22)} ${seconds} s`);
  };

  await phase('an earlier run is gone', () => endPreviousRun(config.home, deps.clock));
  await checkPorts(
    config.ports,
    roster.roles.map((spec) => spec.port),
  ).catch((error: unknown) => {
    if (error instanceof PortsTaken) throw new StartFailed(error.message);
    throw error;
  });
  // The site needs nothing of the others to be built, and the outside world stands alone.
  const aside = Promise.all([
    roster.web && phase('web', () => launch([roster.web])),
    roster.simulators && phase('simulators', () => launch([roster.simulators])),
  ]);
  let ownerCode: string | undefined;
  const main = (async () => {
    if (roster.database !== undefined) await phase('database', () => launch([roster.database]));
    await phase('migrations', () => command('migrate', 'up'));
    await phase('product', () => command('seed'));
    const owner = command('owner-code', '--if-none').then((said) => {
      ownerCode = said.map((line) => OWNER_CODE.exec(line)?.[1]).find((code) => code !== undefined);
    });
    await Promise.all([phase('roles', () => launch(roster.roles)), owner]);
  })();
  await Promise.all([aside, main]);
  return ownerCode;
}

/** What `opora owner-code` says. */
const OWNER_CODE = /^owner code: ([0-9A-Z-]+)$/;

function firstOwner(config: Config, code: string): string {
  const page = new URL('/admin/first-owner', config.webUrl).href;
  return `opora: nobody owns this platform yet: open ${page} and enter, within 24 hours,\n  ${code}`;
}

function outputOf(config: Config, deps: Deps) {
  const files = new Map<string, (line: string) => void>();
  const paint = deps.colours ? coloured : plain;
  const clean = createRedactor(secretValues(config));
  const emit = (spec: ChildSpec, said: string, level?: string): void => {
    const about = { at: deps.clock.now(), clean, ...(level === undefined ? {} : { level }) };
    const line = asLogLine(said, spec, about);
    const file = files.get(spec.role) ?? openLogFile(logFile(config.home, spec.role));
    files.set(spec.role, file);
    file(line);
    const name = `${spec.role}#${String(spec.instance)}`;
    deps.write(present(line, { name, at: about.at, paint }));
  };
  const say = (spec: ChildSpec, level: string, text: string): void => {
    emit(spec, text, level);
  };
  return {
    onLine: (spec: ChildSpec, line: string) => {
      emit(spec, line);
    },
    onEvent: say,
    onWorkerLost: (spec: ChildSpec, pools: readonly string[]) => {
      const url = config.database.url?.reveal();
      if (url === undefined) return;
      unlockWorkers(url, pools).catch((error: unknown) => {
        // Its lease runs out instead: seconds later, nothing lost.
        say(spec, 'warn', `jobs of the dead worker stay locked for now: ${String(error)}`);
      });
    },
  };
}

function addresses(config: Config): string[] {
  const { ports } = config;
  const local = (port: number, path = '/'): string => `http://127.0.0.1:${String(port)}${path}`;
  const simulated: Record<string, string> = {
    'chat page': local(ports.simulators, '/telegram/'),
    simulators: local(ports.simulators),
  };
  const rows = {
    ...(config.web ? { web: config.webUrl } : {}),
    ...(config.simulators ? simulated : {}),
    gateway: config.gatewayUrl,
    'system health': local(ports.monitor, '/system-health'),
  };
  return Object.entries(rows).map(([name, address]) => `  ${name.padEnd(14)} ${address}`);
}
