import { readdir } from 'node:fs/promises';
import { good, PAGES, skipped, warning, wrong, type Check } from '../check.ts';
import type { DatabaseLine } from '../database-line.ts';

/** The schema is the one of this program: every migration of `folder` ran, and no other. */
export function checkMigrations(line: DatabaseLine, folder: string): Check {
  return {
    name: 'migrations',
    async run() {
      if (!(await line.answers())) return skipped('needs the database');
      const files = (await readdir(folder)).filter((file) => /^\d{14}_.*\.ts$/.test(file));
      const wanted = files.map((file) => file.replace(/\.ts$/, ''));
      const { made } = await line.one<{ made: boolean }>(
        `select to_regclass('public.migration') is not null as made`,
      );
      const rows = made ? await line.all<{ name: string }>('select name from migration') : [];
      const done = rows.map(({ name }) => name.replace(/\.ts$/, ''));
      const pending = wanted.filter((name) => !done.includes(name));
      const unknown = done.filter((name) => !wanted.includes(name));
      if (pending.length > 0) {
        return wrong(`${String(pending.length)} of ${String(wanted.length)} did not run yet`, {
          mend: '`npx opora migrate up` (each start of the local platform does it)',
          page: PAGES.start,
        });
      }
      if (unknown.length > 0) {
        return warning(`a newer program changed this database: ${unknown.join(', ')}`, {
          mend: 'run the newer program; to go back for good, `opora migrate down` of the newer one',
          page: PAGES.start,
        });
      }
      return good(`all ${String(wanted.length)} ran`);
    },
  };
}
