import type { World } from '../../world.ts';
import type { Fields } from './fields.ts';
import { HOUR_MS } from './payment.ts';

/** What a charge of a saved method meets: no buyer is there to choose, so a drill does. */
export const SAVED_CHARGES = ['succeeded', 'insufficient_funds', 'permission_revoked'] as const;

/** The shop's cabinet: what a merchant sets by hand at the vendor, and what a drill changes. */
export type Settings = Readonly<{
  notificationUrl: string;
  /** 54-FZ receipts by YooKassa are switched on: a payment without one is refused. */
  receiptsRequired: boolean;
  /** Waits before the second and later tries of a notification, in milliseconds. */
  repeatsMs: readonly number[];
  /** The vendor's fee in hundredths of a percent. */
  feeBps: number;
  savedCharge: (typeof SAVED_CHARGES)[number];
}>;

export interface Cabinet {
  settings(): Settings;
  /** Changes the given fields; a sentence says what is wrong, and then nothing is changed. */
  change(fields: Fields): string | undefined;
}

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
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
const REPEATS_MAX = 100;
const FEE_MAX_BPS = 10_000;
const FEE_BPS = 350;
const KEY = 'settings';

export function openCabinet(world: World): Cabinet {
  const stored = world.store.collection<Partial<Settings>>('yookassa.settings');
  const standard: Settings = {
    notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/yookassa`,
    receiptsRequired: false,
    repeatsMs: REPEATS_MS,
    feeBps: FEE_BPS,
    savedCharge: 'succeeded',
  };
  return {
    settings: () => ({ ...standard, ...stored.get(KEY) }),
    change(fields) {
      const fault = checkSettings(fields);
      if (fault !== undefined) return fault;
      stored.put(KEY, { ...stored.get(KEY), ...fields });
      return undefined;
    },
  };
}

const CHECKS: Readonly<Record<keyof Settings, readonly [(value: unknown) => boolean, string]>> = {
  notificationUrl: [
    (value) => typeof value === 'string' && /^https?:$/.test(URL.parse(value)?.protocol ?? ''),
    'notificationUrl must be an http address',
  ],
  receiptsRequired: [
    (value) => typeof value === 'boolean',
    'receiptsRequired must be true or false',
  ],
  repeatsMs: [
    (value) => Array.isArray(value) && value.length <= REPEATS_MAX && value.every(isWait),
    `repeatsMs must be at most ${String(REPEATS_MAX)} waits in milliseconds`,
  ],
  feeBps: [
    (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= FEE_MAX_BPS,
    'feeBps must be a whole number from 0 to 10000',
  ],
  savedCharge: [
    (value) => SAVED_CHARGES.some((each) => each === value),
    `savedCharge must be one of ${SAVED_CHARGES.join(', ')}`,
  ],
};

function checkSettings(fields: Fields): string | undefined {
  for (const [name, value] of Object.entries(fields)) {
    const check = Object.entries(CHECKS).find(([known]) => known === name)?.[1];
    if (check === undefined) return `unknown setting: ${name}`;
    if (!check[0](value)) return check[1];
  }
  return undefined;
}

const isWait = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 24 * HOUR_MS;
