/**
 * Updates about Stars, as the bot hands them over. Nothing in them is signed: what proves them is the
 * secret we gave Telegram with the webhook, in a header of each call. A repeat has the same charge,
 * and one invoice paid twice has two: the charge is the key, the payload is not.
 */
import { money, type Secret } from '@opora/kernel';
import { z } from 'zod';
import { isEqualText } from '../../../../platform/equal-text/index.ts';
import { WebhookRejected } from '../../errors.ts';
import type { Notice, ProviderPayment, RawWebhook } from '../../provider.ts';
import { assertReadable, readJson } from '../signed-json.ts';
import { chargeId, payload, stars, unixTime } from './map.ts';

export const SECRET_HEADER = 'x-telegram-bot-api-secret-token';

const moneySchema = z.object({
  currency: z.literal('XTR'),
  total_amount: stars,
  invoice_payload: z.string().min(1).max(128),
  telegram_payment_charge_id: chargeId,
});
const updateSchema = z.union([
  z.object({ message: z.looseObject({ successful_payment: z.unknown() }) }),
  z.object({ message: z.looseObject({ refunded_payment: z.unknown() }) }),
  z.object({ pre_checkout_query: z.unknown() }),
]);
const paidSchema = z.object({
  message: z.object({ date: unixTime, successful_payment: moneySchema }),
});
const backSchema = z.object({
  message: z.object({ date: unixTime, refunded_payment: moneySchema }),
});
const askedSchema = z.object({
  pre_checkout_query: z.object({
    id: z.string().regex(/^\w{1,64}$/),
    currency: z.literal('XTR'),
    total_amount: stars,
    invoice_payload: payload,
  }),
});

/** Judges an update offline; throws `WebhookRejected` and nothing else. */
export function verifyNotice(raw: RawWebhook, secret: Secret): Notice {
  assertReadable(raw);
  const given = raw.headers[SECRET_HEADER] ?? '';
  if (given === '' || !isEqualText(given, secret.reveal())) {
    throw new WebhookRejected('signature', 'not the secret we gave Telegram');
  }
  const body = readJson(raw.body);
  if (!updateSchema.safeParse(body).success) {
    throw new WebhookRejected('unknown_event', 'an update that is not about Stars');
  }
  const paid = paidSchema.safeParse(body).data?.message;
  if (paid !== undefined) return noticeOf('successful_payment', paid.successful_payment, paid.date);
  const back = backSchema.safeParse(body).data?.message;
  if (back !== undefined) return noticeOf('refunded_payment', back.refunded_payment, back.date);
  const asked = askedSchema.safeParse(body).data?.pre_checkout_query;
  if (asked !== undefined) return askedNotice(asked, raw.receivedAt);
  throw new WebhookRejected('malformed', 'not a sum of stars with its charge');
}

function noticeOf(
  event: 'successful_payment' | 'refunded_payment',
  said: z.infer<typeof moneySchema>,
  date: number,
): Notice {
  const reference = said.telegram_payment_charge_id;
  const amount = said.total_amount;
  const isBack = event === 'refunded_payment';
  return {
    confirmed: true,
    event,
    reference,
    dedupeKey: `${reference}:${event}`,
    claims: {
      ...{ reference, state: 'settled', amount, refunded: isBack ? amount : money(0n, 'XTR') },
      paymentId: said.invoice_payload,
      reason: undefined,
      createdAt: new Date(date * 1_000),
      isTest: false,
    },
  };
}

/** A question, not money: the bot answers it at the door and hands it on to nobody. */
function askedNotice(
  asked: z.infer<typeof askedSchema>['pre_checkout_query'],
  receivedAt: Date,
): Notice {
  const claims: ProviderPayment = {
    reference: asked.invoice_payload,
    state: 'pending',
    amount: asked.total_amount,
    refunded: money(0n, 'XTR'),
    paymentId: asked.invoice_payload,
    reason: undefined,
    createdAt: receivedAt,
    isTest: false,
  };
  return {
    confirmed: true,
    event: 'pre_checkout_query',
    reference: asked.invoice_payload,
    dedupeKey: `${asked.id}:pre_checkout_query`,
    claims,
  };
}
