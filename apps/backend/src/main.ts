/**
 * `opora <role|command> [args]`: the one program of the back end. A role serves until it is told
 * to leave; a command does its work and answers with an exit code. Each is imported only when
 * asked for, so that a small command stays small.
 */
import { ConfigurationInvalid, EXIT_CONFIGURATION, loadConfig } from './config/load.ts';
import type { Config } from './config/shape.ts';
import { placeHome } from './operations/local-state.ts';
import { describeFailure } from './operations/process/describe-failure.ts';
import { createRoleLog } from './operations/process/role-log.ts';
import { runRole } from './operations/process/run-role.ts';
import { systemClock } from './platform/clock/index.ts';
import type { Running } from './platform/lifecycle/index.ts';
import { redact } from './platform/log/index.ts';

interface RoleFile {
  start(config: Config, instance: number): Promise<Running>;
}

interface CommandFile {
  /** What `opora <command> --help` prints; its first line is the usage. */
  readonly help: string;
  /** Resolves with the exit code; a failure is thrown. */
  run(args: string[]): Promise<number>;
}

type Entry<File> = Readonly<{ about: string; load: () => Promise<File> }>;

const COMMANDS: Readonly<Record<string, Entry<CommandFile>>> = {
  up: { about: 'start the whole platform here', load: () => import('./commands/up.ts') },
  status: { about: 'what runs, since when, where', load: () => import('./commands/status.ts') },
  restart: { about: 'restart one role', load: () => import('./commands/restart.ts') },
  reload: { about: 'read the settings again', load: () => import('./commands/reload.ts') },
  logs: { about: 'what the roles wrote', load: () => import('./commands/logs.ts') },
  stop: { about: 'end the platform', load: () => import('./commands/stop.ts') },
  migrate: { about: 'change the schema', load: () => import('./commands/migrate.ts') },
  'owner-code': {
    about: 'a way in for the first owner, or back in',
    load: () => import('./commands/owner-code.ts'),
  },
  sessions: { about: 'sign people out', load: () => import('./commands/sessions.ts') },
  seed: { about: 'load the product', load: () => import('./commands/seed.ts') },
  payments: {
    about: 'reconcile with a provider; why a notice was refused',
    load: () => import('./commands/payments.ts'),
  },
  doctor: {
    about: 'what is wrong, and where to get it',
    load: () => import('./commands/doctor.ts'),
  },
  keys: { about: 'new keys, without a failure', load: () => import('./commands/keys.ts') },
  audit: { about: 'was the audit log touched?', load: () => import('./commands/audit.ts') },
  panel: { about: 'our books against the panel', load: () => import('./commands/panel.ts') },
  config: { about: 'the settings in force', load: () => import('./commands/config.ts') },
  drill: { about: 'prove a promise by breaking', load: () => import('./commands/drill.ts') },
};

const ROLES: Readonly<Record<string, Entry<RoleFile>>> = {
  gateway: { about: 'the public door', load: () => import('./roles/gateway.ts') },
  auth: { about: 'identity: sign-in, sessions, keys', load: () => import('./roles/auth.ts') },
  api: { about: 'HTTP API', load: () => import('./roles/api.ts') },
  bot: { about: 'the Telegram bot', load: () => import('./roles/bot.ts') },
  worker: { about: 'jobs', load: () => import('./roles/worker.ts') },
  monitor: { about: 'watches the others', load: () => import('./roles/monitor.ts') },
  database: { about: 'the embedded PostgreSQL', load: () => import('./roles/database.ts') },
  'drill-subject': {
    about: 'what a drill observes; nowhere else',
    load: () => import('./roles/drill-subject.ts'),
  },
};

const EXIT_USAGE = 64;
const INSTANCES_MAX = 99;

// The reader of our output may leave first (`npm start | head`): that is not our failure.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const exitCode = await main(process.argv.slice(2));
  if (exitCode !== undefined) {
    // What was written to a slow reader may still be on its way: an exit would cut it off.
    process.stdout.write('', () => process.exit(exitCode));
  }
} catch (error) {
  const wrong = error instanceof ConfigurationInvalid;
  process.stderr.write(`opora: ${wrong ? error.message : redact(describeFailure(error))}\n`);
  process.exit(wrong ? EXIT_CONFIGURATION : 1);
}

/** The exit code of a command; undefined when a role runs on. */
async function main([name = '--help', ...args]: string[]): Promise<number | undefined> {
  const asksHelp = args.includes('--help') || args.includes('-h');
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(usage());
    return 0;
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) {
    const file = await command.load();
    if (!asksHelp) {
      placeHome();
      return await file.run(args);
    }
    process.stdout.write(`${file.help.trimEnd()}\n`);
    return 0;
  }
  const role = Object.hasOwn(ROLES, name) ? ROLES[name] : undefined;
  const instance = instanceOf(args);
  if (role === undefined || (instance === undefined && !asksHelp)) {
    process.stderr.write(`opora: cannot do ${JSON.stringify([name, ...args].join(' '))}\n\n`);
    process.stderr.write(usage());
    return EXIT_USAGE;
  }
  if (asksHelp || instance === undefined) {
    process.stdout.write(`opora ${name} [--instance N]\n\n  the role: ${role.about}\n`);
    return 0;
  }
  placeHome();
  const config = loadConfig();
  const { start } = await role.load();
  runRole({
    start: () => start(config, instance),
    clock: systemClock,
    log: createRoleLog(config, name, { instance }),
  });
  return undefined;
}

function instanceOf(args: readonly string[]): number | undefined {
  if (args.length === 0) return 0;
  const [flag, value = '', ...rest] = args;
  const fits = flag === '--instance' && /^\d{1,2}$/.test(value) && rest.length === 0;
  return fits && Number(value) <= INSTANCES_MAX ? Number(value) : undefined;
}

function usage(): string {
  const lines = (entries: Readonly<Record<string, Entry<unknown>>>): string =>
    Object.entries(entries)
      .map(([name, { about }]) => `  ${name.padEnd(10)} ${about}`)
      .join('\n');
  return (
    'opora <command> [args]   (--help after a command says more)\n\n' +
    `${lines(COMMANDS)}\n\nroles, each a process of its own: opora <role> [--instance N]\n\n${lines(ROLES)}\n\n` +
    'exit codes: 0 done, 1 failed, 64 usage, 78 configuration\n'
  );
}
