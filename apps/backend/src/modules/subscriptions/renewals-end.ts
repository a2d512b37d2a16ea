/** A renewal ends for a reason, and its owner is told of it once. */
import type { EndReason, Renewal } from './renewal.ts';
import type { RenewalsDeps } from './renewals-deps.ts';
import { endRenewal } from './repository-renewals.ts';
import type { Subscription } from './subscription.ts';

export async function endFor(
  deps: RenewalsDeps,
  { renewal, subscription }: Readonly<{ renewal: Renewal; subscription: Subscription }>,
  why: EndReason,
): Promise<void> {
  const { subscriptionId, personId, methodId, provider } = renewal;
  const term = subscription.expiresAt;
  const at = deps.clock.now();
  await deps.db.transaction(async (tx) => {
    // The method first, as its owner does who removes it.
    if (why === 'stop') await deps.payments.methods.refuse(tx, methodId);
    if (deps.payments.chargesItself(provider)) await deps.payments.methods.retire(tx, methodId);
    if (!(await endRenewal(tx, { renewal, why, at }))) return;
    await deps.publish(tx, [{ type: 'renewal.ended', subscriptionId, personId, term, why }]);
  });
}
