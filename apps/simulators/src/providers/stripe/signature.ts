import { createHmac } from 'node:crypto';

/**
 * The header `Stripe-Signature` over `<time>.<body>`. One `v1` for each secret: while a secret is
 * being replaced both are good. The vendor also adds a `v0` to test events that proves nothing.
 */
export function signatureHeader(body: string, secrets: readonly string[], at: Date): string {
  const time = Math.floor(at.getTime() / 1_000);
  const hex = (key: string): string =>
    createHmac('sha256', key)
      .update(`${String(time)}.${body}`)
      .digest('hex');
  const proofs = secrets.map((secret) => `v1=${hex(secret)}`);
  return [`t=${String(time)}`, ...proofs, `v0=${hex('test mode')}`].join(',');
}
