import { Migration } from '@mikro-orm/migrations';

export class Migration20261127051319_audit extends Migration {
  override name = 'Migration20261127051319_audit';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_entry" ("id" text not null, "at" timestamptz(6) not null, "actor_id" text not null, "actor_name" text not null, "act" text not null, "subject_kind" text not null, "subject_id" text not null, "person_id" text null, "reason" text null, "before" jsonb null, "after" jsonb null, "result" text not null, "request_id" text null, "remote_address" text null, "idempotency_key" text null, primary key ("id"));`,
    );
    this.addSql(`create index "audit_entry_at_idx" on "audit_entry" ("at", "id");`);
    this.addSql(`create index "audit_entry_actor_idx" on "audit_entry" ("actor_id", "at");`);
    this.addSql(`create index "audit_entry_subject_idx" on "audit_entry" ("subject_id", "at");`);
    this.addSql(`create index "audit_entry_person_idx" on "audit_entry" ("person_id", "at");`);
    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_idempotency_key" unique ("idempotency_key");`,
    );

    this.addSql(
      `alter table "audit_entry" add constraint "audit_entry_result_check" check (result in ('done', 'refused'));`,
    );
    // The function came with the ledger: what was done stays written, for the owner too.
    this.addSql(`create trigger "audit_entry_append_only"
      before update or delete or truncate on "audit_entry"
      for each statement execute function refuse_change_v1();`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "audit_entry" cascade;`);
  }
}
