import type { World } from '../../world.ts';

/** The vendor's ids begin with the seconds since this moment. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const SECONDS_DIGITS = 8;
const HALF_DIGITS = 6;
const MIDDLES = { payment: '000f-5000-8000', refund: '0015-5000-8000', error: '00ff-5000-8000' };

/** The next id in the vendor's form: `2e7a1c3d-000f-5000-8000-1b2c3d4e5f60`. */
export function nextVendorId(world: World, kind: keyof typeof MIDDLES): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const seconds = Math.floor((world.clock.now().getTime() - EPOCH_MS) / 1_000);
  const chance = Math.floor(world.chance() * 16 ** HALF_DIGITS);
  // The counter keeps ids apart even when a restart repeats the seeded numbers.
  const number = world.store.sequence('yookassa.ids');
  const tail = hex(chance, HALF_DIGITS) + hex(number, HALF_DIGITS);
  return `${hex(seconds, SECONDS_DIGITS)}-${MIDDLES[kind]}-${tail}`;
}
