import { Migration } from '@mikro-orm/migrations';

export class Migration20261127053708_order_key extends Migration {
  override name = 'Migration20261127053708_order_key';

  override up(): void | Promise<void> {
    this.addSql(`alter table "customer_order" add "order_key" text null;`);
    this.addSql(
      `alter table "customer_order" add constraint "customer_order_key" unique ("person_id", "order_key");`,
    );

    this.addSql(`create index "payment_own_idx" on "payment" ("person_id", "id");`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "customer_order" drop constraint "customer_order_key";`);
    this.addSql(`alter table "customer_order" drop column "order_key";`);

    this.addSql(`drop index "payment_own_idx";`);
  }
}
