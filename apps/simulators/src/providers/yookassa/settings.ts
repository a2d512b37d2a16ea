import type { World } from '../../world.ts';
import {
  type Cabinet,
  type Check,
  HOUR_MS,
  MINUTE_MS,
  openCabinet,
  SECOND_MS,
  type Settings,
} from '../cabinet.ts';

/** What a charge of a saved method meets: no buyer is there to choose, so a drill does. */
export const SAVED_CHARGES = [
  'succeeded',
  'insufficient_funds',
  'card_expired',
  'permission_revoked',
] as const;

/** The shop's cabinet: what a merchant sets by hand at the vendor, and what a drill changes. */
export type ShopSettings = Settings &
  Readonly<{
    /** 54-FZ receipts by YooKassa are switched on: a payment without one is refused. */
    receiptsRequired: boolean;
    /** The vendor's fee in hundredths of a percent. */
    feeBps: number;
    savedCharge: (typeof SAVED_CHARGES)[number];
    /** The shop's manager allowed automatic payments: methods are kept and charged. */
    autopayments: boolean;
  }>;

export type ShopCabinet = Cabinet<ShopSettings>;

const HOURLY_REPEATS = 22;
/** Dense at first, then hourly, together just under the 24 hours the vendor promises. */
const REPEATS_MS: readonly number[] = [
  5 * SECOND_MS,
  15 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  ...Array.from({ length: HOURLY_REPEATS }, () => HOUR_MS),
];
const FEE_MAX_BPS = 10_000;
const FEE_BPS = 350;

const flag = (name: string): Check => [
  (value) => typeof value === 'boolean',
  `${name} must be true or false`,
];

export const openShopCabinet = (world: World): ShopCabinet =>
  openCabinet<ShopSettings>(world, 'yookassa', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/yookassa`,
      receiptsRequired: false,
      repeatsMs: REPEATS_MS,
      feeBps: FEE_BPS,
      savedCharge: 'succeeded',
      autopayments: true,
    },
    checks: {
      receiptsRequired: flag('receiptsRequired'),
      autopayments: flag('autopayments'),
      feeBps: [
        (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FEE_MAX_BPS,
        'feeBps must be a whole number from 0 to 10000',
      ],
      savedCharge: [
        (value) => SAVED_CHARGES.some((each) => each === value),
        `savedCharge must be one of ${SAVED_CHARGES.join(', ')}`,
      ],
    },
  });
