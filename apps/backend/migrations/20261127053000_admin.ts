import { Migration } from '@mikro-orm/migrations';

export class Migration20261127053000_admin extends Migration {
  override name = 'Migration20261127053000_admin';

  override up(): void | Promise<void> {
    // Names are searched by parts; a trusted extension, so the owner of the database may add it.
    this.addSql(`create extension if not exists pg_trgm;`);
    this.addSql(
      `create table "breaker_state" ("dependency" text not null, "process" text not null, "state" text not null, "changed_at" timestamptz(6) not null, primary key ("dependency", "process"));`,
    );

    this.addSql(`alter table "customer_order" add "delivered_at" timestamptz(6) null;`);
    this.addSql(`update customer_order set delivered_at = delivery.delivered_at
      from delivery where delivery.order_id = customer_order.id;`);
    this.addSql(
      `create index "customer_order_created_idx" on "customer_order" ("created_at", "id");`,
    );
    this.addSql(
      `create index "customer_order_state_idx" on "customer_order" ("state", "created_at", "id");`,
    );
    this.addSql(
      `create index "customer_order_undelivered_idx" on "customer_order" ("paid_at") where state = 'paid' and delivered_at is null;`,
    );
    this.addSql(
      `create index "customer_order_version_idx" on "customer_order" ("plan_version_id");`,
    );
    this.addSql(`create index "customer_order_short_id_idx" on "customer_order" (right("id", 6));`);

    this.addSql(`drop index "delivery_subscription_idx";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_pkey";`);
    this.addSql(`alter table "delivery" alter column "order_id" drop not null;`);
    this.addSql(`alter table "delivery" add constraint "delivery_order_key" unique ("order_id");`);
    this.addSql(`alter table "delivery" add primary key ("subscription_id", "revision");`);

    this.addSql(
      `create index "ledger_transfer_posted_idx" on "ledger_transfer" ("posted_at", "id");`,
    );

    this.addSql(`create index "message_created_idx" on "message" ("created_at");`);

    this.addSql(`alter table "panel_account" add "switched_off_at" timestamptz(6) null;`);

    this.addSql(`create index "payment_created_idx" on "payment" ("created_at", "id");`);
    this.addSql(`create index "payment_state_idx" on "payment" ("state", "created_at", "id");`);
    this.addSql(`create index "payment_person_idx" on "payment" ("person_id", "created_at");`);
    this.addSql(
      `create index "payment_settled_idx" on "payment" ("settled_at") where settled_at is not null;`,
    );
    this.addSql(`create index "payment_short_id_idx" on "payment" (right("id", 6));`);
    this.addSql(`create index "payment_vendor_reference_idx" on "payment" ("reference");`);

    this.addSql(
      `create index "payment_notice_received_idx" on "payment_notice" ("first_received_at", "id");`,
    );
    this.addSql(
      `create index "payment_notice_quarantined_idx" on "payment_notice" ("first_received_at", "id") where state = 'quarantined';`,
    );
    this.addSql(
      `create index "payment_notice_newest_idx" on "payment_notice" ("provider", "last_received_at");`,
    );

    this.addSql(`create index "person_created_idx" on "person" ("created_at", "id");`);
    this.addSql(`create index "person_short_id_idx" on "person" (right("id", 6));`);
    this.addSql(`create index "person_name_trgm_idx" on "person" using gin ("name" gin_trgm_ops);`);

    this.addSql(
      `create index "person_identity_username_idx" on "person_identity" (lower("username"));`,
    );

    this.addSql(`alter table "plan_version" add "act_id" text null;`);

    this.addSql(
      `create index "refund_open_idx" on "refund" ("created_at") where state = 'requested';`,
    );

    this.addSql(
      `alter table "subscription" add "delivered_revision" int not null default 0, add "delivery_since" timestamptz(6) not null default now();`,
    );
    // What the panel has is known already; an image that runs meanwhile leaves it as it is, and the
    // next delivery of the subscription brings it up to date.
    this.addSql(`update subscription
      set delivered_revision = account.delivered_revision, delivery_since = account.updated_at
      from panel_account as account where account.subscription_id = subscription.id;`);
    this.addSql(`create index "subscription_created_idx" on "subscription" ("created_at", "id");`);
    this.addSql(`create index "subscription_expires_idx" on "subscription" ("expires_at");`);
    this.addSql(
      `create index "subscription_since_idx" on "subscription" ("delivery_since", "id");`,
    );
    this.addSql(
      `create index "subscription_behind_idx" on "subscription" ("delivery_since", "id") where delivered_revision < revision;`,
    );
    this.addSql(`create index "subscription_short_id_idx" on "subscription" (right("id", 6));`);

    this.addSql(
      `alter table "subscription_grant" add "kind" text not null default 'order', add "act_id" text null;`,
    );
    this.addSql(`alter table "subscription_grant" alter column "order_id" drop not null;`);
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_act_key" unique ("act_id");`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_kind_check" check (kind in ('order', 'extend', 'grant', 'revoke'));`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_source_check" check ((order_id is null) <> (act_id is null) and (kind = 'order') = (order_id is not null));`,
    );

