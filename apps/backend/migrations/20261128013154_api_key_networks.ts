import { Migration } from '@mikro-orm/migrations';

export class Migration20261128013154_api_key_networks extends Migration {
  override name = 'Migration20261128013154_api_key_networks';

  override up(): void | Promise<void> {
    this.addSql(`alter table "api_key" add "networks" text not null default '';`);
  }

  override down(): void | Promise<void> {
    this.addSql(`alter table "api_key" drop column "networks";`);
  }
}
