import { Migration } from '@mikro-orm/migrations';

export class Migration20261127150820_payment_second extends Migration {
  override name = 'Migration20261127150820_payment_second';

  override up(): void | Promise<void> {
    this.addSql(`alter table "payment" add "second_of" text null;`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "payment" drop column "second_of";`);
  }
}
