/** A drill that is told to leave in its middle leaves nothing behind: no process, no folder. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../src/platform/clock/index.ts';

const LIMIT_MS = 180_000;
const GONE_WITHIN_MS = 20_000;
const MAIN = join(import.meta.dirname, '../src/main.ts');

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'opora-signals-'));
});
afterEach(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));

describe.skipIf(process.platform !== 'linux')('a drill', () => {
  it.each([
    ['payments', 'SIGTERM', 143, /waiting for quiet|it runs in/],
    ['crash-points', 'SIGINT', 130, /points, ending at/],
    ['crash-points', 'SIGHUP', 129, /points, ending at/],
  ] as const)(
    '%s ended by %s leaves no process and no folder behind',
    { timeout: LIMIT_MS },
    async (name, signal, code, moment) => {
      const only = name === 'payments' ? ['--providers', 'yookassa'] : [];
      const child = spawn(process.execPath, [MAIN, 'drill', name, '--short', ...only], {
        env: { ...process.env, TMPDIR: folder },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const left = new Promise<number | null>((resolve) => child.once('exit', resolve));
      await said(child.stdout, moment);
      expect((await processesOf(folder)).length).toBeGreaterThan(2);
      child.kill(signal);
      expect(await left).toBe(code);
      expect(await readdir(folder)).toEqual([]);
      expect(await stillThere(folder)).toEqual([]);
    },
  );
});

function said(output: NodeJS.ReadableStream, words: RegExp): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    output.on('data', (piece: Buffer) => {
      text += piece.toString();
      if (words.test(text)) resolve();
    });
    output.once('end', () => {
      reject(new Error(`it ended before: ${text}`));
    });
  });
}

/** A process that was killed is seen for a moment more. */
async function stillThere(mark: string): Promise<string[]> {
  const sinceMs = systemClock.monotonicMs();
  for (;;) {
    const found = await processesOf(mark);
    const isOver = systemClock.monotonicMs() - sinceMs > GONE_WITHIN_MS;
    if (found.length === 0 || isOver) return found;
    await systemClock.sleep(200);
  }
}

/** Everything the drill began inherits its environment. */
async function processesOf(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      return environment.includes(mark) ? [pid] : [];
    }),
  );
  return found.flat();
}
