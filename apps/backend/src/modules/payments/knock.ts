import type { Clock } from '@opora/kernel';
import { ProviderPaymentMissing } from './errors.ts';
import type { PaymentProvider } from './provider.ts';

/** Short enough to bring next to nothing back. */
const WINDOW_MS = 60_000;
/** No payment has this id: that the vendor says so is all we ask. */
const NOBODYS = 'OPORA-KNOCKS';

/**
 * Asks a provider for what hardly anything comes back of, and nothing is made or changed: the payments
 * of the last minute, or, where there are no lists, a payment nobody made. Resolves when it let us in,
 * else rejects with what it said.
 */
export async function knock(provider: PaymentProvider, clock: Clock): Promise<void> {
  if (provider.capabilities.lists) {
    const to = clock.now();
    const window = { from: new Date(to.getTime() - WINDOW_MS), to };
    for await (const _payment of provider.list(window)) break;
    return;
  }
  try {
    await provider.lookup(provider.nobodys ?? NOBODYS);
  } catch (error) {
    if (!(error instanceof ProviderPaymentMissing)) throw error;
  }
}
