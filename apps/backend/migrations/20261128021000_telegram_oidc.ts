import { Migration } from '@mikro-orm/migrations';

export class Migration20261128021000_telegram_oidc extends Migration {
  override name = 'Migration20261128021000_telegram_oidc';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', 'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor', 'passkey_prove', 'telegram_oidc'));`,
    );
  }

  override down(): void | Promise<void> {
    // Questions live ten minutes: whoever is at Telegram now begins again.
    this.addSql(`delete from "sign_in_challenge" where purpose = 'telegram_oidc';`);
    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', 'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor', 'passkey_prove'));`,
    );
  }
}
