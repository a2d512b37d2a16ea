/** What may leave an adapter, whatever came in: small, storable, and in words of our own. */
import { expect } from 'vitest';
import {
  ProviderPaymentMissing,
  ProviderProtocolError,
  ProviderRefused,
  ProviderUnavailable,
  WebhookRejected,
} from '../../errors.ts';
import { judge, type Payment } from '../../payment.ts';
import type { Notice, PaymentProvider, ProviderPayment, RawWebhook } from '../../provider.ts';

/** An index of the database takes no longer key. */
const KEY_MAX = 1_024;
const TEXT_MAX = 4_096;
const STATES = ['pending', 'authorised', 'settled', 'cancelled', 'disputed', 'unrecognised'];

/** The notice, or undefined when it was refused as the port allows; a crash fails the test. */
export async function judged(
  provider: PaymentProvider,
  raw: RawWebhook,
): Promise<Notice | undefined> {
  try {
    const notice = await provider.verify(raw);
    expectSoundNotice(notice);
    return notice;
  } catch (error) {
    if (error instanceof WebhookRejected) return undefined;
    throw error;
  }
}

/** What the call gave, or undefined when it failed as the port allows. */
export async function answered(call: () => Promise<unknown>): Promise<unknown> {
  try {
    return await call();
  } catch (error) {
    const declared = [
      ProviderPaymentMissing,
      ProviderProtocolError,
      ProviderRefused,
      ProviderUnavailable,
    ];
    if (declared.some((one) => error instanceof one)) return undefined;
    throw error;
  }
}

export function expectSoundPayment(payment: ProviderPayment): void {
  const { reference, state, amount, refunded, paymentId, reason, createdAt } = payment;
  expect(STATES).toContain(state);
  expectStorable(KEY_MAX, reference, paymentId);
  expectStorable(TEXT_MAX, reason);
  expect(amount.minor).toBeGreaterThanOrEqual(0n);
  expect(refunded.minor).toBeGreaterThanOrEqual(0n);
  expect(refunded.currency).toBe(amount.currency);
  if (createdAt !== undefined) expect(createdAt.getTime()).not.toBeNaN();
}

/** True: the one writer would book this as the money of our payment. */
export function isMoneyOf(payment: Payment, fact: ProviderPayment | undefined): boolean {
  if (fact === undefined) return false;
  const judgement = judge(payment, fact, { provider: payment.provider, acceptsTest: true });
  return judgement.outcome === 'moved' && judgement.moneyIn !== undefined;
}

function expectSoundNotice({ confirmed, event, reference, dedupeKey, claims }: Notice): void {
  expect(typeof confirmed).toBe('boolean');
  expectStorable(KEY_MAX, event, reference, dedupeKey);
  expect(dedupeKey).not.toBe('');
  if (claims !== undefined) expectSoundPayment(claims);
}

/** The database takes neither NUL nor halves of characters. */
function expectStorable(max: number, ...texts: readonly (string | undefined)[]): void {
  for (const text of texts) {
    if (text === undefined) continue;
    expect(text.isWellFormed() && !text.includes('\0'), 'a text the database takes').toBe(true);
    expect(text.length).toBeLessThanOrEqual(max);
  }
}
