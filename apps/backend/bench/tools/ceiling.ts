/** What PostgreSQL can do here: a script run by pgbench, or by a bare client where it is absent. */
import { spawn, spawnSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { p99, type Timed } from './latency.ts';
import { nextTurn } from './unique.ts';

export type Script = Readonly<{
  /** Run in this order as one transaction of the measure; `:n` is its number, nobody else's. */
  statements: readonly string[];
}>;

/** A number of transactions has numbers without gaps, so that their rows can be made before. */
export type Length = Readonly<
  { seconds: number } | { transactionsPerClient: number; firstNumber: number }
>;

export type Ceiling = (script: Script, length: Length) => Promise<Timed>;

export const CLIENTS = 16;
const THREADS = 2;
/** Of pgbench's transactions; writing all of them down would slow the ceiling. */
const LOGGED_SHARE = 0.1;
const NUMBERS_PER_CLIENT = 1_000_000;

export function openCeiling(
  url: string,
  folder: string,
  clients = CLIENTS,
): { run: Ceiling; name: string } {
  const hasPgbench = spawnSync('pgbench', ['--version']).status === 0;
  return hasPgbench
    ? { name: `pgbench, ${String(clients)} clients`, run: pgbench(url, folder, clients) }
    : {
        name: `a bare client with ${String(clients)} connections (pgbench is absent)`,
        run: bareClient(url, clients),
      };
}

function pgbench(url: string, folder: string, clients: number): Ceiling {
  return async (script, length) => {
    const { first, perClient } = numbersOf(length);
    const numbering = `\\set n ${String(first)} + :client_id * ${String(perClient)} + :k\n\\set k :k + 1\n`;
    const ended = script.statements.map((statement) => `${statement};`);
    const file = join(folder, 'ceiling.pgbench');
    await writeFile(file, `${numbering}${ended.join('\n')}\n`);
    const { hostname, port, username, password, pathname } = new URL(url);
    const output = await outputOf(
      [
        ['--no-vacuum', '-M', 'prepared', '-c', String(clients), '-j', String(THREADS)],
        'seconds' in length
          ? ['-T', String(length.seconds)]
          : ['-t', String(length.transactionsPerClient)],
        ['--log', '--sampling-rate', String(LOGGED_SHARE)],
        ['-D', 'k=0', '-f', file, '-h', hostname, '-p', port, '-U', username, pathname.slice(1)],
      ].flat(),
      password,
      folder,
    );
    const tps = /tps = ([\d.]+) \((?:without|excluding)/.exec(output)?.[1];
    if (tps === undefined) throw new Error(`pgbench gave no figure:\n${output}`);
    return { perSecond: Number(tps), p99Ms: p99(await readLatencies(folder)) };
  };
}

function numbersOf(length: Length): { first: number; perClient: number } {
  return 'seconds' in length
    ? { first: nextTurn(), perClient: NUMBERS_PER_CLIENT }
    : { first: length.firstNumber, perClient: length.transactionsPerClient };
}

/** Takes pgbench's logs out of the folder: `client transaction microseconds ...` a line. */
async function readLatencies(folder: string): Promise<number[]> {
  const logs = (await readdir(folder)).filter((name) => name.startsWith('pgbench_log.'));
  const texts = await Promise.all(
    logs.map(async (name) => {
      const text = await readFile(join(folder, name), 'utf8');
      await rm(join(folder, name));
      return text;
    }),
  );
  return texts.flatMap((text) =>
    text
      .trim()
      .split('\n')
      .map((line) => Number(line.split(' ')[2]) / 1000),
  );
}

async function outputOf(args: readonly string[], password: string, cwd: string): Promise<string> {
  const child = spawn('pgbench', args, {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  }
  const code = await new Promise((resolve) => child.once('close', resolve));
  if (code !== 0) throw new Error(`pgbench failed:\n${text}`);
  return text;
}

function bareClient(url: string, clients: number): Ceiling {
  return async (script, length) => {
    const { fork } = await import('node:child_process');
    const child = fork(join(import.meta.dirname, '../raw/client.ts'));
    child.send({
      url,
      script,
      length,
      clients,
      ...numbersOf(length),
    });
    return new Promise((resolve, reject) => {
      child.once('message', (timed) => {
        child.kill();
        resolve(timed as Timed); // what the bare client sends
      });
      child.once('exit', (code) => reject(new Error(`the bare client left (${String(code)})`)));
    });
  };
}
