/**
 * Which days are due: yesterday, and the same day again later, because refunds and disputes come
 * weeks after their payment. Each begins when the day is final with every vendor.
 */
import type { PaymentsDeps } from './deps.ts';
import { reconcile } from './reconcile.ts';
import { selectTries } from './repository-reconciliation.ts';

const DAY_MS = 24 * 3_600_000;
const DAYS_BACK = [1, 3, 7, 30] as const;
/** After midnight UTC: links of the last minute have ended, and the day of Moscow is closed too. */
const FINAL_AFTER_MS = 3 * 3_600_000;
/** A day that could not be read to its end is tried again after this. */
const AGAIN_AFTER_MS = 3_600_000;

/** Reconciles one provider and day that is due; returns how many there were to do, 0 or 1. */
export async function reconcileDue(deps: PaymentsDeps): Promise<number> {
  const now = deps.clock.now().getTime();
  const midnight = Math.floor(now / DAY_MS) * DAY_MS;
  const opens = midnight + FINAL_AFTER_MS;
  if (now < opens) return 0;
  const days = DAYS_BACK.map((back) => dayOf(new Date(midnight - back * DAY_MS)));
  const tries = await selectTries(deps.db.read, days);
  for (const day of days) {
    for (const provider of deps.providers.keys()) {
      const known = tries.find((one) => one.provider === provider && one.day === day);
      const isRead = (known?.readAt?.getTime() ?? 0) >= opens;
      const isTried = (known?.triedAt.getTime() ?? 0) > now - AGAIN_AFTER_MS;
      if (isRead || isTried) continue;
      const run = await reconcile(deps, { provider, day });
      return run === undefined ? 0 : 1;
    }
  }
  return 0;
}

/** The day of UTC, `2026-11-24`. */
export function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
