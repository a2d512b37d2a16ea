import type { World } from '../../world.ts';
import {
  type Cabinet,
  HOUR_MS,
  MINUTE_MS,
  openCabinet,
  SECOND_MS,
  type Settings,
} from '../cabinet.ts';
import { DECLINES } from './intent.ts';
import { STRIPE_CURRENCIES } from './sum.ts';

/** What a charge without the buyer meets: nobody is there to choose, so a drill does. */
export const SAVED_CHARGES = ['succeeded', 'processing', ...keysOf(DECLINES)] as const;
/** What becomes of a refund: a card's is done at once, others are only begun. */
export const REFUNDS = ['succeeded', 'pending'] as const;

export type StripeSettings = Settings &
  Readonly<{
    /** What the account takes. Roubles: not without asking the vendor. */
    currencies: readonly string[];
    savedCharge: (typeof SAVED_CHARGES)[number];
    refund: (typeof REFUNDS)[number];
    /** How long the money of a delayed method is on its way, in milliseconds. */
    delayMs: number;
  }>;

/** Growing pauses, together just under the three days the vendor promises. */
const REPEATS_MS: readonly number[] = [
  5 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  ...Array.from({ length: 4 }, () => 12 * HOUR_MS),
];
const DELAY_MS = 5 * MINUTE_MS;
const DELAY_MAX_MS = 14 * 24 * HOUR_MS;

export const openStripeCabinet = (world: World): Cabinet<StripeSettings> =>
  openCabinet<StripeSettings>(world, 'stripe', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/stripe`,
      repeatsMs: REPEATS_MS,
      currencies: ['usd', 'eur'],
      savedCharge: 'succeeded',
      refund: 'succeeded',
      delayMs: DELAY_MS,
    },
    checks: {
      currencies: [
        (value) => Array.isArray(value) && value.every((each) => isOneOf(STRIPE_CURRENCIES, each)),
        `currencies must be a list of ${STRIPE_CURRENCIES.join(', ')}`,
      ],
      savedCharge: [
        (value) => isOneOf(SAVED_CHARGES, value),
        `savedCharge must be one of ${SAVED_CHARGES.join(', ')}`,
      ],
      refund: [(value) => isOneOf(REFUNDS, value), `refund must be one of ${REFUNDS.join(', ')}`],
      delayMs: [
        (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= DELAY_MAX_MS,
        'delayMs must be whole milliseconds, at most 14 days',
      ],
    },
  });

const isOneOf = (words: readonly unknown[], value: unknown): boolean => words.includes(value);

function keysOf<T extends object>(table: T): readonly (keyof T)[] {
  return Object.keys(table) as (keyof T)[]; // a closed table: its keys are all there are
}
