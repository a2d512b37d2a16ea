import { createHmac } from 'node:crypto';

/**
 * The header `trbt-signature`: HMAC-SHA256 of the exact body, the API key's text being the key. The
 * vendor's text names no encoding; lower-case hex is what the integrations in the world compare.
 */
export const signBody = (body: string | Buffer, apiKey: string): string =>
  createHmac('sha256', apiKey).update(body).digest('hex');
