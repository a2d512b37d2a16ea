/**
 * `npm run bench [-- name] [--json] [--report]`: what the hot paths reach of what this machine can
 * do. Exit 1 when a target is missed, unless `--report` only asks for the figures; 64 on a wrong
 * call.
 */
import { presentJson, presentTable } from './tools/present.ts';
import { BenchSkipped, type Result } from './tools/rounds.ts';
import { benchLifecycle, openWorld, type World } from './tools/world.ts';

const inWorld =
  (load: () => Promise<(world: World) => Promise<Result[]>>) =>
  async (lifecycle: World['lifecycle']): Promise<Result[]> => {
    const bench = await load();
    return bench(await openWorld(lifecycle));
  };

const BENCHES: Readonly<Record<string, (lifecycle: World['lifecycle']) => Promise<Result[]>>> = {
  notice: inWorld(async () => (await import('./notice.ts')).benchNotice),
  settle: inWorld(async () => (await import('./settle.ts')).benchSettle),
  update: inWorld(async () => (await import('./update.ts')).benchUpdate),
  read: inWorld(async () => (await import('./read.ts')).benchRead),
  gateway: inWorld(async () => (await import('./gateway.ts')).benchGateway),
  auth: inWorld(async () => (await import('./auth.ts')).benchAuth),
  start: async (lifecycle) => (await import('./start.ts')).benchStart(lifecycle),
};

const EXIT_USAGE = 64;
const FLAGS = ['--json', '--report'];

process.exit(await main(process.argv.slice(2)));

async function main(args: readonly string[]): Promise<number> {
  const names = args.filter((arg) => !arg.startsWith('-'));
  const isKnown = args.every((arg) => FLAGS.includes(arg) || Object.hasOwn(BENCHES, arg));
  if (args.includes('--help')) return usage(0);
  if (!isKnown) return usage(EXIT_USAGE);
  const results: Result[] = [];
  const failed: string[] = [];
  const skipped: string[] = [];
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (names.length > 0 && !names.includes(name)) continue;
    process.stderr.write(`bench: ${name}\n`);
    try {
      results.push(...(await runOne(bench)));
    } catch (error) {
      if (error instanceof BenchSkipped) {
        skipped.push(`${name}: SKIPPED, ${error.message}`);
        process.stderr.write(`bench: ${name} SKIPPED: ${error.message}\n`);
        continue;
      }
      // The others are still worth their figures.
      failed.push(name);
      process.stderr.write(`bench: ${name} failed: ${describe(error)}\n`);
    }
  }
  const present = args.includes('--json') ? presentJson : presentTable;
  process.stdout.write(`${present(results, { failed, skipped })}\n`);
  const missed = results.some(({ met }) => !met) && !args.includes('--report');
  return failed.length > 0 || missed ? 1 : 0;
}

async function runOne(bench: (typeof BENCHES)[string]): Promise<Result[]> {
  const lifecycle = benchLifecycle();
  const leave = (): void => void lifecycle.stop('signal').then(() => process.exit(1));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, leave);
  try {
    return await bench(lifecycle);
  } finally {
    await lifecycle.stop('done');
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, leave);
  }
}

function usage(exitCode: number): number {
  process.stderr.write(
    `npm run bench [-- <name>...] [--json] [--report]\n\n  names: ${Object.keys(BENCHES).join(' ')}\n`,
  );
  return exitCode;
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
