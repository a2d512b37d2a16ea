/** Payment services of the bot's tests: a link for each payment, paid when the test says so. */
import { money, Secret, type Clock, type Money } from '@opora/kernel';
import { expect } from 'vitest';
import {
  ProviderUnavailable,
  type PaymentProvider,
  type ProviderId,
} from '../../modules/payments/index.ts';

/**
 * Cards in roubles and Stars; `isAway` makes both unreachable, `paid` names payments by our ids. With
 * `keeps` a card is saved for whom agreed, and Stars are charged again by Telegram.
 */
export function createTestProviders(
  clock: Clock,
  { isAway, paid, keeps }: { isAway: () => boolean; paid: ReadonlySet<string>; keeps: boolean },
): Map<ProviderId, PaymentProvider> {
  const asked = new Map<string, Money>();
  const agreed = new Set<string>();
  const saved = (currency: string) => ({
    token: new Secret('token-1'),
    title: currency === 'XTR' ? 'Telegram Stars' : '•• 4477',
    expiresAt: undefined,
  });
  const notHere = (): never => expect.unreachable();
  const known = (paymentId: string, amount: Money) => ({
    reference: paymentId,
    paymentId,
    state: paid.has(paymentId) ? ('settled' as const) : ('pending' as const),
    amount,
    refunded: money(0n, amount.currency),
    createdAt: clock.now(),
    reason: undefined,
    isTest: false,
    ...(paid.has(paymentId) && agreed.has(paymentId)
      ? { savedMethod: saved(amount.currency) }
      : {}),
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
      savedMethods: keeps ? 'merchant' : 'none',
    },
    async start({ paymentId, amount, saveMethod }) {
      if (isAway()) throw new ProviderUnavailable('away');
      asked.set(paymentId, amount);
      if (saveMethod === true) agreed.add(paymentId);
      const payment = known(paymentId, amount);
      return { reference: paymentId, checkoutUrl: `https://pay.example/${paymentId}`, payment };
    },
    lookup: async (reference) => known(reference, asked.get(reference) ?? money(0n, 'RUB')),
    acknowledge: () => ({ status: 200, headers: {}, body: '' }),
    verify: notHere,
    list: notHere,
    ...{ capture: notHere, cancel: notHere, refund: notHere, charge: notHere },
  };
  const stars: PaymentProvider = {
    ...cards,
    id: 'stars',
    capabilities: {
      ...cards.capabilities,
      currencies: ['XTR'],
      ...(keeps ? { savedMethods: 'provider', chargesEveryDays: 30 } : {}),
    },
    isPayer: () => true,
  };
  return new Map([cards, stars].map((provider) => [provider.id, provider]));
}
