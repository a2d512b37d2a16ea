import { Migration } from '@mikro-orm/migrations';

export class Migration20261127141112_audit_chain extends Migration {
  override name = 'Migration20261127141112_audit_chain';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "audit_seal" ("seq" bigint not null, "entry_id" text not null, "hash" bytea not null, "sealed_at" timestamptz(6) not null, primary key ("seq"));`,
    );
    this.addSql(
      `alter table "audit_seal" add constraint "audit_seal_entry_key" unique ("entry_id");`,
    );

    this.addSql(
      `create table "audit_unsealed" ("entry_id" text not null, primary key ("entry_id"));`,
    );
    this.addSql(`create trigger "audit_seal_append_only"
      before update or delete or truncate on "audit_seal"
      for each statement execute function refuse_change_v1();`);
    // A trigger, not the writers: an older image writes to the log too while it is replaced.
    this.addSql(`create function note_unsealed_v1() returns trigger language plpgsql as $$
      begin
        insert into audit_unsealed (entry_id) values (new.id);
        return null;
      end $$;`);
    this.addSql(`create trigger "audit_entry_unsealed"
      after insert on "audit_entry" for each row execute function note_unsealed_v1();`);
    this.addSql(`insert into "audit_unsealed" ("entry_id") select "id" from "audit_entry";`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop trigger "audit_entry_unsealed" on "audit_entry";`);
    this.addSql(`drop function note_unsealed_v1();`);
    this.addSql(`drop table if exists "audit_seal" cascade;`);
    this.addSql(`drop table if exists "audit_unsealed" cascade;`);
  }
}
