import { ConfigurationInvalid, loadConfig, readEnvironment } from '../config/load.ts';
import { secretValues } from '../config/shape.ts';
import { askSupervisor, NotRunning } from '../operations/control/index.ts';
import { allChecks, examine, present } from '../operations/doctor/index.ts';
import { systemClock } from '../platform/clock/index.ts';
import { createHttpClient } from '../platform/http-client/index.ts';
import { systemIds } from '../platform/ids/index.ts';
import { createLog } from '../platform/log/index.ts';

export const help = `opora doctor [--json]

  Looks at everything that is configured: settings, ports, disk, database, clock, the bot and where
  its updates go, payments, the panel, public addresses with their certificates. Reads and asks
  only. For each: good, or what is wrong, where to get it, and which page says more.

  Exit 0 when nothing is wrong (warnings are allowed), 1 otherwise, 78 when the settings
  themselves cannot be read.`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const json = args.includes('--json');
  if (args.length > (json ? 1 : 0)) {
    process.stderr.write(`${help}\n`);
    return EXIT_USAGE;
  }
  try {
    return await consult(json);
  } catch (error) {
    // For people `main` prints the table; a machine gets the same as JSON.
    if (json && error instanceof ConfigurationInvalid) {
      process.stdout.write(`${JSON.stringify({ verdict: 'wrong', faults: error.faults })}\n`);
    }
    throw error;
  }
}

async function consult(json: boolean): Promise<number> {
  const config = loadConfig();
  const clock = systemClock;
  const http = createHttpClient({ clock });
  const running = await askSupervisor(config.home, { command: 'status' }).catch(
    (error: unknown) => {
      if (error instanceof NotRunning) return undefined;
      throw error;
    },
  );
  const log = createLog({ level: 'silent', role: 'doctor' });
  const environment = readEnvironment();
  const parts = { config, environment, running, http, clock, ids: systemIds, log };
  const { checks, close } = allChecks(parts);
  try {
    const report = await examine(checks, { clock, secrets: secretValues(config) });
    const colours = process.stdout.isTTY;
    process.stdout.write(`${json ? JSON.stringify(report) : present(report, { colours })}\n`);
    return report.verdict === 'wrong' ? 1 : 0;
  } finally {
    await Promise.all([close(), http.close()]);
  }
}
