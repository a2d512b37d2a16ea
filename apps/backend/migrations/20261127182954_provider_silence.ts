import { Migration } from '@mikro-orm/migrations';

export class Migration20261127182954_provider_silence extends Migration {
  override name = 'Migration20261127182954_provider_silence';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "provider_silence" ("id" text not null, "provider" text not null, "since" timestamptz(6) not null, "until" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "provider_silence_one_key" on "provider_silence" ("provider") where until is null;`,
    );

    this.addSql(
      `create index "reconciliation_run_started_idx" on "reconciliation_run" ("started_at", "id");`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "provider_silence" cascade;`);

    this.addSql(`drop index "reconciliation_run_started_idx";`);
  }
}
