import { defineEntity, p } from '@mikro-orm/postgresql';

/** One human, however many ways they reach us. Personal data stays in this module's tables. */
export const Person = defineEntity({
  name: 'Person',
  tableName: 'person',
  properties: {
    id: p.text().primary(),
    name: p.text(),
    language: p.text(),
    state: p.text().default('active'),
    createdAt: p.datetime(6),
  },
  indexes: [
    { name: 'person_created_idx', properties: ['createdAt', 'id'] },
    {
      name: 'person_short_id_idx',
      expression: 'create index "person_short_id_idx" on "person" (right("id", 6))',
    },
    {
      name: 'person_name_trgm_idx',
      expression: 'create index "person_name_trgm_idx" on "person" using gin ("name" gin_trgm_ops)',
    },
  ],
  checks: [
    { name: 'person_language_check', expression: "language in ('ru', 'en')" },
    { name: 'person_state_check', expression: "state in ('active', 'banned')" },
  ],
});

/** How a person is known elsewhere; keyed by the provider's subject, never by a name or e-mail. */
export const PersonIdentity = defineEntity({
  name: 'PersonIdentity',
  tableName: 'person_identity',
  properties: {
    provider: p.text().primary(),
    subject: p.text().primary(),
    personId: p.text(),
    username: p.text().nullable(),
    /** The person blocked our bot: messages wait until they come back. */
    blockedAt: p.datetime(6).nullable(),
    createdAt: p.datetime(6),
  },
  indexes: [
    { name: 'person_identity_person_idx', properties: ['personId'] },
    {
      name: 'person_identity_username_idx',
      expression:
        'create index "person_identity_username_idx" on "person_identity" (lower("username"))',
    },
  ],
});

/** A signed-in device: the family of its refresh tokens. */
export const Session = defineEntity({
  name: 'Session',
  tableName: 'session',
  properties: {
    id: p.text().primary(),
    personId: p.text(),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6),
    revokedAt: p.datetime(6).nullable(),
    revokedReason: p.text().nullable(),
    /** SHA-256 of the current refresh token; the plain text is never stored. */
    refreshHash: p.text(),
    refreshExpiresAt: p.datetime(6),
    rotatedAt: p.datetime(6),
    /** The one before it and, sealed with it, the successor it was exchanged for. */
    previousHash: p.text().nullable(),
    sealedSuccessor: p.text().nullable(),
    /** Staff rights need a session of staff: a bot link never opens one. */
    kind: p.text().default('customer'),
    /** How the person proved to be who they are: words of RFC 8176 with blanks between. */
    amr: p.text().default('otp'),
    secondFactorAt: p.datetime(6).nullable(),
    /** When its person last proved to be themselves in it, after the sign-in. */
    provedAt: p.datetime(6).nullable(),
    /** Sessions of staff end half an hour after it. */
    lastSeenAt: p.datetime(6).defaultRaw('now()'),
    userAgent: p.text().nullable(),
    address: p.text().nullable(),
  },
  checks: [{ name: 'session_kind_check', expression: "kind in ('customer', 'staff')" }],
  uniques: [
    { name: 'session_refresh_hash_key', properties: ['refreshHash'] },
    { name: 'session_previous_hash_key', properties: ['previousHash'] },
  ],
  indexes: [
    { name: 'session_person_idx', properties: ['personId'] },
    {
      name: 'session_revoked_idx',
      properties: ['revokedAt', 'id'],
      where: 'revoked_at is not null',
    },
  ],
});

/**
 * What ends tokens without an end of one session: one token, or all that were issued before a time,
 * of a person or of everybody. Kept longer than any session lives.
 */
export const Revocation = defineEntity({
  name: 'Revocation',
  tableName: 'revocation',
  properties: {
    id: p.text().primary(),
    kind: p.text(),
    /** The token's id or the person's; empty for everybody. */
    subject: p.text(),
    /** A whole second: so are the times in tokens. */
    issuedBefore: p.datetime(6),
    at: p.datetime(6),
  },
  checks: [
    { name: 'revocation_kind_check', expression: "kind in ('token', 'person', 'everybody')" },
  ],
  indexes: [
    { name: 'revocation_at_idx', properties: ['at', 'id'] },
    { name: 'revocation_kind_idx', properties: ['kind', 'issuedBefore'] },
  ],
});

/** A one-time link from the bot into the web cabinet; only its hash is kept. */
export const LoginLink = defineEntity({
  name: 'LoginLink',
  tableName: 'login_link',
  properties: {
    hash: p.text().primary(),
    personId: p.text(),
    expiresAt: p.datetime(6),
    usedAt: p.datetime(6).nullable(),
    /** What it opened: a second try of the same press puts another in its place. */
    sessionId: p.text().nullable(),
  },
});
