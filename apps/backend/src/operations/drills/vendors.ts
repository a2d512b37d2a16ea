/** The eight payment vendors as the drills know them: what can happen at each. Pure. */

/**
 * - `refunds`   what we can give back through it
 * - `disputes`  a buyer's bank can ask the money back; `lost`: it has taken it then and there
 * - `resends`   its cabinet sends a notice again (Telegram has none: its updates are repeated by a fault)
 * - `cabinet`   the merchant gives money back in its cabinet, and we are told of that
 * - `again`     one link can be paid twice
 * - `other`     a buyer can pay another sum than the one asked for
 * - `currency`  of what is sold through it
 */
export const VENDORS = {
  yookassa: vendor({ refunds: 'partial', cabinet: true }),
  tkassa: vendor({ refunds: 'partial', cabinet: true }),
  stripe: vendor({ refunds: 'partial', cabinet: true, disputes: 'open', currency: 'USD' }),
  paypal: vendor({ refunds: 'partial', cabinet: true, disputes: 'open', currency: 'USD' }),
  cryptopay: vendor({}),
  freekassa: vendor({ refunds: 'full', again: true, other: true }),
  stars: vendor({ refunds: 'full', again: true, resends: false, currency: 'XTR' }),
  tribute: vendor({ refunds: 'full', cabinet: true, disputes: 'lost' }),
} as const;

export type VendorName = keyof typeof VENDORS;
export const VENDOR_NAMES = Object.keys(VENDORS) as VendorName[]; // its own keys

export type Vendor = Readonly<{
  refunds: 'none' | 'full' | 'partial';
  disputes: 'none' | 'open' | 'lost';
  resends: boolean;
  cabinet: boolean;
  again: boolean;
  other: boolean;
  currency: 'RUB' | 'USD' | 'XTR';
}>;

function vendor(more: Partial<Vendor>): Vendor {
  return {
    ...{ refunds: 'none', disputes: 'none', resends: true, cabinet: false },
    ...{ again: false, other: false, currency: 'RUB' },
    ...more,
  };
}
