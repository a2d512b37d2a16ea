import { Migration } from '@mikro-orm/migrations';

/**
 * Messages by mail: to a person, or to an address alone. The image before this one goes on as it
 * is: what it writes is for persons and through Telegram.
 */
export class Migration20261127051606_mail extends Migration {
  override name = 'Migration20261127051606_mail';

  override up(): void {
    this.addSql(
      `create table "mail_event" ("id" text not null, "message_id" text not null, "kind" text not null, "reason" text null, "at" timestamptz(6) not null, "received_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(`create index "mail_event_message_idx" on "mail_event" ("message_id");`);
    this.addSql(`create index "mail_event_received_idx" on "mail_event" ("received_at");`);

    this.addSql(
      `create table "mail_suppression" ("address_hash" text not null, "reason" text not null, "at" timestamptz(6) not null, primary key ("address_hash"));`,
    );

    this.addSql(
      `alter table "message" add "channel" text not null default 'telegram', add "address" text null, add "language" text null, add "delivered_at" timestamptz(6) null, add "bounced_at" timestamptz(6) null, add "bounce_reason" text null;`,
    );
    this.addSql(`alter table "message" alter column "person_id" drop not null;`);
    this.addSql(`create index "message_channel_idx" on "message" ("channel", "created_at");`);
    this.addSql(
      `alter table "message" add constraint "message_channel_check" check (channel in ('telegram', 'email'));`,
    );
    this.addSql(
      `alter table "message" add constraint "message_reader_check" check (person_id is not null or (address is not null and language is not null));`,
    );

    this.addSql(
      `alter table "mail_suppression" add constraint "mail_suppression_reason_check" check (reason in ('bounced', 'complained', 'unsubscribed'));`,
    );
  }

  override down(): void {
    // Loses mail that had no person: the image before this one could not send it.
    this.addSql(`delete from "message" where "person_id" is null;`);
    this.addSql(`drop table if exists "mail_event" cascade;`);
    this.addSql(`drop table if exists "mail_suppression" cascade;`);

    this.addSql(`drop index "message_channel_idx";`);
    this.addSql(`alter table "message" drop constraint "message_channel_check";`);
    this.addSql(`alter table "message" drop constraint "message_reader_check";`);
    this.addSql(
      `alter table "message" drop column "channel", drop column "address", drop column "language", drop column "delivered_at", drop column "bounced_at", drop column "bounce_reason";`,
    );
    this.addSql(`alter table "message" alter column "person_id" set not null;`);
  }
}
