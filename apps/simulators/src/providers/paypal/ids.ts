import type { World } from '../../world.ts';

const ALPHABET = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const NUMBER_SIGNS = 6;

/** The next id in the vendor's form: `5O190127TN364715T`. */
export function nextId(world: World, signs = 17): string {
  let chance = '';
  while (chance.length < signs - NUMBER_SIGNS) {
    chance += ALPHABET[Math.floor(world.chance() * ALPHABET.length)] ?? '';
  }
  // The counter keeps ids apart even when a restart repeats the seeded numbers.
  const number = world.store.sequence('paypal.ids').toString(36).padStart(NUMBER_SIGNS, '0');
  return chance + number.toUpperCase();
}

/** The id of an event: `WH-58D329510W468432D-8HN650336L201105X`. */
export const nextEventId = (world: World): string => `WH-${nextId(world)}-${nextId(world)}`;

/** The id of one transmission, of a token, of an error: a UUID by its form. */
export function nextUuid(world: World): string {
  const hex = (signs: number): string =>
    Math.floor(world.chance() * 16 ** signs)
      .toString(16)
      .padStart(signs, '0');
  const number = world.store.sequence('paypal.ids').toString(16).padStart(12, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${number}`;
}
