import { Migration } from '@mikro-orm/migrations';

export class Migration20261127083415_renewals extends Migration {
  override name = 'Migration20261127083415_renewals';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "renewal" ("subscription_id" text not null, "person_id" text not null, "state" text not null, "why" text null, "provider" text not null, "method_id" text not null, "plan_version_id" text not null, "amount_minor" bigint not null, "currency" text not null, "words" text not null, "agreed_at" timestamptz(6) not null, "changed_at" timestamptz(6) not null, "told_term" timestamptz(6) null, "told_at" timestamptz(6) null, "next_at" timestamptz(6) null, primary key ("subscription_id"));`,
    );
    this.addSql(`create index "renewal_next_idx" on "renewal" ("next_at") where state = 'on';`);
    this.addSql(`create index "renewal_method_idx" on "renewal" ("method_id");`);

    this.addSql(
      `create table "saved_method" ("id" text not null, "person_id" text not null, "provider" text not null, "payment_id" text not null, "token" text not null, "title" text not null, "expires_at" timestamptz(6) null, "state" text not null default 'active', "is_default" boolean not null, "words" text not null, "agreed_at" timestamptz(6) not null, "created_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "saved_method_person_idx" on "saved_method" ("person_id", "created_at");`,
    );
    this.addSql(
      `create unique index "saved_method_default_key" on "saved_method" ("person_id") where is_default;`,
    );
    this.addSql(
      `alter table "saved_method" add constraint "saved_method_payment_key" unique ("payment_id");`,
    );

    this.addSql(
      `alter table "payment" add "save_words" text null, add "method_id" text null, add "advice" text null;`,
    );

    this.addSql(
      `alter table "renewal" add constraint "renewal_state_check" check (state in ('on', 'off', 'ended') and (state = 'ended') = (why is not null) and (state = 'on') = (next_at is not null));`,
    );
    this.addSql(
      `alter table "renewal" add constraint "renewal_amount_check" check (amount_minor > 0);`,
    );

    this.addSql(
      `alter table "saved_method" add constraint "saved_method_state_check" check (state in ('active', 'removed', 'refused') and (state = 'active') = (ended_at is null) and (state = 'active' or not is_default));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "renewal" cascade;`);
    this.addSql(`drop table if exists "saved_method" cascade;`);

    this.addSql(
      `alter table "payment" drop column "save_words", drop column "method_id", drop column "advice";`,
    );
  }
}
