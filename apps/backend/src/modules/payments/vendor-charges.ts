/** Who charges the next terms: we do, by what was saved, or the vendor by its own schedule. */
import type { PaymentsDeps } from './deps.ts';
import type { ProviderId } from './provider.ts';
import { applyFacts } from './settle.ts';
import { truthOf } from './truth.ts';

export interface VendorCharges {
  /** Who pays through it can let us keep the method, and we charge it. */
  keepsMethods(provider: ProviderId): boolean;
  /** It charges by its own schedule and tells us of each charge. */
  chargesItself(provider: ProviderId): boolean;
  /** How long after the end of a term such a charge may still come, milliseconds. */
  chargesLateMs(provider: ProviderId): number;
  /** Asks the vendor about the payment again, whatever is known of it: true when that moved money. */
  askAgain(paymentId: string): Promise<boolean>;
  /** A term of so many days can be bought through it so that the next ones follow. */
  canRenew(provider: ProviderId, termDays: number): boolean;
}

const DAY_MS = 24 * 3_600_000;

export function createVendorCharges(deps: PaymentsDeps): VendorCharges {
  const of = (provider: ProviderId) => deps.providers.get(provider)?.capabilities;
  return {
    keepsMethods: (provider) => of(provider)?.savedMethods === 'merchant',
    chargesItself: (provider) => of(provider)?.savedMethods === 'provider',
    chargesLateMs: (provider) => (of(provider)?.chargesLateDays ?? 1) * DAY_MS,
    canRenew: (provider, termDays) =>
      of(provider)?.savedMethods === 'merchant' || of(provider)?.chargesEveryDays === termDays,
    async askAgain(paymentId) {
      const payment = await deps.find(paymentId);
      const truth = await truthOf(deps, payment);
      if (truth === undefined) return false;
      const fact = { provider: payment.provider, payment: truth, source: 'janitor' as const };
      const outcomes = await applyFacts(deps, [{ ...fact, notices: [] }]);
      return outcomes.some(({ isProof }) => isProof);
    },
  };
}
