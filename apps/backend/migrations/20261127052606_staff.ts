import { Migration } from '@mikro-orm/migrations';

/** Staff, their credentials, invitations, and the steps of a sign-in. Down loses all of them. */
export class Migration20261127052606_staff extends Migration {
  override name = 'Migration20261127052606_staff';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "owner_code" ("hash" text not null, "person_id" text null, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("hash"));`,
    );

    this.addSql(
      `create table "password_credential" ("person_id" text not null, "phc" text not null, "changed_at" timestamptz(6) not null, primary key ("person_id"));`,
    );

    this.addSql(
      `create table "person_email" ("address" text not null, "person_id" text not null, "display" text not null, "confirmed_at" timestamptz(6) not null, primary key ("address"));`,
    );
    this.addSql(
      `alter table "person_email" add constraint "person_email_person_key" unique ("person_id");`,
    );

    this.addSql(
      `create table "recovery_code" ("hash" text not null, "person_id" text not null, "created_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("hash"));`,
    );
    this.addSql(`create index "recovery_code_person_idx" on "recovery_code" ("person_id");`);

    this.addSql(
      `create table "sign_in_challenge" ("hash" text not null, "purpose" text not null, "person_id" text null, "email" text null, "display" text null, "code_hash" text null, "secret" text null, "tries" int not null default 0, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("hash"));`,
    );
    this.addSql(
      `create index "sign_in_challenge_expires_idx" on "sign_in_challenge" ("expires_at");`,
    );
    this.addSql(
      `create index "sign_in_challenge_person_idx" on "sign_in_challenge" ("person_id");`,
    );

    this.addSql(
      `create table "sign_in_throttle" ("key" text not null, "tries" int not null, "since" timestamptz(6) not null, "free_at" timestamptz(6) not null, primary key ("key"));`,
    );
    this.addSql(`create index "sign_in_throttle_free_idx" on "sign_in_throttle" ("free_at");`);

    this.addSql(
      `create table "staff_invitation" ("id" text not null, "hash" text not null, "address" text not null, "display" text not null, "role" text not null, "created_at" timestamptz(6) not null, "created_by" text not null, "expires_at" timestamptz(6) not null, "ended_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "staff_invitation_address_idx" on "staff_invitation" ("address");`);
    this.addSql(
      `alter table "staff_invitation" add constraint "staff_invitation_hash_key" unique ("hash");`,
    );

    this.addSql(
      `create table "staff_member" ("person_id" text not null, "role" text not null, "state" text not null default 'active', "created_at" timestamptz(6) not null, "created_by" text not null, primary key ("person_id"));`,
    );

    this.addSql(
      `create table "totp_credential" ("person_id" text not null, "secret" text not null, "confirmed_at" timestamptz(6) not null, "last_step" bigint not null, primary key ("person_id"));`,
    );

    this.addSql(
      `alter table "session" add "kind" text not null default 'customer', add "amr" text not null default 'otp', add "second_factor_at" timestamptz(6) null, add "last_seen_at" timestamptz(6) not null default now(), add "user_agent" text null, add "address" text null;`,
    );
    this.addSql(
      `alter table "session" add constraint "session_kind_check" check (kind in ('customer', 'staff'));`,
    );

    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code'));`,
    );

    this.addSql(
      `alter table "staff_invitation" add constraint "staff_invitation_role_check" check (role in ('owner', 'admin', 'finance', 'support'));`,
    );

    this.addSql(
      `alter table "staff_member" add constraint "staff_member_role_check" check (role in ('owner', 'admin', 'finance', 'support'));`,
    );
    this.addSql(
      `alter table "staff_member" add constraint "staff_member_state_check" check (state in ('active', 'disabled'));`,
    );
    // Two owners who demote each other at once: the second waits for the first, then sees it.
    this.addSql(`create function staff_keeps_owner_v1() returns trigger language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(hashtext('staff_keeps_owner'));
        if not exists (select from staff_member where role = 'owner' and state = 'active') then
          raise exception 'the last owner stays'
            using errcode = 'check_violation', constraint = 'staff_member_keeps_owner';
        end if;
        return null;
      end
    $$;`);
    this.addSql(`create trigger "staff_member_keeps_owner"
      after update or delete on "staff_member" for each row
      when (old.role = 'owner' and old.state = 'active')
      execute function staff_keeps_owner_v1();`);
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "owner_code" cascade;`);
    this.addSql(`drop table if exists "password_credential" cascade;`);
    this.addSql(`drop table if exists "person_email" cascade;`);
    this.addSql(`drop table if exists "recovery_code" cascade;`);
    this.addSql(`drop table if exists "sign_in_challenge" cascade;`);
    this.addSql(`drop table if exists "sign_in_throttle" cascade;`);
    this.addSql(`drop table if exists "staff_invitation" cascade;`);
    this.addSql(`drop table if exists "staff_member" cascade;`);
    this.addSql(`drop function if exists staff_keeps_owner_v1();`);
    this.addSql(`drop table if exists "totp_credential" cascade;`);

    this.addSql(`alter table "session" drop constraint "session_kind_check";`);
    this.addSql(
      `alter table "session" drop column "kind", drop column "amr", drop column "second_factor_at", drop column "last_seen_at", drop column "user_agent", drop column "address";`,
    );
  }
}
