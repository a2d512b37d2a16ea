import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { withLock } from './lock.mjs';

/**
 * Builds are kept by the hash of their sources: a start with unchanged sources builds nothing, and
 * going back to an earlier version finds it ready. Nothing here needs a network.
 */
const WEB = path.resolve(import.meta.dirname, '..');
const ROOT = path.resolve(WEB, '../..');
const SOURCES = [
  'apps/web',
  'packages/kernel/src',
  'packages/contracts/src',
  'packages/lint/tsconfig.base.json',
  'package-lock.json',
];
/** Made by builds and tests, or read only when the process runs. */
const NOT_A_SOURCE =
  /^(?:node_modules|\.next|next-env\.d\.ts|start\.mjs|server|.*\.test\.tsx?|.*\.tsbuildinfo)$/;
const KEPT_MAX = 3;
const HASH_DIGITS = 16;
const COMPLAINT_MAX = 4_000;

/**
 * The folder of the finished build, made when it is not there yet.
 * @param {{ home: string, signal: AbortSignal, say: (line: string) => void }} options
 * @returns {Promise<string>} folder with `apps/web/server.js` in it
 */
export async function ensureBuild({ home, signal, say }) {
  const builds = path.join(home, 'web');
  const folder = path.join(builds, await hashSources());
  if (!(await exists(folder))) {
    await mkdir(builds, { recursive: true });
    // One build at a time in a checkout: they share the folder `.next`.
    await withLock(path.join(ROOT, 'node_modules/.cache/opora-web.lock'), signal, async () => {
      if (await exists(folder)) return;
      const startedAt = performance.now();
      say('building the site, only after its sources changed');
      await nextBuild(signal);
      await keep(folder, builds);
      say(`site built in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    });
  }
  const now = new Date();
  await utimes(folder, now, now);
  await forgetOld(builds);
  return folder;
}

/** Sixteen hexadecimal digits over names and contents of everything that decides about the build. */
export async function hashSources() {
  const hash = createHash('sha256').update(
    `${process.version} ${process.platform} ${process.arch}`,
  );
  for (const source of SOURCES) {
    for (const file of await listFiles(path.join(ROOT, source))) {
      const content = await readFile(file);
      hash.update(`\n${path.relative(ROOT, file)} ${String(content.length)}\n`).update(content);
    }
  }
  return hash.digest('hex').slice(0, HASH_DIGITS);
}

/**
 * @param {string} place a file or a folder
 * @returns {Promise<string[]>} files in an order that is the same everywhere
 */
async function listFiles(place) {
  if ((await stat(place)).isFile()) return [place];
  const entries = await readdir(place, { withFileTypes: true });
  const names = entries.map(({ name }) => name).filter((name) => !NOT_A_SOURCE.test(name));
  const lists = await Promise.all(names.sort().map((name) => listFiles(path.join(place, name))));
  return lists.flat();
}

/** @param {AbortSignal} signal */
function nextBuild(signal) {
  const next = createRequire(path.join(WEB, 'package.json')).resolve('next/dist/bin/next');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [next, 'build'], {
      cwd: WEB,
      env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
      signal,
      killSignal: 'SIGTERM',
    });
    let said = '';
    const listen = (/** @type {Buffer} */ chunk) => {
      said = (said + chunk.toString()).slice(-COMPLAINT_MAX);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(undefined);
      else reject(new Error(`the site did not build (exit ${String(code)}):\n${said}`));
    });
  });
}

/**
 * Copies the build beside its final place and renames it, so that nobody ever sees a half of one.
 * The lock is held here, so a draft that is already there was left by a killed process.
 * @param {string} folder
 * @param {string} builds
 */
async function keep(folder, builds) {
  const draft = path.join(builds, 'draft');
  await rm(draft, { recursive: true, force: true });
  const dist = path.join(WEB, '.next');
  const plain = { recursive: true, verbatimSymlinks: true };
  await cp(path.join(dist, 'standalone'), draft, plain);
  await cp(path.join(dist, 'static'), path.join(draft, 'apps/web/.next/static'), plain);
  if (await exists(path.join(WEB, 'public'))) {
    await cp(path.join(WEB, 'public'), path.join(draft, 'apps/web/public'), plain);
  }
  await rename(draft, folder);
}

/**
 * Keeps the builds used last: the running one and two older for going back.
 * @param {string} builds
 */
async function forgetOld(builds) {
  const names = (await readdir(builds)).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const aged = await Promise.all(
    names.map(async (name) => {
      const folder = path.join(builds, name);
      return { folder, usedAt: (await stat(folder)).mtimeMs };
    }),
  );
  aged.sort((one, other) => other.usedAt - one.usedAt);
  await Promise.all(
    aged.slice(KEPT_MAX).map(({ folder }) => rm(folder, { recursive: true, force: true })),
  );
}

/** @param {string} place */
function exists(place) {
  return stat(place).then(
    () => true,
    () => false,
  );
}
