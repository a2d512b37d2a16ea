/**
 * What an account should be by our books, and how far it is from that. Pure. Nothing is taken from a
 * payer without evidence (principle 10): what the panel gives beyond the books stays, and is only
 * reported. The evidence is an expiry in our books that has passed, whether by time or because a
 * refund or an act of staff moved it to now.
 */
import type { Plan } from '../catalog/index.ts';
import type { Subscription } from '../subscriptions/index.ts';
import type { PanelAccount, WantedAccount } from './panel.ts';

/** A panel may store milliseconds less exactly than we do; more than this is another date. */
export const EXPIRY_TOLERANCE_MS = 1_000;
/** A panel takes no expiry in the past, so access that has ended by our books ends so soon. */
export const ENDS_SOON_MS = 60_000;

/** From rare to often: a period that starts more often gives more. */
const RESETS = ['none', 'month', 'month_rolling', 'week', 'day'];

export type Aspect = 'expiry' | 'traffic' | 'reset' | 'devices' | 'squads';
export type Difference = Readonly<{ aspect: Aspect; panel: string; books: string }>;

export function wantedBy(
  subscription: Subscription,
  plan: Plan,
  given: Pick<WantedAccount, 'username' | 'squads' | 'telegramId'>,
): WantedAccount {
  return {
    ...given,
    expiresAt: subscription.expiresAt,
    trafficLimitBytes: plan.trafficBytes,
    trafficReset: plan.trafficBytes === 0n ? 'none' : 'month_rolling',
    deviceLimit: plan.devices,
    description: subscription.id,
  };
}

/** A new revision: limits as the books say, an expiry that comes earlier only where it has passed. */
export function bought(wanted: WantedAccount, held: PanelAccount, at: Date): WantedAccount {
  const soon = new Date(at.getTime() + ENDS_SOON_MS);
  return {
    ...wanted,
    expiresAt: hasEnded(wanted, at)
      ? sooner(held.expiresAt, soon)
      : later(held.expiresAt, wanted.expiresAt),
  };
}

/** A repair: no less than was bought, and whatever the account has beyond that. */
export function inLine(wanted: WantedAccount, held: PanelAccount, at: Date): WantedAccount {
  const reset = held.trafficReset ?? wanted.trafficReset;
  const isOftener = RESETS.indexOf(reset) > RESETS.indexOf(wanted.trafficReset);
  return {
    ...bought(wanted, held, at),
    trafficLimitBytes: widest(wanted.trafficLimitBytes, held.trafficLimitBytes, 0n),
    trafficReset: isOftener ? reset : wanted.trafficReset,
    deviceLimit: widest(wanted.deviceLimit, held.deviceLimit ?? wanted.deviceLimit, 0),
    squads: [...new Set([...wanted.squads, ...held.squads])],
  };
}

/** `lacks`: what a repair would change. `exceeds`: what it leaves, though nobody bought it. */
export function compare(
  wanted: WantedAccount,
  account: PanelAccount,
  at: Date,
): { lacks: Difference[]; exceeds: Difference[] } {
  const offMs = Math.abs(account.expiresAt.getTime() - wanted.expiresAt.getTime());
  const isNear = offMs <= EXPIRY_TOLERANCE_MS;
  const held = isNear ? { ...account, expiresAt: wanted.expiresAt } : account;
  const target = inLine(wanted, held, at);
  // Of access that has ended nothing matters but that it has ended.
  const aspects = hasEnded(wanted, at) ? (['expiry'] as const) : ASPECTS;
  const differing = (one: Comparable, other: Comparable): Difference[] =>
    aspects
      .filter((aspect) => SHOWN[aspect](one) !== SHOWN[aspect](other))
      .map((aspect) => ({ aspect, panel: SHOWN[aspect](held), books: SHOWN[aspect](wanted) }));
  return {
    lacks: differing(target, held),
    exceeds: hasEnded(wanted, at) ? [] : differing(target, wanted),
  };
}

export function hasEnded({ expiresAt }: Pick<WantedAccount, 'expiresAt'>, at: Date): boolean {
  return expiresAt.getTime() <= at.getTime();
}

/** Switched off, or called expired with time on it: a payer who gets nothing. */
export function isOff({ status, expiresAt }: PanelAccount, at: Date): boolean {
  return status === 'DISABLED' || (status === 'EXPIRED' && expiresAt.getTime() > at.getTime());
}

type Comparable = Pick<
  WantedAccount | PanelAccount,
  'expiresAt' | 'trafficLimitBytes' | 'trafficReset' | 'deviceLimit' | 'squads'
>;

const ASPECTS = ['expiry', 'traffic', 'reset', 'devices', 'squads'] as const;
/** Each aspect as text: compared and shown by it. */
const SHOWN: Readonly<Record<Aspect, (one: Comparable) => string>> = {
  expiry: ({ expiresAt }) => expiresAt.toISOString(),
  traffic: ({ trafficLimitBytes }) => trafficLimitBytes.toString(),
  reset: ({ trafficReset }) => trafficReset ?? 'unknown',
  devices: ({ deviceLimit }) => String(deviceLimit ?? 'of the panel'),
  squads: ({ squads }) => squads.toSorted().join(' ') || 'none',
};

const later = (one: Date, other: Date): Date => (one.getTime() >= other.getTime() ? one : other);
const sooner = (one: Date, other: Date): Date => (one.getTime() <= other.getTime() ? one : other);

/** The larger of two limits, where `none` lifts it. */
function widest<T extends number | bigint>(one: T, other: T, none: T): T {
  if (one === none || other === none) return none;
  return one > other ? one : other;
}
