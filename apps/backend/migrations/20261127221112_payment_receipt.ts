import { Migration } from '@mikro-orm/migrations';

export class Migration20261127221112_payment_receipt extends Migration {
  override name = 'Migration20261127221112_payment_receipt';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "payment" add "receipt_to" text null, add "description" text null, add "language" text null;`,
    );
  }

  override down(): void | Promise<void> {
    // Loses where receipts of payments went and in which words they were asked for.
    this.addSql(
      `alter table "payment" drop column "receipt_to", drop column "description", drop column "language";`,
    );
  }
}
