import { Migration } from '@mikro-orm/migrations';

export class Migration20261127094800_login_link_session extends Migration {
  override name = 'Migration20261127094800_login_link_session';

  override up(): void | Promise<void> {
    this.addSql(`alter table "login_link" add "session_id" text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "login_link" drop column "session_id";`);
  }
}
