import { Migration } from '@mikro-orm/migrations';

export class Migration20261127221833_passkey_proof extends Migration {
  override name = 'Migration20261127221833_passkey_proof';

  override up(): void | Promise<void> {
    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', 'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor', 'passkey_prove'));`,
    );
  }

  override down(): void | Promise<void> {
    // Questions live five minutes: whoever is asked one now asks again.
    this.addSql(`delete from "sign_in_challenge" where purpose = 'passkey_prove';`);
    this.addSql(
      `alter table "sign_in_challenge" drop constraint "sign_in_challenge_purpose_check";`,
    );
    this.addSql(
      `alter table "sign_in_challenge" add constraint "sign_in_challenge_purpose_check" check (purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', 'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor'));`,
    );
  }
}
