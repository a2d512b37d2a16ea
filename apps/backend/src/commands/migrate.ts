import { join } from 'node:path';
import { loadConfig } from '../config/load.ts';
import { openMigrations, type Migrations } from '../operations/migrations/runner.ts';
import { systemClock } from '../platform/clock/index.ts';

export const help = `opora migrate <create|up|down|status>

  create <slug>   writes apps/backend/migrations/<timestamp>_<slug>.ts from the model
  up              applies what is pending (and the job queue's own tables)
  down            takes the newest one back
  status          lists what ran and what is pending; exit 1 when something is pending`;

const EXIT_USAGE = 64;

export async function run(args: readonly string[]): Promise<number> {
  const [action, slug] = args;
  const config = loadConfig();
  const ownerUrl = config.database.ownerUrl?.reveal();
  if (ownerUrl === undefined) {
    process.stderr.write('no database yet: run `npm start` once, or set DATABASE_URL\n');
    return 1;
  }
  const migrations = await openMigrations({
    ownerUrl,
    applicationRole: new URL(config.database.url?.reveal() ?? ownerUrl).username,
    folder: join(config.root, 'apps/backend/migrations'),
    now: () => systemClock.now(),
  });
  try {
    return await act(migrations, action, slug);
  } finally {
    await migrations.close();
  }
}

async function act(
  migrations: Migrations,
  action: string | undefined,
  slug: string | undefined,
): Promise<number> {
  if (action === 'up') {
    const done = await migrations.up();
    print(done.length === 0 ? 'migrations: nothing to do' : `migrated: ${done.join(', ')}`);
    return 0;
  }
  if (action === 'down') {
    print(`taken back: ${(await migrations.down()) ?? 'nothing'}`);
    return 0;
  }
  if (action === 'status') {
    const { executed, pending } = await migrations.status();
    print(
      [
        ...executed.map((name) => `done     ${name}`),
        ...pending.map((name) => `pending  ${name}`),
      ].join('\n'),
    );
    return pending.length === 0 ? 0 : 1;
  }
  if (action === 'create' && slug !== undefined && /^[a-z][a-z0-9_]{0,60}$/.test(slug)) {
    print((await migrations.create(slug)) ?? 'the model has not changed');
    return 0;
  }
  print(help);
  return EXIT_USAGE;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
