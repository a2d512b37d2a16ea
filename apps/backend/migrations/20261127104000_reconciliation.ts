import { Migration } from '@mikro-orm/migrations';

export class Migration20261127104000_reconciliation extends Migration {
  override name = 'Migration20261127104000_reconciliation';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "reconciliation_difference" ("id" text not null, "run_id" text not null, "provider" text not null, "day" text not null, "kind" text not null, "state" text not null, "reference" text not null, "payment_id" text null, "ours" jsonb null, "theirs" jsonb null, "found_at" timestamptz(6) not null, "last_found_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "reconciliation_difference_found_idx" on "reconciliation_difference" ("found_at", "id");`,
    );
    this.addSql(
      `create index "reconciliation_difference_run_idx" on "reconciliation_difference" ("run_id", "id");`,
    );
    this.addSql(
      `create index "reconciliation_difference_payment_idx" on "reconciliation_difference" ("payment_id");`,
    );
    this.addSql(
      `create index "reconciliation_difference_open_idx" on "reconciliation_difference" ("provider", "day") where state = 'open';`,
    );
    this.addSql(
      `alter table "reconciliation_difference" add constraint "reconciliation_difference_key" unique ("provider", "reference", "kind");`,
    );

    this.addSql(
      `create table "reconciliation_run" ("id" text not null, "provider" text not null, "day" text not null, "state" text not null default 'running', "theirs" int not null default 0, "ours" int not null default 0, "found" int not null default 0, "repaired" int not null default 0, "failure" text null, "started_at" timestamptz(6) not null, "finished_at" timestamptz(6) null, "lease_until" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "reconciliation_run_newest_idx" on "reconciliation_run" ("provider", "started_at");`,
    );
    this.addSql(
      `create unique index "reconciliation_run_one_key" on "reconciliation_run" ("provider", "day") where state = 'running';`,
    );

    this.addSql(
      `alter table "reconciliation_difference" add constraint "reconciliation_difference_state_check" check (state in ('open', 'repaired', 'gone'));`,
    );

    this.addSql(
      `alter table "reconciliation_run" add constraint "reconciliation_run_state_check" check (state in ('running', 'agreed', 'differs', 'partial', 'abandoned'));`,
    );
  }

  /** Loses what reconciliations found; the payments they repaired stay as they are. */
  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "reconciliation_difference" cascade;`);
    this.addSql(`drop table if exists "reconciliation_run" cascade;`);
  }
}
