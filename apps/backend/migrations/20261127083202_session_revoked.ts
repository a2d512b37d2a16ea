import { Migration } from '@mikro-orm/migrations';

export class Migration20261127083202_session_revoked extends Migration {
  override name = 'Migration20261127083202_session_revoked';

  override up(): void | Promise<void> {
    this.addSql(
      `create index "session_revoked_idx" on "session" ("revoked_at", "id") where revoked_at is not null;`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop index "session_revoked_idx";`);
  }
}
