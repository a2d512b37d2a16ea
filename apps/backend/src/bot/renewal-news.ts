import type { BotDeps } from './deps.ts';
import type { Update } from './incoming.ts';

const STANDS = { canceled: 'off', active: 'on', failed: 'failed' } as const;

/** Telegram charges by itself, and its buyer changed that there: what we show follows. */
export async function hearSubscription(
  { subscriptions }: Pick<BotDeps, 'subscriptions'>,
  { user, invoice_payload: paymentId, state }: NonNullable<Update['subscription']>,
): Promise<void> {
  const payer = String(user.id);
  await subscriptions.renewals.hear({ paymentId, payer, state: STANDS[state] });
}
