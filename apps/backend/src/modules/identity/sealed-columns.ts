import type { SealedColumn } from '../../platform/sealing/index.ts';

/** The secret of an authenticator that is not confirmed yet, or of a question to Telegram. */
export const PENDING_SECRET: SealedColumn = {
  table: 'sign_in_challenge',
  column: 'secret',
  row: 'hash',
};
export const TOTP_SECRET: SealedColumn = {
  table: 'totp_credential',
  column: 'secret',
  row: 'person_id',
};

/** Everything this module seals. */
export const IDENTITY_SEALED = [PENDING_SECRET, TOTP_SECRET];
