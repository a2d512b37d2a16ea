import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { ensureBuild } from './server/build.mjs';
import { createSiteServer } from './server/site-server.mjs';

/**
 * Starts the web: listens, builds the site when its sources changed, then serves it in this process.
 * Run by the supervisor as `node apps/web/start.mjs`; it says `{ type: 'ready' }` by IPC and leaves
 * on SIGTERM, SIGINT, or when its parent is gone. It listens on the socket the supervisor opened for its
 * port (`OPORA_OPEN_SOCKETS`), so that callers wait while there is no web.
 */
const EXIT_CONFIG = 78;
const STOP_MAX_MS = 8_000;

const { OPORA_GATEWAY_URL: gatewayUrl, OPORA_HOME, HOSTNAME: hostname = '127.0.0.1' } = process.env;
const password = process.env.OPORA_SITE_PASSWORD || undefined;
const port = Number(process.env.PORT ?? 5000);

const faults = [
  !URL.canParse(gatewayUrl ?? '') &&
    'OPORA_GATEWAY_URL: the base address of the gateway, e.g. http://127.0.0.1:5001',
  !(Number.isInteger(port) && port >= 0 && port < 65_536) && 'PORT: a port number, e.g. 5000',
].filter(Boolean);
if (gatewayUrl === undefined || faults.length > 0) {
  console.error(`web: cannot start\n  ${faults.join('\n  ')}`);
  process.exit(EXIT_CONFIG);
}

const home = path.resolve(OPORA_HOME ?? path.join(import.meta.dirname, '../../.opora'));
const leaving = new AbortController();
const site = createSiteServer({ gatewayUrl, password });

for (const signal of ['SIGTERM', 'SIGINT', 'disconnect']) process.on(signal, () => void leave(0));
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  await new Promise((resolve, reject) => {
    site.server.once('error', reject).listen(placeOf(port), () => resolve(undefined));
  });
  const folder = await ensureBuild({ home, signal: leaving.signal, say });
  site.openPages(await loadPages(folder));
  say(`ready on http://${hostname}:${String(port)}`);
  process.send?.({ type: 'ready' });
} catch (cause) {
  if (!leaving.signal.aborted) {
    console.error(`web: ${cause instanceof Error ? cause.message : String(cause)}`);
    await leave(1);
  }
}

/**
 * Next's own handler out of a finished build. The settings of the build are handed over as its own
 * server would, so nothing is read from the sources any more.
 * @param {string} folder
 */
async function loadPages(folder) {
  const dir = path.join(folder, 'apps/web');
  const made = await readFile(path.join(dir, '.next/required-server-files.json'), 'utf8');
  Object.assign(process.env, {
    NODE_ENV: 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(JSON.parse(made).config),
  });
  process.chdir(dir);
  const next = createRequire(path.join(dir, 'server.js'))('next');
  const app = next({ dev: false, dir, hostname, port });
  await app.prepare();
  return app.getRequestHandler();
}

/** @param {number} wanted */
function placeOf(wanted) {
  const pairs = (process.env.OPORA_OPEN_SOCKETS ?? '').split(',').map((pair) => pair.split('='));
  const [, descriptor] = pairs.find(([open]) => open === String(wanted)) ?? [];
  return descriptor === undefined ? { port: wanted, host: hostname } : { fd: Number(descriptor) };
}

/** @param {number} code */
async function leave(code) {
  if (leaving.signal.aborted) return;
  leaving.abort();
  setTimeout(() => process.exit(code), STOP_MAX_MS).unref();
  await site.stop();
  process.exit(code);
}

/** @param {string} line */
function say(line) {
  console.log(`web: ${line}`);
}
