import type { World } from '../../world.ts';
import {
  type Cabinet,
  HOUR_MS,
  MINUTE_MS,
  openCabinet,
  SECOND_MS,
  type Settings,
} from '../cabinet.ts';

/** What the owner of the app sets in the vendor's bot, and what a drill changes. */
export type AppSettings = Settings &
  Readonly<{
    /** The vendor's fee in hundredths of a percent. */
    feeBps: number;
  }>;

/** The vendor repeats "some times" and publishes no numbers: this short schedule is our guess. */
const REPEATS_MS: readonly number[] = [
  10 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  15 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
];
const FEE_BPS = 100;
const FEE_MAX_BPS = 10_000;

export const openAppCabinet = (world: World): Cabinet<AppSettings> =>
  openCabinet<AppSettings>(world, 'cryptopay', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/cryptopay`,
      repeatsMs: REPEATS_MS,
      feeBps: FEE_BPS,
    },
    checks: {
      feeBps: [
        (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FEE_MAX_BPS,
        'feeBps must be a whole number from 0 to 10000',
      ],
    },
  });
