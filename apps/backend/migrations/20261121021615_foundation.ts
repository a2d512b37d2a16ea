import { Migration } from '@mikro-orm/migrations';

export class Migration20261121021615_foundation extends Migration {
  override name = 'Migration20261121021615_foundation';

  override up(): void | Promise<void> {
    this.addSql(
      `create table "bot_chat" ("bot_id" bigint not null, "chat_id" bigint not null, "screen" text not null, "data" jsonb not null, "version" int not null, "updated_at" timestamptz(6) not null, primary key ("bot_id", "chat_id"));`,
    );

    this.addSql(
      `create table "bot_update" ("bot_id" bigint not null, "update_id" bigint not null, "chat_id" bigint not null, "body" jsonb not null, "state" text not null default 'waiting', "attempts" int not null default 0, "lease_until" timestamptz(6) null, "last_error" text null, "received_at" timestamptz(6) not null, "handled_at" timestamptz(6) null, primary key ("bot_id", "update_id"));`,
    );
    this.addSql(
      `create index "bot_update_waiting_idx" on "bot_update" ("bot_id", "chat_id", "update_id") where state = 'waiting';`,
    );
    this.addSql(`create index "bot_update_received_idx" on "bot_update" ("received_at");`);

    this.addSql(
      `create table "customer_order" ("id" text not null, "person_id" text not null, "product" text not null, "plan_version_id" text not null, "amount_minor" bigint not null, "currency" text not null, "state" text not null default 'open', "payment_id" text null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "paid_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "customer_order_person_idx" on "customer_order" ("person_id", "created_at");`,
    );

    this.addSql(
      `create table "delivery" ("order_id" text not null, "subscription_id" text not null, "revision" int not null, "delivered_at" timestamptz(6) not null, primary key ("order_id"));`,
    );
    this.addSql(`create index "delivery_subscription_idx" on "delivery" ("subscription_id");`);

    this.addSql(
      `create table "ledger_account" ("code" text not null, "currency" text not null, "created_at" timestamptz(6) not null, primary key ("code"));`,
    );

    this.addSql(
      `create table "ledger_transfer" ("id" text not null, "debit" text not null, "credit" text not null, "amount_minor" bigint not null, "currency" text not null, "kind" text not null, "reference" text not null, "posted_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "ledger_transfer_debit_idx" on "ledger_transfer" ("debit", "posted_at");`,
    );
    this.addSql(
      `create index "ledger_transfer_credit_idx" on "ledger_transfer" ("credit", "posted_at");`,
    );
    this.addSql(`create index "ledger_transfer_reference_idx" on "ledger_transfer" ("reference");`);

    this.addSql(
      `create table "login_link" ("hash" text not null, "person_id" text not null, "expires_at" timestamptz(6) not null, "used_at" timestamptz(6) null, primary key ("hash"));`,
    );

    this.addSql(
      `create table "message" ("id" text not null, "key" text not null, "person_id" text not null, "template" text not null, "values" jsonb not null, "state" text not null default 'waiting', "attempts" int not null default 0, "last_error" text null, "sent_reference" text null, "created_at" timestamptz(6) not null, "finished_at" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(`create index "message_person_idx" on "message" ("person_id", "created_at");`);
    this.addSql(`alter table "message" add constraint "message_key_key" unique ("key");`);

    this.addSql(
      `create table "panel_account" ("subscription_id" text not null, "username" text not null, "panel_id" text null, "short_id" text null, "subscription_url" text null, "status" text null, "expires_at" timestamptz(6) null, "traffic_used_bytes" bigint not null default '0', "delivered_revision" int not null default 0, "attempts" int not null default 0, "last_error" text null, "updated_at" timestamptz(6) not null, primary key ("subscription_id"));`,
    );
    this.addSql(
      `alter table "panel_account" add constraint "panel_account_username_key" unique ("username");`,
    );

    this.addSql(
      `create table "panel_event" ("key" text not null, "event" text not null, "username" text null, "at" timestamptz(6) not null, "received_at" timestamptz(6) not null, primary key ("key"));`,
    );
    this.addSql(`create index "panel_event_received_idx" on "panel_event" ("received_at");`);

    this.addSql(
      `create table "payment" ("id" text not null, "order_id" text not null, "person_id" text not null, "provider" text not null, "reference" text null, "state" text not null default 'created', "amount_minor" bigint not null, "currency" text not null, "refunded_minor" bigint not null default '0', "checkout_url" text null, "reason" text null, "created_at" timestamptz(6) not null, "settled_at" timestamptz(6) null, "next_check_at" timestamptz(6) null, "checks" int not null default 0, primary key ("id"));`,
    );
    this.addSql(`create index "payment_order_idx" on "payment" ("order_id");`);
    this.addSql(
      `create index "payment_next_check_idx" on "payment" ("next_check_at") where next_check_at is not null;`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_provider_reference_key" unique ("provider", "reference");`,
    );

    this.addSql(
      `create table "payment_event" ("id" bigserial primary key, "payment_id" text not null, "at" timestamptz(6) not null, "kind" text not null, "detail" text not null);`,
    );
    this.addSql(
      `create index "payment_event_payment_idx" on "payment_event" ("payment_id", "id");`,
    );

    this.addSql(
      `create table "payment_notice" ("id" text not null, "provider" text not null, "dedupe_key" text not null, "event" text not null, "reference" text not null, "confirmed" boolean not null, "claims" jsonb null, "headers" jsonb not null, "query" text not null, "body" bytea not null, "remote_address" text not null, "state" text not null default 'waiting', "outcome" text null, "receipts" int not null default 1, "first_received_at" timestamptz(6) not null, "last_received_at" timestamptz(6) not null, "judged_at" timestamptz(6) null, "due_at" timestamptz(6) not null, "attempts" int not null default 0, "lease_until" timestamptz(6) null, primary key ("id"));`,
    );
    this.addSql(
      `create index "payment_notice_due_idx" on "payment_notice" ("due_at") where state = 'waiting';`,
    );
    this.addSql(
      `create index "payment_notice_reference_idx" on "payment_notice" ("provider", "reference");`,
    );
    this.addSql(
      `alter table "payment_notice" add constraint "payment_notice_dedupe_key" unique ("provider", "dedupe_key");`,
    );

    this.addSql(
      `create table "payment_refusal" ("id" text not null, "provider" text not null, "reason" text not null, "detail" text not null, "remote_address" text not null, "headers" jsonb not null, "body" bytea not null, "received_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `create index "payment_refusal_received_idx" on "payment_refusal" ("received_at");`,
    );

    this.addSql(
      `create table "person" ("id" text not null, "name" text not null, "language" text not null, "state" text not null default 'active', "created_at" timestamptz(6) not null, primary key ("id"));`,
    );

    this.addSql(
      `create table "person_identity" ("provider" text not null, "subject" text not null, "person_id" text not null, "username" text null, "blocked_at" timestamptz(6) null, "created_at" timestamptz(6) not null, primary key ("provider", "subject"));`,
    );
    this.addSql(`create index "person_identity_person_idx" on "person_identity" ("person_id");`);

    this.addSql(
      `create table "plan" ("id" text not null, "product" text not null, "code" text not null, "position" int not null, "is_offered" boolean not null default true, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "plan" add constraint "plan_product_code_key" unique ("product", "code");`,
    );

    this.addSql(
      `create table "plan_price" ("plan_version_id" text not null, "currency" text not null, "amount_minor" bigint not null, primary key ("plan_version_id", "currency"));`,
    );

    this.addSql(
      `create table "plan_version" ("id" text not null, "plan_id" text not null, "number" int not null, "title_ru" text not null, "title_en" text not null, "term_days" int not null, "devices" int not null, "traffic_bytes" bigint not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "plan_version" add constraint "plan_version_number_key" unique ("plan_id", "number");`,
    );

    this.addSql(
      `create table "process_lease" ("name" text not null, "holder" text not null, "fence" bigint not null, "expires_at" timestamptz(6) not null, primary key ("name"));`,
    );

    this.addSql(
      `create table "refund" ("id" text not null, "payment_id" text not null, "idempotency_key" text not null, "amount_minor" bigint not null, "currency" text not null, "reason" text not null, "state" text not null default 'requested', "reference" text null, "refusal" text null, "created_at" timestamptz(6) not null, "finished_at" timestamptz(6) null, "next_try_at" timestamptz(6) null, "tries" int not null default 0, primary key ("id"));`,
    );
    this.addSql(`create index "refund_payment_idx" on "refund" ("payment_id");`);
    this.addSql(
      `create index "refund_next_try_idx" on "refund" ("next_try_at") where next_try_at is not null;`,
    );
    this.addSql(
      `alter table "refund" add constraint "refund_idempotency_key" unique ("idempotency_key");`,
    );

    this.addSql(
      `create table "session" ("id" text not null, "person_id" text not null, "created_at" timestamptz(6) not null, "expires_at" timestamptz(6) not null, "revoked_at" timestamptz(6) null, "revoked_reason" text null, "refresh_hash" text not null, "refresh_expires_at" timestamptz(6) not null, "rotated_at" timestamptz(6) not null, "previous_hash" text null, "sealed_successor" text null, primary key ("id"));`,
    );
    this.addSql(`create index "session_person_idx" on "session" ("person_id");`);
    this.addSql(
      `alter table "session" add constraint "session_refresh_hash_key" unique ("refresh_hash");`,
    );
    this.addSql(
      `alter table "session" add constraint "session_previous_hash_key" unique ("previous_hash");`,
    );

    this.addSql(
      `create table "subscription" ("id" text not null, "person_id" text not null, "product" text not null, "plan_version_id" text not null, "expires_at" timestamptz(6) not null, "revision" int not null, "created_at" timestamptz(6) not null, primary key ("id"));`,
    );
    this.addSql(
      `alter table "subscription" add constraint "subscription_person_product_key" unique ("person_id", "product");`,
    );

    this.addSql(
      `create table "subscription_grant" ("id" bigserial primary key, "order_id" text not null, "subscription_id" text not null, "revision" int not null, "starts_at" timestamptz(6) not null, "ends_at" timestamptz(6) not null, "created_at" timestamptz(6) not null);`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_order_key" unique ("order_id");`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_revision_key" unique ("subscription_id", "revision");`,
    );

    this.addSql(
      `create table "worker_lease" ("pool_id" text not null, "beat_at" timestamptz(6) not null, primary key ("pool_id"));`,
    );

    this.addSql(
      `alter table "bot_update" add constraint "bot_update_state_check" check (state in ('waiting', 'done', 'failed'));`,
    );

    this.addSql(
      `alter table "customer_order" add constraint "customer_order_state_check" check (state in ('open', 'paid', 'cancelled', 'refunded'));`,
    );
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_amount_check" check (amount_minor > 0);`,
    );
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_paid_check" check ((state in ('paid', 'refunded')) = (paid_at is not null and payment_id is not null));`,
    );

    this.addSql(
      `alter table "ledger_account" add constraint "ledger_account_currency_check" check (currency in ('RUB', 'USD', 'EUR', 'XTR', 'USDT'));`,
    );

    this.addSql(
      `alter table "ledger_transfer" add constraint "ledger_transfer_amount_check" check (amount_minor > 0);`,
    );
    this.addSql(
      `alter table "ledger_transfer" add constraint "ledger_transfer_accounts_check" check (debit <> credit);`,
    );

    this.addSql(
      `alter table "message" add constraint "message_state_check" check (state in ('waiting', 'sent', 'blocked', 'failed'));`,
    );

    this.addSql(
      `alter table "payment" add constraint "payment_state_check" check (state in ('created', 'pending', 'authorised', 'settled', 'failed', 'cancelled', 'expired', 'partly_refunded', 'refunded', 'disputed'));`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_refunded_check" check (amount_minor > 0 and refunded_minor >= 0 and refunded_minor <= amount_minor);`,
    );

    this.addSql(
      `alter table "payment_notice" add constraint "payment_notice_state_check" check (state in ('waiting', 'done', 'quarantined'));`,
    );

    this.addSql(
      `alter table "person" add constraint "person_language_check" check (language in ('ru', 'en'));`,
    );
    this.addSql(
      `alter table "person" add constraint "person_state_check" check (state in ('active', 'banned'));`,
    );

    this.addSql(
      `alter table "plan_price" add constraint "plan_price_amount_check" check (amount_minor > 0);`,
    );
    this.addSql(
      `alter table "plan_price" add constraint "plan_price_currency_check" check (currency in ('RUB', 'USD', 'EUR', 'XTR', 'USDT'));`,
    );

    this.addSql(
      `alter table "plan_version" add constraint "plan_version_term_check" check (term_days >= 1 and term_days <= 3660);`,
    );
    this.addSql(
      `alter table "plan_version" add constraint "plan_version_devices_check" check (devices >= 0 and traffic_bytes >= 0);`,
    );

    this.addSql(
      `alter table "refund" add constraint "refund_state_check" check (amount_minor > 0 and state in ('requested', 'refunded', 'refused'));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "bot_chat" cascade;`);
    this.addSql(`drop table if exists "bot_update" cascade;`);
    this.addSql(`drop table if exists "customer_order" cascade;`);
    this.addSql(`drop table if exists "delivery" cascade;`);
    this.addSql(`drop table if exists "ledger_account" cascade;`);
    this.addSql(`drop table if exists "ledger_transfer" cascade;`);
    this.addSql(`drop table if exists "login_link" cascade;`);
    this.addSql(`drop table if exists "message" cascade;`);
    this.addSql(`drop table if exists "panel_account" cascade;`);
    this.addSql(`drop table if exists "panel_event" cascade;`);
    this.addSql(`drop table if exists "payment" cascade;`);
    this.addSql(`drop table if exists "payment_event" cascade;`);
    this.addSql(`drop table if exists "payment_notice" cascade;`);
    this.addSql(`drop table if exists "payment_refusal" cascade;`);
    this.addSql(`drop table if exists "person" cascade;`);
    this.addSql(`drop table if exists "person_identity" cascade;`);
    this.addSql(`drop table if exists "plan" cascade;`);
    this.addSql(`drop table if exists "plan_price" cascade;`);
    this.addSql(`drop table if exists "plan_version" cascade;`);
    this.addSql(`drop table if exists "process_lease" cascade;`);
    this.addSql(`drop table if exists "refund" cascade;`);
    this.addSql(`drop table if exists "session" cascade;`);
    this.addSql(`drop table if exists "subscription" cascade;`);
    this.addSql(`drop table if exists "subscription_grant" cascade;`);
    this.addSql(`drop table if exists "worker_lease" cascade;`);
  }
}
