/**
 * Notices: signed with the SHA-256 of the app's token over the raw body. `update_id` is documented as
 * not unique, so the invoice and its status are the key. Nothing dates a delivery but the body, and
 * a repeated one changes nothing, so age is no reason to refuse.
 */
import { createHash } from 'node:crypto';
import type { Secret } from '@opora/kernel';
import { z } from 'zod';
import { ProviderProtocolError, WebhookRejected } from '../../errors.ts';
import type { Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { openSigned, type Signing } from '../signed-json.ts';
import { invoiceId, readInvoice } from './map.ts';

const envelopeSchema = z.object({ update_type: z.literal('invoice_paid') });
const noticeSchema = z.object({
  payload: z.looseObject({ invoice_id: invoiceId, status: z.string().regex(/^[a-z_]{1,32}$/) }),
});

/** The key is the 32 bytes of the token's digest: neither the token nor the digest's hex text. */
export function signingOf(token: Secret): Signing {
  return {
    header: 'crypto-pay-api-signature',
    key: createHash('sha256').update(token.reveal()).digest(),
    encoding: 'hex',
  };
}

/** Judges a notice offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(raw: RawWebhook, signing: Signing, isTest: boolean): Notice {
  const body = openSigned(raw, signing);
  if (!envelopeSchema.safeParse(body).success) {
    throw new WebhookRejected('unknown_event', 'not of a paid invoice');
  }
  const notice = noticeSchema.safeParse(body);
  if (!notice.success) throw new WebhookRejected('malformed', 'no invoice, or none with a status');
  const { payload } = notice.data;
  return {
    confirmed: true,
    event: 'invoice_paid',
    reference: payload.invoice_id,
    dedupeKey: `${payload.invoice_id}:invoice_paid:${payload.status}`,
    claims: claimsOf(payload, isTest),
  };
}

/** An invoice made elsewhere, in a coin we do not know, is a notice all the same. */
function claimsOf(payload: unknown, isTest: boolean): ProviderPayment | undefined {
  try {
    return readInvoice(payload, isTest).payment;
  } catch (error) {
    if (error instanceof ProviderProtocolError) return undefined;
    throw error;
  }
}
