import type { World } from '../../world.ts';
import { type Cabinet, HOUR_MS, MINUTE_MS, openCabinet, type Settings } from '../cabinet.ts';

/** How a notice is sent: a form in a POST of either kind, or all of it in a query. */
export const NOTICE_FORMS = ['post', 'multipart', 'get'] as const;
/** How `AMOUNT` is written: zeros left out (`499`), or as the link had it (`499.00`). */
export const AMOUNT_FORMS = ['short', 'as-asked'] as const;

export type ShopSettings = Settings &
  Readonly<{
    noticeForm: (typeof NOTICE_FORMS)[number];
    amountForm: (typeof AMOUNT_FORMS)[number];
    /** Giving back by API is allowed; by the cabinet it always is. */
    refundsAllowed: boolean;
    /** Where buyers are sent afterwards, whatever happened; empty: they stay. */
    successUrl: string;
  }>;

export type ShopCabinet = Cabinet<ShopSettings>;

/** The vendor does not publish when it repeats; the cabinet can always send again. */
const REPEATS_MS = [MINUTE_MS, 5 * MINUTE_MS, 15 * MINUTE_MS, HOUR_MS];

export const openShopCabinet = (world: World): ShopCabinet =>
  openCabinet<ShopSettings>(world, 'freekassa', {
    standard: {
      notificationUrl: `${world.config.gatewayUrl}/webhooks/payments/freekassa`,
      repeatsMs: REPEATS_MS,
      noticeForm: 'post',
      amountForm: 'short',
      refundsAllowed: true,
      successUrl: '',
    },
    checks: {
      noticeForm: [
        (value) => NOTICE_FORMS.some((each) => each === value),
        `noticeForm must be one of ${NOTICE_FORMS.join(', ')}`,
      ],
      amountForm: [
        (value) => AMOUNT_FORMS.some((each) => each === value),
        `amountForm must be one of ${AMOUNT_FORMS.join(', ')}`,
      ],
      refundsAllowed: [
        (value) => typeof value === 'boolean',
        'refundsAllowed must be true or false',
      ],
      successUrl: [
        (value) => value === '' || /^https?:$/.test(URL.parse(String(value))?.protocol ?? ''),
        'successUrl must be an http address or empty',
      ],
    },
  });
