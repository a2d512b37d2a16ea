import { Migration } from '@mikro-orm/migrations';

export class Migration20261127102400_balance extends Migration {
  override name = 'Migration20261127102400_balance';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer_order" drop constraint "customer_order_paid_check";`);
    this.addSql(`alter table "customer_order" add "kind" text not null default 'plan';`);
    this.addSql(`alter table "customer_order" alter column "plan_version_id" drop not null;`);
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_kind_check" check (kind in ('plan', 'top_up') and (kind = 'plan') = (plan_version_id is not null));`,
    );
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_paid_check" check ((state in ('paid', 'refunded')) = (paid_at is not null) and (payment_id is not null) = (paid_at is not null and kind = 'plan'));`,
    );

    this.addSql(`alter table "payment" add "credited_minor" bigint not null default '0';`);
    this.addSql(
      `create unique index "payment_held_key" on "payment" ("order_id") where "provider" = 'balance' and "state" = 'authorised';`,
    );
    this.addSql(
      `alter table "payment" add constraint "payment_credited_check" check (credited_minor >= 0 and credited_minor <= amount_minor);`,
    );

    this.addSql(`alter table "refund" add "target" text not null default 'provider';`);
    this.addSql(
      `alter table "refund" add constraint "refund_target_check" check (target in ('provider', 'balance'));`,
    );
  }

  override down(): void | Promise<void> {
    // Refuses while there are top-ups: without their kind they would be orders of nothing.
    this.addSql(`alter table "customer_order" drop constraint "customer_order_kind_check";`);
    this.addSql(`alter table "customer_order" drop constraint "customer_order_paid_check";`);
    this.addSql(`alter table "customer_order" drop column "kind";`);
    this.addSql(`alter table "customer_order" alter column "plan_version_id" set not null;`);
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_paid_check" check ((state in ('paid', 'refunded')) = (paid_at is not null and payment_id is not null));`,
    );

    this.addSql(`drop index "payment_held_key";`);
    this.addSql(`alter table "payment" drop constraint "payment_credited_check";`);
    this.addSql(`alter table "payment" drop column "credited_minor";`);

    this.addSql(`alter table "refund" drop constraint "refund_target_check";`);
    this.addSql(`alter table "refund" drop column "target";`);
  }
}
