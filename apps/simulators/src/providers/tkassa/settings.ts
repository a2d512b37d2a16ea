import type { World } from '../../world.ts';
import { type Cabinet, DAY_MS, HOUR_MS, openCabinet, type Settings } from '../cabinet.ts';

/** What a second `Init` with the same `OrderId` does: the reference does not say, so both are played. */
export const SAME_ORDER = ['refused', 'second'] as const;
/** What `Amount` of a refund notice says: the reference does not say, so both are played. */
export const REFUND_AMOUNTS = ['part', 'rest'] as const;
/** What `Charge` of a kept card meets: no buyer is there to choose, so a drill does. */
export const SAVED_CHARGES = ['succeeded', 'noFunds', 'otherCard', 'lostCard'] as const;

/** The terminal's settings: what a merchant sets, or asks of the support. */
export type TerminalSettings = Settings &
  Readonly<{
    /** A cash register is attached: a payment without a receipt is refused. */
    receiptsRequired: boolean;
    /** `Data` stands in notices. */
    dataInNotices: boolean;
    /** `DEADLINE_EXPIRED` is told of. */
    expiryNotices: boolean;
    /** `Charge` of a kept card is allowed. */
    chargeAllowed: boolean;
    sameOrderId: (typeof SAME_ORDER)[number];
    refundAmount: (typeof REFUND_AMOUNTS)[number];
    savedCharge: (typeof SAVED_CHARGES)[number];
  }>;

export type Terminal = Cabinet<TerminalSettings>;

/** Hourly for a day, then daily for a month. */
const REPEATS_MS: readonly number[] = [
  ...Array.from({ length: 24 }, () => HOUR_MS),
  ...Array.from({ length: 30 }, () => DAY_MS),
];

export function openTerminal(world: World): Terminal {
  const flag = (name: string) =>
    [(value: unknown) => typeof value === 'boolean', `${name} must be true or false`] as const;
  const oneOf = (name: string, words: readonly string[]) =>
    [
      (value: unknown) => words.some((each) => each === value),
      `${name} must be one of ${words.join(', ')}`,
    ] as const;
  return openCabinet<TerminalSettings>(world, 'tkassa', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/tkassa`,
      repeatsMs: REPEATS_MS,
      receiptsRequired: false,
      dataInNotices: false,
      expiryNotices: false,
      chargeAllowed: false,
      sameOrderId: 'refused',
      refundAmount: 'part',
      savedCharge: 'succeeded',
    },
    checks: {
      receiptsRequired: flag('receiptsRequired'),
      dataInNotices: flag('dataInNotices'),
      expiryNotices: flag('expiryNotices'),
      chargeAllowed: flag('chargeAllowed'),
      sameOrderId: oneOf('sameOrderId', SAME_ORDER),
      refundAmount: oneOf('refundAmount', REFUND_AMOUNTS),
      savedCharge: oneOf('savedCharge', SAVED_CHARGES),
    },
  });
}
