import { Migration } from '@mikro-orm/migrations';

export class Migration20261127171901_customer_ways extends Migration {
  override name = 'Migration20261127171901_customer_ways';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "passkey" ("id" text not null, "person_id" text not null, "public_key" text not null, "counter" bigint not null, "transports" text not null, "name" text not null, "created_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "passkey_person_idx" on "passkey" ("person_id");`);

    this.addSql(
      `create table "used_telegram_proof" ("hash" text not null, "expires_at" timestamptz(6) not null, primary key ("hash"));`,
    );
    this.addSql(
      `create index "used_telegram_proof_expires_idx" on "used_telegram_proof" ("expires_at");`,
    );

    this.addSql(`alter table "session" add "proved_at" timestamptz(6) null;`);

    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(`alter table "sign_in_challenge" add "phc" text null;`);
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', 'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor'));`,
    );
  }

  // Passkeys and steps of the new kinds are lost; people sign in by mail, Telegram or the bot's link.
  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "passkey" cascade;`);
    this.addSql(`drop table if exists "used_telegram_proof" cascade;`);

    this.addSql(`alter table "session" drop column "proved_at";`);

    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(`alter table "sign_in_challenge" drop column "phc";`);
    this.addSql(
      `delete from "sign_in_challenge" where purpose not in ('second_factor', 'enrol', 'mail_code');`,
    );
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code'));`,
    );
  }
}
