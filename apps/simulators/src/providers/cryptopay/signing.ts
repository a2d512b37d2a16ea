import { createHash, createHmac } from 'node:crypto';

/**
 * The header `crypto-pay-api-signature`: lower-case hex HMAC-SHA256 of the exact body, its key being
 * the 32 raw bytes of SHA-256 of the app's token.
 */
export function signBody(body: string | Buffer, token: string): string {
  const key = createHash('sha256').update(token).digest();
  return createHmac('sha256', key).update(body).digest('hex');
}
