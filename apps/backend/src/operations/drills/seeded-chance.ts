/** Chance from a seed: the same people do the same things in every run of a drill. */

export interface SeededChance {
  /** The next number in [0, 1). */
  next(): number;
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number;
  /** The items in another order; the given list stays as it is. */
  shuffled<T>(items: readonly T[]): T[];
}

/** Mulberry32: small, even enough for choosing, the same on every machine. */
export function createSeededChance(seed: number): SeededChance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    below,
    shuffled(items) {
      const rest = [...items];
      return items.flatMap(() => rest.splice(below(rest.length), 1));
    },
  };
}