    this.addSql(
      `alter table "breaker_state" add constraint "breaker_state_check" check (state in ('closed', 'open', 'half_open'));`,
    );
  }

  // Loses what staff granted and revoked, and which plans staff published: the audit log keeps it.
  override down(): void | Promise<void> {
    this.addSql(`drop table if exists "breaker_state" cascade;`);

    this.addSql(`drop index "customer_order_created_idx";`);
    this.addSql(`drop index "customer_order_state_idx";`);
    this.addSql(`drop index "customer_order_undelivered_idx";`);
    this.addSql(`drop index "customer_order_version_idx";`);
    this.addSql(`drop index "customer_order_short_id_idx";`);
    this.addSql(`alter table "customer_order" drop column "delivered_at";`);

    this.addSql(`alter table "delivery" drop constraint "delivery_order_key";`);
    this.addSql(`alter table "delivery" drop constraint "delivery_pkey";`);
    this.addSql(`delete from delivery where order_id is null;`);
    this.addSql(`alter table "delivery" alter column "order_id" set not null;`);
    this.addSql(`create index "delivery_subscription_idx" on "delivery" ("subscription_id");`);
    this.addSql(`alter table "delivery" add primary key ("order_id");`);

    this.addSql(`drop index "ledger_transfer_posted_idx";`);

    this.addSql(`drop index "message_created_idx";`);

    this.addSql(`alter table "panel_account" drop column "switched_off_at";`);

    this.addSql(`drop index "payment_created_idx";`);
    this.addSql(`drop index "payment_state_idx";`);
    this.addSql(`drop index "payment_person_idx";`);
    this.addSql(`drop index "payment_settled_idx";`);
    this.addSql(`drop index "payment_short_id_idx";`);
    this.addSql(`drop index "payment_vendor_reference_idx";`);

    this.addSql(`drop index "payment_notice_received_idx";`);
    this.addSql(`drop index "payment_notice_quarantined_idx";`);
    this.addSql(`drop index "payment_notice_newest_idx";`);

    this.addSql(`drop index "person_created_idx";`);
    this.addSql(`drop index "person_short_id_idx";`);
    this.addSql(`drop index "person_name_trgm_idx";`);

    this.addSql(`drop index "person_identity_username_idx";`);

    this.addSql(`alter table "plan_version" drop column "act_id";`);

    this.addSql(`drop index "refund_open_idx";`);

    this.addSql(`drop index "subscription_created_idx";`);
    this.addSql(`drop index "subscription_expires_idx";`);
    this.addSql(`drop index "subscription_since_idx";`);
    this.addSql(`drop index "subscription_behind_idx";`);
    this.addSql(`drop index "subscription_short_id_idx";`);
    this.addSql(
      `alter table "subscription" drop column "delivered_revision", drop column "delivery_since";`,
    );

    this.addSql(`alter table "subscription_grant" drop constraint "subscription_grant_act_key";`);
    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_kind_check";`,
    );
    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_source_check";`,
    );
    this.addSql(`delete from subscription_grant where order_id is null;`);
    this.addSql(`alter table "subscription_grant" drop column "kind", drop column "act_id";`);
    this.addSql(`alter table "subscription_grant" alter column "order_id" set not null;`);
    this.addSql(`drop extension if exists pg_trgm;`);
  }
}
