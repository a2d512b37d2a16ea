import { defineEntity, p } from '@mikro-orm/postgresql';

/** Telegram's word about somebody opened a session: the same word opens no second one. */
export const UsedTelegramProof = defineEntity({
  name: 'UsedTelegramProof',
  tableName: 'used_telegram_proof',
  properties: {
    hash: p.text().primary(),
    /** From then on it is too old anyhow. */
    expiresAt: p.datetime(6),
  },
  indexes: [{ name: 'used_telegram_proof_expires_idx', properties: ['expiresAt'] }],
});

/** A key that a person's device or key ring keeps; we have its public half only. */
export const Passkey = defineEntity({
  name: 'Passkey',
  tableName: 'passkey',
  properties: {
    /** The credential's own id, base64url. */
    id: p.text().primary(),
    personId: p.text(),
    /** COSE, base64url. */
    publicKey: p.text(),
    /** How often it says it was used; key rings that copy their keys always say 0. */
    counter: p.bigint(),
    /** How a browser reaches it, with blanks between. */
    transports: p.text(),
    /** As its owner calls it. */
    name: p.text(),
    createdAt: p.datetime(6),
    usedAt: p.datetime(6).nullable(),
  },
  indexes: [{ name: 'passkey_person_idx', properties: ['personId'] }],
});

/** A secret with which a program calls in somebody's name; only its hash is kept. */
export const ApiKey = defineEntity({
  name: 'ApiKey',
  tableName: 'api_key',
  properties: {
    id: p.text().primary(),
    personId: p.text(),
    /** Of staff a key follows the member's role, of a customer it reads own data. */
    kind: p.text(),
    /** The part by which it is found. */
    publicId: p.text(),
    /** SHA-256 of its 256 bits. */
    secretHash: p.text(),
    /** What may be shown: `opk_live_` and the public part. */
    prefix: p.text(),
    name: p.text(),
    /** Rights with blanks between. */
    scopes: p.text(),
    /** Addresses and networks with blanks between; empty: any. */
    networks: p.text().default(''),
    createdAt: p.datetime(6),
    expiresAt: p.datetime(6),
    /** To the minute. */
    usedAt: p.datetime(6).nullable(),
    revokedAt: p.datetime(6).nullable(),
  },
  checks: [{ name: 'api_key_kind_check', expression: "kind in ('staff', 'customer')" }],
  uniques: [{ name: 'api_key_public_id_key', properties: ['publicId'] }],
  indexes: [
    { name: 'api_key_person_idx', properties: ['personId'] },
    {
      name: 'api_key_revoked_idx',
      properties: ['revokedAt', 'id'],
      where: 'revoked_at is not null',
    },
  ],
});
