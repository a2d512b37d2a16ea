import { inheritedEnvironment, loadConfig } from '../config/load.ts';
import { currentHome, ensureLocalState } from '../operations/local-state.ts';
import { startPlatform } from '../operations/local-platform/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { systemIds } from '../platform/ids/index.ts';

export const help = `opora up

  Starts the whole platform in the foreground: database, migrations, product, simulators, roles,
  web. Ready when it prints "opora: ready". Ctrl-C ends it in order; again after 2 s, at once.

  OPORA_HOME       where its state lives (default .opora)
  OPORA_PORT_BASE  the web's port; all others follow (default 5000)
  OPORA_PRODUCT    which product is sold (default 2getpro)
  OPORA_SIMULATORS off: no simulated outside world`;

const EXIT_USAGE = 64;
/** npm relays the Ctrl-C that the terminal delivered already; only a later one means "now". */
const INSIST_AFTER_MS = 2000;

export async function run(args: readonly string[]): Promise<number> {
  if (args.length > 0) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  const { ports } = loadConfig();
  const home = currentHome();
  await ensureLocalState({ home, ports, clock: systemClock, ids: systemIds });
  const config = loadConfig(inheritedEnvironment({ OPORA_HOME: home }));
  const platform = await startPlatform(config, {
    clock: systemClock,
    chance: systemIds.chance,
    write: (line) => void process.stdout.write(`${line}\n`),
    colours: process.stdout.isTTY,
  });
  let askedAtMs: number | undefined;
  // Of a terminal it says that the terminal is gone; without one it is what logrotate sends, and
  // the files of the log need no telling.
  const hasTerminal = [process.stdin, process.stdout, process.stderr].some(({ isTTY }) => isTTY);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal === 'SIGHUP' && !hasTerminal) return;
      if (askedAtMs !== undefined && signal === 'SIGINT') {
        if (systemClock.monotonicMs() - askedAtMs > INSIST_AFTER_MS) platform.killAll();
      }
      askedAtMs ??= systemClock.monotonicMs();
      void platform.stop(signal);
    });
  }
  return await platform.ended;
}
