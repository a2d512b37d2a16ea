import type { World } from '../../world.ts';
import { type Cabinet, HOUR_MS, MINUTE_MS, openCabinet, type Settings } from '../cabinet.ts';

/** What a charge of a renewal meets: no buyer is there to choose, so a drill does. */
export const RENEWALS = ['success', 'failed'] as const;

export type ShopSettings = Settings &
  Readonly<{
    /** The vendor's fee in hundredths of a percent. */
    feeBps: number;
    renewal: (typeof RENEWALS)[number];
  }>;

/** The vendor's current page: about a day in all. */
const REPEATS_MS: readonly number[] = [
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  4 * HOUR_MS,
  8 * HOUR_MS,
  8 * HOUR_MS,
];
const FEE_BPS = 800;
const FEE_MAX_BPS = 10_000;

export const openShopCabinet = (world: World): Cabinet<ShopSettings> =>
  openCabinet<ShopSettings>(world, 'tribute', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/tribute`,
      repeatsMs: REPEATS_MS,
      feeBps: FEE_BPS,
      renewal: 'success',
    },
    checks: {
      feeBps: [
        (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FEE_MAX_BPS,
        'feeBps must be a whole number from 0 to 10000',
      ],
      renewal: [
        (value) => RENEWALS.some((each) => each === value),
        `renewal must be one of ${RENEWALS.join(', ')}`,
      ],
    },
  });
