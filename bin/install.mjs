// Installs what the lockfile names, once: two first starts at the same moment wait for each other,
// because two `npm ci` in one folder destroy each other's work.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { constants } from 'node:os';
import { basename, dirname, join } from 'node:path';

const TOUCH_EVERY_MS = 5_000;
const STALE_AFTER_MS = 30_000;
const LOOK_EVERY_MS = 250;
const RELAYED = ['SIGINT', 'SIGTERM', 'SIGHUP'];
// What a caller's npm was told (one workspace, no development packages) must not shrink our install.
const NOT_INHERITED =
  /^(NODE_ENV|npm_config_(workspaces?|include_workspace_root|omit|include|only|production|dry_run|global))$/i;

/** A failure the person at the terminal can act on: printed as one line, without a stack. */
export class BootstrapFailure extends Error {
  exitCode;

  constructor(message, exitCode = 1) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Runs `npm ci` in `root` unless the stamp in node_modules says that this lockfile is installed. */
export async function installWhenChanged(root) {
  const stamp = join(root, 'node_modules', '.opora-installed');
  const wanted = fingerprint(root);
  const isInstalled = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
  if (isInstalled()) return;

  const release = await lock(join(root, '.opora', 'install.lock'));
  try {
    if (isInstalled()) return;
    process.stderr.write('opora: installing what package-lock.json names (once)\n');
    await npmCi(root);
    writeFileSync(stamp, wanted);
  } finally {
    release();
  }
}

function fingerprint(root) {
  const lockfile = readFileSync(join(root, 'package-lock.json'));
  const machine = `${process.platform} ${process.arch}`;
  return createHash('sha256').update(lockfile).update(machine).digest('hex');
}

/** Resolves, once the folder could be made, with the function that takes it away again. */
async function lock(folder) {
  mkdirSync(dirname(folder), { recursive: true });
  let hasToldSo = false;
  while (!tryLock(folder)) {
    if (!hasToldSo) process.stderr.write(`opora: another start is installing (${folder})\n`);
    hasToldSo = true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  const touch = setInterval(() => {
    if (existsSync(folder)) utimesSync(folder, new Date(), new Date());
  }, TOUCH_EVERY_MS);
  return () => {
    clearInterval(touch);
    rmSync(folder, { recursive: true, force: true });
  };
}

function tryLock(folder) {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if (error.code !== 'EEXIST') throw new BootstrapFailure(`cannot lock: ${error.message}`);
  }
  const touchedAt = statSync(folder, { throwIfNoEntry: false })?.mtimeMs;
  if (touchedAt !== undefined && Date.now() - touchedAt > STALE_AFTER_MS) {
    takeAway(folder);
  }
  return false;
}

/** Its owner was killed. Of several who find that out, renaming lets one win; all try again. */
function takeAway(folder) {
  const abandoned = `${folder}.${process.pid}`;
  try {
    renameSync(folder, abandoned);
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
  }
  rmSync(abandoned, { recursive: true, force: true });
}

async function npmCi(root) {
  const npm = npmCommand();
  const words = ['ci', '--include=dev', '--include=optional', '--ignore-scripts', '--no-audit'];
  const kept = Object.entries(process.env).filter(([name]) => !NOT_INHERITED.test(name));
  const child = spawn(npm.file, [...npm.words, ...words, '--no-fund', '--loglevel=error'], {
    cwd: root,
    env: Object.fromEntries(kept),
    // npm's words go to stderr: stdout belongs to the command that was asked for.
    stdio: ['ignore', 2, 2],
    shell: npm.needsShell,
  });
  const relay = (signal) => child.kill(signal);
  for (const signal of RELAYED) process.on(signal, relay);
  const ending = await new Promise((resolve) => {
    child.once('error', (error) => resolve({ error }));
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  for (const signal of RELAYED) process.off(signal, relay);

  if (ending.error) throw new BootstrapFailure(`npm could not be run: ${ending.error.message}`);
  if (ending.signal) {
    const exitCode = 128 + constants.signals[ending.signal];
    throw new BootstrapFailure(`the installation was ended by ${ending.signal}`, exitCode);
  }
  if (ending.code !== 0) {
    throw new BootstrapFailure(
      'npm ci failed: its own lines above say why; without them, look whether the registry is in reach',
    );
  }
}

/** npm as the running Node can execute it: the one that called us, Node's own, else from PATH. */
function npmCommand() {
  const caller = process.env.npm_execpath ?? '';
  const beside = dirname(process.execPath);
  const scripts = [
    basename(caller) === 'npx-cli.js' ? join(dirname(caller), 'npm-cli.js') : '',
    basename(caller) === 'npm-cli.js' ? caller : '',
    join(beside, '..', 'lib', 'node_modules', 'npm', 'bin', 'npm-cli.js'),
    join(beside, 'node_modules', 'npm', 'bin', 'npm-cli.js'),
  ];
  const script = scripts.find((path) => path !== '' && existsSync(path));
  if (script) return { file: process.execPath, words: [script], needsShell: false };
  return { file: 'npm', words: [], needsShell: process.platform === 'win32' };
}
