import { Migration } from '@mikro-orm/migrations';

/**
 * The books and the timeline only grow, for the owner too: what was wrong is corrected by more
 * rows. (The application's role lacks the rights as well; see `operations/migrations/privileges.ts`.)
 */
const TABLES = ['ledger_transfer', 'payment_event'] as const;

export class Migration20261121021700_ledger_append_only extends Migration {
  override name = 'Migration20261121021700_ledger_append_only';

  override up(): void {
    this.addSql(`create function refuse_change_v1() returns trigger language plpgsql as $$
      begin
        raise exception '% is append only: % refused', tg_table_name, lower(tg_op)
          using errcode = 'restrict_violation';
      end
    $$;`);
    for (const table of TABLES) {
      this.addSql(`create trigger "${table}_append_only"
        before update or delete or truncate on "${table}"
        for each statement execute function refuse_change_v1();`);
    }
  }

  override down(): void {
    for (const table of TABLES) {
      this.addSql(`drop trigger if exists "${table}_append_only" on "${table}";`);
    }
    this.addSql('drop function if exists refuse_change_v1();');
  }
}
