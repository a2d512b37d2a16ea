import { Migration } from '@mikro-orm/migrations';

export class Migration20261127213345_api_key extends Migration {
  override name = 'Migration20261127213345_api_key';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "api_key" ("id" text not null, "person_id" text not null, "kind" text not null, "public_id" text not null, "secret_hash" text not null, "prefix" text not null, "name" text not null, "scopes" text not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, "revoked_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "api_key_person_idx" on "api_key" ("person_id");`);
    this.addSql(
      `create index "api_key_revoked_idx" on "api_key" ("revoked_at", "id") where revoked_at is not null;`,
    );
    this.addSql(
      `alter table "api_key" add constraint "api_key_public_id_key" unique ("public_id");`,
    );

    this.addSql(
      `alter table "api_key" add constraint "api_key_kind_check" check (kind in ('staff', 'customer'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "api_key" cascade;`);
  }
}
