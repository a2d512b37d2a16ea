/**
 * What a vendor that charges by its own schedule says of that: its buyer may stop it there, take that
 * back, or have no money. What we show follows; what we have ended stays ended.
 */
import { assertNever } from '@opora/kernel';
import { endFor } from './renewals-end.ts';
import type { RenewalsDeps } from './renewals-deps.ts';
import { selectSubscription } from './repository.ts';
import { selectRenewalsOf, switchOffRenewal, switchOnAgain } from './repository-renewals.ts';

export type VendorNews = Readonly<{
  /** The payment it began with, as the vendor was told. */
  paymentId: string;
  /** Who pays it there: a link that somebody else has paid, too, is another matter. */
  payer: string;
  /** `off`: stopped by its buyer; `on`: going on again; `failed`: it could not charge, and is over. */
  state: 'on' | 'off' | 'failed';
}>;

export async function hearVendor(
  deps: RenewalsDeps,
  { paymentId, payer, state }: VendorNews,
): Promise<void> {
  const { payments, db, clock, log } = deps;
  const method = await payments.methods.savedBy(paymentId, payer);
  if (method === undefined) return;
  const { id: methodId } = method;
  log.info({ paymentId, methodId, state }, 'a vendor said how its own charges stand');
  // It goes on there though it has ended here: the vendor is told again.
  if (method.state !== 'active') {
    if (state === 'on') await db.transaction((tx) => payments.methods.endAgain(tx, methodId));
    return;
  }
  const at = clock.now();
  for (const renewal of await selectRenewalsOf(db.read, methodId)) {
    const { subscriptionId } = renewal;
    switch (state) {
      case 'off':
        await switchOffRenewal(db.read, subscriptionId, at);
        break;
      case 'on':
        await switchOnAgain(db.read, { subscriptionId, methodId, at });
        break;
      case 'failed': {
        const subscription = await selectSubscription(db.read, subscriptionId);
        if (subscription !== undefined && renewal.state === 'on')
          await endFor(deps, { renewal, subscription }, 'declined');
        break;
      }
      default:
        assertNever(state);
    }
  }
}
