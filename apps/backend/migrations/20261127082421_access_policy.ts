import { Migration } from '@mikro-orm/migrations';

/** `down` loses which orders are disputed, and is refused while there are withdrawn terms. */
export class Migration20261127082421_access_policy extends Migration {
  override name = 'Migration20261127082421_access_policy';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer_order" add "disputed_at" timestamptz(6) null;`);

    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_kind_check";`,
    );
    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_source_check";`,
    );
    this.addSql(`alter table "subscription_grant" add "of_revision" int null;`);
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_kind_check" check (kind in ('order', 'extend', 'grant', 'revoke', 'withdraw', 'restore'));`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_source_check" check ((kind = 'order') = (order_id is not null) and (kind in ('withdraw', 'restore')) = (of_revision is not null) and (kind in ('extend', 'grant', 'revoke')) <= (act_id is not null));`,
    );
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "customer_order" drop column "disputed_at";`);

    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_kind_check";`,
    );
    this.addSql(
      `alter table "subscription_grant" drop constraint "subscription_grant_source_check";`,
    );
    this.addSql(`alter table "subscription_grant" drop column "of_revision";`);
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_kind_check" check (kind in ('order', 'extend', 'grant', 'revoke'));`,
    );
    this.addSql(
      `alter table "subscription_grant" add constraint "subscription_grant_source_check" check ((order_id is null) <> (act_id is null) and (kind = 'order') = (order_id is not null));`,
    );
  }
}
