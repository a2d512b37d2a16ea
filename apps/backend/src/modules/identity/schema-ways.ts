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
