import { Migration } from '@mikro-orm/migrations';

export class Migration20261127222302_breaker_force extends Migration {
  override name = 'Migration20261127222302_breaker_force';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "breaker_force" ("dependency" text not null, "position" text not null, "until" timestamptz(6) not null, "act_id" text not null, primary key ("dependency"));`,
    );

    this.addSql(
      `alter table "breaker_force" add constraint "breaker_force_check" check (position in ('open', 'closed'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "breaker_force" cascade;`);
  }
}
