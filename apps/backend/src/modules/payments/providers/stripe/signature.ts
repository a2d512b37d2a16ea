/**
 * Who a notice is from: the vendor's library judges the signature, by our clock and over the raw
 * bytes. Schemes other than `v1` are not looked at.
 */
import { createHmac } from 'node:crypto';
import Stripe from 'stripe';
import { WebhookRejected } from '../../errors.ts';
import type { RawWebhook } from '../../provider.ts';

/** How far the signed time may be from ours, either way, in seconds: what the vendor's SDK takes. */
const TOLERANCE_SECONDS = 300;
/** Longest signature header: about twenty signatures. */
const HEADER_MAX = 2_048;
/** The library judges only how old a notice is; ours below looks both ways, and after it. */
const NO_TOLERANCE = 0;

/** The library signs text. As Latin-1 a text is its bytes, so not one of them can change unseen. */
class OverBytes extends Stripe.CryptoProvider {
  override computeHMACSignature(text: string, secret: string): string {
    return createHmac('sha256', secret).update(text, 'latin1').digest('hex');
  }
}
const overBytes = new OverBytes();

/** Throws `WebhookRejected`. Any of our secrets may fit any of the signatures: two while one is replaced. */
export function checkSignature(raw: RawWebhook, secrets: readonly string[]): void {
  const { header, time } = readHeader(raw.headers['stripe-signature']);
  const text = raw.body.toString('latin1');
  const receivedMs = raw.receivedAt.getTime();
  const fits = (secret: string): boolean => {
    try {
      const by = [secret, NO_TOLERANCE, overBytes, receivedMs] as const;
      return Stripe.webhooks.signature?.verifyHeader(text, header, ...by) === true;
    } catch {
      // It throws an error of any class, by what is wrong with the header.
      return false;
    }
  };
  if (!secrets.some(fits)) throw new WebhookRejected('signature', 'no signature fits');
  const ageSeconds = Math.trunc(receivedMs / 1000 - time);
  if (Math.abs(ageSeconds) > TOLERANCE_SECONDS) {
    throw new WebhookRejected('stale', `signed ${String(ageSeconds)} s before it came`);
  }
}

/** One time only, or it would be unclear which one was signed; the library takes the last. */
function readHeader(given: string | undefined): { header: string; time: number } {
  if (given === undefined) throw new WebhookRejected('signature', 'no Stripe-Signature');
  if (given.length > HEADER_MAX) throw new WebhookRejected('signature', 'endless header');
  const header = given.replaceAll(' ', '');
  const [time, ...more] = header.split(',').filter((part) => part.startsWith('t='));
  if (time === undefined || more.length > 0 || !/^t=\d{1,12}$/.test(time)) {
    throw new WebhookRejected('signature', 'no time in the header');
  }
  return { header, time: Number(time.slice(2)) };
}
