import type { World } from '../../world.ts';
import {
  type Cabinet,
  HOUR_MS,
  MINUTE_MS,
  openCabinet,
  SECOND_MS,
  type Settings,
} from '../cabinet.ts';

/** What a charge of a saved wallet meets: nobody is there to choose, so a drill does. */
export const SAVED_CHARGES = ['succeeded', 'pending', 'declined', 'blocked', 'revoked'] as const;
/** What becomes of a refund: at once, or only begun (an e-check). */
export const REFUNDS = ['COMPLETED', 'PENDING'] as const;

export type PaypalSettings = Settings &
  Readonly<{
    savedCharge: (typeof SAVED_CHARGES)[number];
    refund: (typeof REFUNDS)[number];
    /** How long money under review stays there, in milliseconds. */
    reviewMs: number;
  }>;

/** 24 repeats after the first try, together just under the three days the vendor promises. */
const REPEATS_MS: readonly number[] = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  ...Array.from({ length: 18 }, () => 3.75 * HOUR_MS),
];
const REVIEW_MS = 5 * MINUTE_MS;
const REVIEW_MAX_MS = 14 * 24 * HOUR_MS;

export const openPaypalCabinet = (world: World): Cabinet<PaypalSettings> =>
  openCabinet<PaypalSettings>(world, 'paypal', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/paypal`,
      repeatsMs: REPEATS_MS,
      savedCharge: 'succeeded',
      refund: 'COMPLETED',
      reviewMs: REVIEW_MS,
    },
    checks: {
      savedCharge: [
        (value) => SAVED_CHARGES.some((each) => each === value),
        `savedCharge must be one of ${SAVED_CHARGES.join(', ')}`,
      ],
      refund: [
        (value) => REFUNDS.some((each) => each === value),
        `refund must be one of ${REFUNDS.join(', ')}`,
      ],
      reviewMs: [
        (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= REVIEW_MAX_MS,
        'reviewMs must be whole milliseconds, at most 14 days',
      ],
    },
  });
