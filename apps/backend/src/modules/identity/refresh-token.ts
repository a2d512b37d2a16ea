/**
 * `<session id>.<secret>.<tag>`. The tag is our own mark on the first two: a secret somebody made up
 * for a session id they saw is told from an old token of ours, so it neither ends nor touches the
 * session. Only the hash of the whole is stored.
 */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { Ids } from '@opora/kernel';
import type { Sealing } from '../../platform/sealing/index.ts';
import { SECRET_BYTES } from './one-time.ts';

const PURPOSE = 'refresh';
const FORM = /^(ses_[0-9a-z]{26})\.[A-Za-z0-9_-]{43}$/;
const NONCE_BYTES = 12;
const BODY_AT = NONCE_BYTES + 16;

export function newRefreshToken(
  deps: { sealing: Sealing; ids: Pick<Ids, 'secret'> },
  sessionId: string,
): string {
  const text = `${sessionId}.${deps.ids.secret(SECRET_BYTES)}`;
  return `${text}.${deps.sealing.mac(PURPOSE, text)}`;
}

/** The session a token of ours belongs to, however old it is; undefined for what is not ours. */
export function sessionOf(sealing: Sealing, token: string): string | undefined {
  const cut = token.lastIndexOf('.');
  const text = token.slice(0, Math.max(0, cut));
  const id = FORM.exec(text)?.[1];
  return id !== undefined && sealing.verifies(PURPOSE, text, token.slice(cut + 1)) ? id : undefined;
}

/** Sealed with the token it replaces, which only its holder has: the table alone opens nothing. */
export function sealSuccessor(successor: string, oldToken: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', keyOf(oldToken), nonce);
  const sealed = Buffer.concat([cipher.update(successor, 'utf8'), cipher.final()]);
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64url');
}

export function unsealSuccessor(text: string, oldToken: string): string {
  const blob = Buffer.from(text, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(oldToken), blob.subarray(0, NONCE_BYTES));
  decipher.setAuthTag(blob.subarray(NONCE_BYTES, BODY_AT));
  return Buffer.concat([decipher.update(blob.subarray(BODY_AT)), decipher.final()]).toString();
}

function keyOf(oldToken: string): Buffer {
  return Buffer.from(hkdfSync('sha256', oldToken, '', 'opora refresh successor', 32));
}
