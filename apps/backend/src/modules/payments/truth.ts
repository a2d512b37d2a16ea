import type { PaymentsDeps } from './deps.ts';
import { ProviderPaymentMissing } from './errors.ts';
import type { Payment } from './payment.ts';
import type { ProviderPayment } from './provider.ts';
import { providerOf } from './start.ts';

/**
 * What the provider says of a payment; undefined while there is nothing at it to speak of. One that
 * was given a link but no id (a vendor that names its object only when it is paid) is asked about
 * by our own.
 */
export async function truthOf(
  deps: PaymentsDeps,
  { provider, id, reference, checkoutUrl, amount }: Payment,
): Promise<ProviderPayment | undefined> {
  if (reference !== undefined) return providerOf(deps, provider).lookup(reference, amount);
  if (checkoutUrl === undefined) return undefined;
  try {
    return await providerOf(deps, provider).lookup(id, amount);
  } catch (error) {
    if (error instanceof ProviderPaymentMissing) return undefined;
    throw error;
  }
}
