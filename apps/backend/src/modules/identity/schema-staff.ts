import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';
import type { LoginLink, Person, PersonIdentity, Revocation, Session } from './schema.ts';
import type { ApiKey, Passkey, UsedTelegramProof } from './schema-ways.ts';

/** Who of the people is staff. A trigger keeps the last active owner (migration `staff`). */
export const StaffMember = defineEntity({
  name: 'StaffMember',
  tableName: 'staff_member',
  properties: {
    personId: p.text().primary(),
    role: p.text(),
    state: p.text().default('active'),
    createdAt: p.datetime(6),
    /** The owner who invited, or `system` for the first one. */
    createdBy: p.text(),
  },
  checks: [
    {
      name: 'staff_member_role_check',
      expression: "role in ('owner', 'admin', 'finance', 'support')",
    },
    { name: 'staff_member_state_check', expression: "state in ('active', 'disabled')" },
  ],
});

/** A mailbox of a person, under its one canonical spelling (`email.ts`). */
export const PersonEmail = defineEntity({
  name: 'PersonEmail',
  tableName: 'person_email',
  properties: {
    address: p.text().primary(),
    personId: p.text(),
    /** As its owner wrote it: where mail goes. */
    display: p.text(),
    confirmedAt: p.datetime(6),
  },
  uniques: [{ name: 'person_email_person_key', properties: ['personId'] }],
});

export const PasswordCredential = defineEntity({
  name: 'PasswordCredential',
  tableName: 'password_credential',
  properties: {
    personId: p.text().primary(),
    /** Argon2id with its parameters. */
    phc: p.text(),
    changedAt: p.datetime(6),
  },
});

export const TotpCredential = defineEntity({
  name: 'TotpCredential',
  tableName: 'totp_credential',
  properties: {
    personId: p.text().primary(),
    /** Sealed for this table, column and person. */
    secret: p.text(),
    confirmedAt: p.datetime(6),
    /** Codes of this step and earlier ones are used up. */
    lastStep: p.bigint(),
  },
});

export const RecoveryCode = defineEntity({
  name: 'RecoveryCode',
  tableName: 'recovery_code',
  properties: {
    hash: p.text().primary(),
    personId: p.text(),
    createdAt: p.datetime(6),
    usedAt: p.datetime(6).nullable(),
  },
  indexes: [{ name: 'recovery_code_person_idx', properties: ['personId'] }],
});

/** A sign-in on its way between two steps. */
export const SignInChallenge = defineEntity({
  name: 'SignInChallenge',
  tableName: 'sign_in_challenge',
  properties: {
    hash: p.text().primary(),
    purpose: p.text(),
    /** Null: a mailbox nobody has yet. */
    personId: p.text().nullable(),
    /** The mailbox a code went to, with its display form. */
    email: p.text().nullable(),
    display: p.text().nullable(),
    /** Hash of the mailed code with the challenge's own secret, which is nowhere stored. */
    codeHash: p.text().nullable(),
    /** Of an authenticator that is not confirmed yet, or of a question to Telegram; sealed for this row. */
    secret: p.text().nullable(),
    /** Argon2id of the password that counts once the mailbox is proved. */
    phc: p.text().nullable(),
    tries: p.integer().default(0),
    expiresAt: p.datetime(6),
    usedAt: p.datetime(6).nullable(),
  },
  checks: [
    {
      name: 'sign_in_challenge_purpose_check',
      expression:
        "purpose in ('second_factor', 'enrol', 'mail_code', 'register', 'reset', 'prove', " +
        "'new_email', 'undo_email', 'passkey_enter', 'passkey_add', 'passkey_factor', 'passkey_prove', " +
        "'telegram_oidc')",
    },
  ],
  indexes: [
    { name: 'sign_in_challenge_expires_idx', properties: ['expiresAt'] },
    { name: 'sign_in_challenge_person_idx', properties: ['personId'] },
  ],
});

export const StaffInvitation = defineEntity({
  name: 'StaffInvitation',
  tableName: 'staff_invitation',
  properties: {
    id: p.text().primary(),
    hash: p.text(),
    address: p.text(),
    display: p.text(),
    role: p.text(),
    createdAt: p.datetime(6),
    createdBy: p.text(),
    expiresAt: p.datetime(6),
    /** Accepted, or made void by a newer one. */
    endedAt: p.datetime(6).nullable(),
  },
  checks: [
    {
      name: 'staff_invitation_role_check',
      expression: "role in ('owner', 'admin', 'finance', 'support')",
    },
  ],
  uniques: [{ name: 'staff_invitation_hash_key', properties: ['hash'] }],
  indexes: [{ name: 'staff_invitation_address_idx', properties: ['address'] }],
});

/** A code printed on the server's terminal: the first owner's, or one owner's way back in. */
export const OwnerCode = defineEntity({
  name: 'OwnerCode',
  tableName: 'owner_code',
  properties: {
    hash: p.text().primary(),
    /** Null: whoever is first. */
    personId: p.text().nullable(),
    expiresAt: p.datetime(6),
    usedAt: p.datetime(6).nullable(),
  },
});

/** How often somebody tried: an account, an address, both together, a device (`throttle.ts`). */
export const SignInThrottle = defineEntity({
  name: 'SignInThrottle',
  tableName: 'sign_in_throttle',
  properties: {
    key: p.text().primary(),
    tries: p.integer(),
    /** When the first of the counted tries was. */
    since: p.datetime(6),
    /** From when on the next try is looked at. */
    freeAt: p.datetime(6),
  },
  indexes: [{ name: 'sign_in_throttle_free_idx', properties: ['freeAt'] }],
});

export type IdentityTables = InferKyselyDB<
  | typeof Person
  | typeof PersonIdentity
  | typeof Session
  | typeof Revocation
  | typeof LoginLink
  | typeof StaffMember
  | typeof PersonEmail
  | typeof PasswordCredential
  | typeof TotpCredential
  | typeof RecoveryCode
  | typeof SignInChallenge
  | typeof StaffInvitation
  | typeof OwnerCode
  | typeof SignInThrottle
  | typeof UsedTelegramProof
  | typeof Passkey
  | typeof ApiKey,
  TableNames
>;
