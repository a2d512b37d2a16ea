/**
 * From nothing to `opora: ready`, again with everything there, and what each role holds when
 * nobody wants anything. In its own OPORA_HOME, with its own ports.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { rootFolder } from '../src/config/load.ts';
import { askSupervisor } from '../src/operations/control/index.ts';
import { systemClock } from '../src/platform/clock/index.ts';
import type { Lifecycle } from '../src/platform/lifecycle/index.ts';
import { single, type Result } from './tools/rounds.ts';
import { freePortBase, openHome } from './tools/world.ts';
import { TARGETS } from './targets.ts';

/** Far above the promise: a slow start is a figure, only a hanging one is a failure. */
const READY_WITHIN_MS = 10 * 60_000;
const REST_MS = 10_000;
const LEAVE_WITHIN_MS = 60_000;
const MEGABYTE = 1024 * 1024;

export async function benchStart(lifecycle: Lifecycle): Promise<Result[]> {
  const home = await openHome(lifecycle);
  const environment = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    OPORA_ENV: 'development',
    OPORA_HOME: home,
    OPORA_PORT_BASE: String(await freePortBase()),
    OPORA_SIMULATORS: 'on',
  };
  const first = await start(environment, lifecycle);
  await first.end();
  const warm = await start(environment, lifecycle);
  await systemClock.sleep(REST_MS);
  const { children } = await askSupervisor(home, { command: 'status' });
  await warm.end();
  return [
    single(
      {
        name: 'first start',
        target: TARGETS.firstStart,
        note: 'database made, migrated, seeded, site built; the installation itself is not in it',
      },
      first.seconds,
    ),
    single({ name: 'warm start', target: TARGETS.warmStart, note: '' }, warm.seconds),
    ...children.map(({ name, memoryBytes }) =>
      single(
        {
          name: `memory ${name}`,
          target: TARGETS.memory,
          note: '',
        },
        (memoryBytes ?? NaN) / MEGABYTE,
      ),
    ),
  ];
}

async function start(
  environment: Readonly<Record<string, string | undefined>>,
  lifecycle: Lifecycle,
): Promise<{ seconds: number; end(): Promise<void> }> {
  const since = performance.now();
  const child = spawn(process.execPath, [join(rootFolder, 'bin/run.mjs'), 'opora', 'up'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const left = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await Promise.race([left, systemClock.sleep(LEAVE_WITHIN_MS)]);
  };
  lifecycle.onStop('opora up', end);
  await untilReady(child);
  return { seconds: (performance.now() - since) / 1000, end };
}

async function untilReady(child: ChildProcess): Promise<void> {
  const ready = Promise.withResolvers<undefined>();
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-4_000);
      if (/^opora: ready$/m.test(said)) ready.resolve(undefined);
    });
  }
  child.once('close', (code) => ready.reject(new Error(`left with ${String(code)}:\n${said}`)));
  const late = new AbortController();
  await Promise.race([
    ready.promise,
    systemClock.sleep(READY_WITHIN_MS, late.signal).then(() => {
      if (!late.signal.aborted) throw new Error(`not ready in time:\n${said}`);
    }),
  ]).finally(() => late.abort());
}
