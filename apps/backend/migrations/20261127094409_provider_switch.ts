import { Migration } from '@mikro-orm/migrations';

export class Migration20261127094409_provider_switch extends Migration {
  override name = 'Migration20261127094409_provider_switch';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "provider_switch" ("provider" text not null, "off_since" timestamptz(6) not null, "act_id" text not null, primary key ("provider"));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "provider_switch" cascade;`);
  }
}
