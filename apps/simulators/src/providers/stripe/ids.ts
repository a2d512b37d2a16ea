import type { World } from '../../world.ts';

export type IdKind = keyof typeof PREFIXES;

const PREFIXES = {
  session: 'cs_test_',
  intent: 'pi_',
  charge: 'ch_',
  refund: 're_',
  dispute: 'dp_',
  customer: 'cus_',
  method: 'pm_',
  event: 'evt_',
  request: 'req_',
} as const;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const CHANCE_SIGNS = 12;
const NUMBER_DIGITS = 6;

/** The next id in the vendor's form: `pi_3SVtAa2eZvKYlo2C00001a`. */
export function nextId(world: World, kind: IdKind): string {
  let chance = '';
  for (let at = 0; at < CHANCE_SIGNS; at += 1) {
    chance += ALPHABET[Math.floor(world.chance() * ALPHABET.length)] ?? '';
  }
  // The counter keeps ids apart even when a restart repeats the seeded numbers.
  const number = world.store.sequence('stripe.ids').toString(36).padStart(NUMBER_DIGITS, '0');
  return `${PREFIXES[kind]}3${chance}${number}`;
}
