import { crc32 } from 'node:zlib';
import { type Signer, signMessage } from './certificate.ts';

/** What one try of a notice is signed over, beside its bytes. */
export type Transmission = Readonly<{ id: string; time: string; webhookId: string }>;

/** `id|time|webhook id|CRC-32 of the raw body as an unsigned decimal`. */
export const signedMessage = (body: string, { id, time, webhookId }: Transmission): string =>
  [id, time, webhookId, String(crc32(body))].join('|');

/** The headers PayPal proves a notice with. */
export function signatureHeaders(
  body: string,
  transmission: Transmission,
  how: Readonly<{ signer: Signer; certificateUrl: string }>,
): Record<string, string> {
  return {
    'paypal-transmission-id': transmission.id,
    'paypal-transmission-time': transmission.time,
    'paypal-transmission-sig': signMessage(signedMessage(body, transmission), how.signer),
    'paypal-cert-url': how.certificateUrl,
    'paypal-auth-algo': 'SHA256withRSA',
    'paypal-auth-version': 'v2',
  };
}
