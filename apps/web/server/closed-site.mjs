import { createHash, timingSafeEqual } from 'node:crypto';

/** Whoever is let in says this name; only the word behind it is a secret. */
const USER = 'opora';

/**
 * The door of a site that is not for everybody, as staging is: one word for all who test there, asked
 * by the browser itself (RFC 7617). Without a word the site is open.
 * @param {string | undefined} password
 */
export function createDoor(password) {
  const wanted = password === undefined ? undefined : digest(`${USER}:${password}`);
  /** @param {string | undefined} authorization the header as it came */
  function lets(authorization) {
    if (wanted === undefined) return true;
    const [, said = ''] = /^Basic ([A-Za-z0-9+/]+={0,2})$/i.exec(authorization ?? '') ?? [];
    return timingSafeEqual(wanted, digest(Buffer.from(said, 'base64')));
  }
  return { isClosed: wanted !== undefined, lets };
}

/** What a browser is asked with. */
export const ASK = 'Basic realm="Opora", charset="UTF-8"';

/**
 * Of one length, so that the comparison tells nothing of the word.
 * @param {string | Buffer} text
 */
function digest(text) {
  return createHash('sha256').update(text).digest();
}
