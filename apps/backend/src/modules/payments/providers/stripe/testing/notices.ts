/** For tests of this adapter: notices as the vendor signs them. */
import { createHmac } from 'node:crypto';
import type { RawWebhook } from '../../../provider.ts';
import { SIGNING } from './stage.ts';

export const AT = new Date('2026-11-20T20:47:11Z');

/** A notice as the vendor signs it. */
export function signed(body: Buffer | string, secret = SIGNING, at = AT): RawWebhook {
  const time = String(Math.floor(at.getTime() / 1000));
  const mark = createHmac('sha256', secret).update(`${time}.`).update(body).digest('hex');
  return {
    method: 'POST',
    query: '',
    headers: { 'stripe-signature': `t=${time},v1=${mark}` },
    body: Buffer.from(body),
    remoteAddress: '203.0.113.7',
    receivedAt: AT,
  };
}
