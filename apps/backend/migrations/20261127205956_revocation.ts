import { Migration } from '@mikro-orm/migrations';

export class Migration20261127205956_revocation extends Migration {
  override name = 'Migration20261127205956_revocation';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "revocation" ("id" text not null, "kind" text not null, "subject" text not null, "issued_before" timestamptz(6) not null, "at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "revocation_at_idx" on "revocation" ("at", "id");`);
    this.addSql(`create index "revocation_kind_idx" on "revocation" ("kind", "issued_before");`);

    this.addSql(
      `alter table "revocation" add constraint "revocation_kind_check" check (kind in ('token', 'person', 'everybody'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "revocation" cascade;`);
  }
}
