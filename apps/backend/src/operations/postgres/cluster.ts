/** Makes the data folder of the embedded server once; a half-made one never counts as made. */
import { execFile } from 'node:child_process';
import { chmod, chown, mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './binaries.ts';
import { explainRefusal } from './refused.ts';
import { invoke, type PostgresUser } from './unprivileged.ts';

const INITDB_TIMEOUT_MS = 120_000;
const run = promisify(execFile);

/**
 * `folder` holds `data`, which is returned. Without a password every local connection is trusted
 * (throw-away servers of tests). Throws `PostgresRefused`.
 */
export async function ensureCluster(options: {
  folder: string;
  binaries: PostgresBinaries;
  user: PostgresUser;
  password: string | undefined;
}): Promise<string> {
  const { folder, user } = options;
  const data = join(folder, 'data');
  try {
    if (await exists(join(data, 'PG_VERSION'))) {
      // Copied folders come with wider rights, which PostgreSQL refuses.
      await chmod(data, 0o700);
      return data;
    }
    const unfinished = join(folder, 'data.new');
    const passwordFile = join(folder, 'password.new');
    await rm(unfinished, { recursive: true, force: true });
    await mkdir(unfinished, { mode: 0o700 });
    await writeFile(passwordFile, `${options.password ?? ''}\n`, { mode: 0o600 });
    if (user.kind === 'other') {
      await chown(unfinished, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    try {
      await initialise(unfinished, passwordFile, options);
    } finally {
      await rm(passwordFile, { force: true });
    }
    await rename(unfinished, data);
    return data;
  } catch (error) {
    throw explainRefusal(lastWords(error), { folder });
  }
}

async function initialise(
  data: string,
  passwordFile: string,
  options: { binaries: PostgresBinaries; user: PostgresUser; password: string | undefined },
): Promise<void> {
  const access =
    options.password === undefined
      ? ['-A', 'trust']
      : ['-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  const { command, args, identity } = invoke(options.user, options.binaries.initdb, [
    '-D',
    data,
    '-U',
    'postgres',
    ...access,
    '-E',
    'UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--data-checksums',
    // Trusted servers are thrown away: nothing of theirs has to reach the disk.
    ...(options.password === undefined ? ['--no-sync'] : []),
  ]);
  await run(command, args, {
    ...identity,
    cwd: '/',
    env: { ...options.binaries.environment },
    timeout: INITDB_TIMEOUT_MS,
  });
}

function lastWords(error: unknown): string[] {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const text = stderr.trim() === '' ? String(error) : stderr;
  return text.split('\n').filter((line) => line.trim() !== '');
}

async function exists(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
      throw error;
    },
  );
}
