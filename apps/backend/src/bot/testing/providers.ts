/** Payment services of the bot's tests: a link for each payment, nothing ever paid. */
import { money, type Clock } from '@opora/kernel';
import { expect } from 'vitest';
import {
  ProviderUnavailable,
  type PaymentProvider,
  type ProviderId,
} from '../../modules/payments/index.ts';

/** Cards in roubles and Stars; `isAway` makes both unreachable. */
export function createTestProviders(
  clock: Clock,
  isAway: () => boolean,
): Map<ProviderId, PaymentProvider> {
  const notHere = (): never => expect.unreachable();
  const pending = (paymentId: string, amount: ReturnType<typeof money>) => ({
    reference: paymentId,
    paymentId,
    state: 'pending' as const,
    amount,
    refunded: money(0n, amount.currency),
    createdAt: clock.now(),
    reason: undefined,
    isTest: false,
  });
  const cards: PaymentProvider = {
    id: 'yookassa',
    capabilities: {
      currencies: ['RUB'],
      webhookProof: 'lookup',
      capture: false,
      cancel: false,
      refunds: 'none',
      lists: false,
      savedMethods: 'none',
    },
    async start({ paymentId, amount }) {
      if (isAway()) throw new ProviderUnavailable('away');
      const payment = pending(paymentId, amount);
      return { reference: paymentId, checkoutUrl: `https://pay.example/${paymentId}`, payment };
    },
    lookup: async (reference) => pending(reference, money(199_00n, 'RUB')),
    acknowledge: () => ({ status: 200, headers: {}, body: '' }),
    verify: notHere,
    list: notHere,
    ...{ capture: notHere, cancel: notHere, refund: notHere, charge: notHere },
  };
  const stars: PaymentProvider = {
    ...cards,
    id: 'stars',
    capabilities: { ...cards.capabilities, currencies: ['XTR'] },
  };
  return new Map([cards, stars].map((provider) => [provider.id, provider]));
}
