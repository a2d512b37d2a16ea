import type { SubscriptionWire } from '@opora/contracts';
import type { Tone } from '../../shared/ui/status.tsx';

/** How a subscription stands, as its card says it. Bad is only what is off. */
export type Standing = Readonly<{
  kind: 'pending' | 'active' | 'expiring' | 'grace' | 'expired';
  tone: Tone;
  /** Whole days to the end; 0 on the last day and after it. */
  daysLeft: number;
  /** The link works, or will work again by itself after a payment. */
  isUsable: boolean;
}>;

const DAY_MS = 86_400_000;
const WARN_DAYS = 3;

export function standingOf(
  subscription: Pick<SubscriptionWire, 'state' | 'endsAt'>,
  now: Date,
): Standing {
  const leftMs = Date.parse(subscription.endsAt) - now.getTime();
  const daysLeft = Math.max(0, Math.floor(leftMs / DAY_MS));
  switch (subscription.state) {
    case 'pending':
      return { kind: 'pending', tone: 'info', daysLeft, isUsable: false };
    case 'grace':
      return { kind: 'grace', tone: 'warn', daysLeft, isUsable: true };
    case 'expired':
    case 'cancelled':
      return { kind: 'expired', tone: 'bad', daysLeft: 0, isUsable: false };
    case 'active':
      return daysLeft < WARN_DAYS
        ? { kind: 'expiring', tone: 'warn', daysLeft, isUsable: true }
        : { kind: 'active', tone: 'good', daysLeft, isUsable: true };
  }
}
