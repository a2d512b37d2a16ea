import { good, PAGES, skipped, warning, wrong, type Check } from '../check.ts';
import type { DatabaseLine } from '../database-line.ts';

type Rights = {
  role: string;
  made: boolean;
  superuser: boolean;
  /** Tables the role may not read or add rows to. */
  closed: number;
  /** It may change or delete what is written in the ledger. */
  rewrites: boolean;
};

const RIGHTS = `
  select current_user as role,
         to_regclass('public.ledger_transfer') is not null as made,
         (select rolsuper from pg_roles where rolname = current_user) as superuser,
         (select count(*)::int from pg_class
           where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'migration'
             and not (has_table_privilege(oid, 'select') and has_table_privilege(oid, 'insert'))
         ) as closed,
         coalesce(has_table_privilege(to_regclass('public.ledger_transfer'), 'update')
               or has_table_privilege(to_regclass('public.ledger_transfer'), 'delete'), false) as rewrites`;

/** The application's role can do its work and cannot change the past; the owner can be reached. */
export function checkDatabaseRoles(app: DatabaseLine, owner: DatabaseLine): Check {
  return {
    name: 'database roles',
    async run() {
      if (!(await app.answers())) return skipped('needs the database');
      const rights = await app.one<Rights>(RIGHTS);
      if (!rights.made) return skipped('needs the migrations');
      if (rights.closed > 0) {
        return wrong(`${rights.role} may not use ${String(rights.closed)} tables`, {
          mend: '`npx opora migrate up` gives it its rights, with DATABASE_OWNER_URL set',
          page: PAGES.toReal,
        });
      }
      if (!(await owner.answers())) {
        return wrong('the owner of the schema cannot log in: nothing could be migrated', {
          mend: 'mend DATABASE_OWNER_URL: role, password, database',
          page: PAGES.toReal,
        });
      }
      if (rights.superuser || rights.rewrites) {
        return warning(`${rights.role} may rewrite the ledger`, {
          mend: 'two roles: the owner in DATABASE_OWNER_URL, another in DATABASE_URL, `migrate up`',
          page: PAGES.toReal,
        });
      }
      return good(`${rights.role} adds to the ledger and cannot change it; the owner can log in`);
    },
  };
}
