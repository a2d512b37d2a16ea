import { Migration } from '@mikro-orm/migrations';

export class Migration20261127220051_announcements extends Migration {
  override name = 'Migration20261127220051_announcements';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "announcement" ("id" text not null, "kind" text not null, "title_ru" text not null, "title_en" text not null, "touches" text not null, "starts_at" timestamptz(6) not null, "ends_at" timestamptz(6) null, "withdrawn_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "announcement_starts_idx" on "announcement" ("starts_at", "id");`);

    this.addSql(
      `create table "announcement_update" ("id" text not null, "announcement_id" text not null, "at" timestamptz(6) not null, "step" text null, "text_ru" text not null, "text_en" text not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "announcement_update_idx" on "announcement_update" ("announcement_id", "id");`,
    );

    this.addSql(
      `alter table "announcement" add constraint "announcement_kind_check" check (kind in ('incident', 'maintenance'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "announcement" cascade;`);
    this.addSql(`drop table if exists "announcement_update" cascade;`);
  }
}
