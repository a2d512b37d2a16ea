import { Migration } from '@mikro-orm/migrations';

export class Migration20261127145711_by_hand extends Migration {
  override name = 'Migration20261127145711_by_hand';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "hand_payment" ("id" text not null, "direction" text not null, "order_id" text not null, "person_id" text not null, "amount_minor" bigint not null, "currency" text not null, "document_kind" text not null, "document_number" text not null, "reason" text not null, "state" text not null, "entered_by" text not null, "entered_by_name" text not null, "entered_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "decided_by" text null, "decided_by_name" text null, "decided_at" timestamptz(6) null, "payment_id" text null, "act_id" text not null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "hand_payment_document_key" on "hand_payment" ("document_kind", "document_number") where "state" in ('waiting', 'settled');`,
    );
    this.addSql(`create index "hand_payment_entered_idx" on "hand_payment" ("entered_at", "id");`);
    this.addSql(
      `create index "hand_payment_waiting_idx" on "hand_payment" ("entered_at") where state = 'waiting';`,
    );
    this.addSql(
      `alter table "hand_payment" add constraint "hand_payment_act_key" unique ("act_id");`,
    );

    this.addSql(
      `create table "mass_extension" ("id" text not null, "days" int not null, "since" timestamptz(6) not null, "state" text not null, "cursor" text not null default '', "meant" int not null, "given" int not null default 0, "taken" int not null default 0, "reason" text not null, "started_by_name" text not null, "started_at" timestamptz(6) not null, "finished_at" timestamptz(6) null, "act_id" text not null, "undo_act_id" text null, "undone_by_name" text null, primary key ("id"));`,
    );
    this.addSql(
      `create unique index "mass_extension_one_key" on "mass_extension" ((true)) where "state" in ('giving', 'taking');`,
    );
    this.addSql(`create index "mass_extension_started_idx" on "mass_extension" ("started_at");`);
    this.addSql(
      `alter table "mass_extension" add constraint "mass_extension_act_key" unique ("act_id");`,
    );

    this.addSql(
      `alter table "hand_payment" add constraint "hand_payment_state_check" check (amount_minor > 0 and direction in ('in', 'back') and state in ('waiting', 'settled', 'rejected', 'expired') and (state = 'settled') = (payment_id is not null));`,
    );

    this.addSql(
      `alter table "mass_extension" add constraint "mass_extension_state_check" check (days > 0 and state in ('giving', 'given', 'taking', 'taken') and (state in ('taking', 'taken')) = (undo_act_id is not null));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "hand_payment" cascade;`);
    this.addSql(`drop table if exists "mass_extension" cascade;`);
  }
}
