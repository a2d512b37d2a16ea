import { createHash } from 'node:crypto';
import type { World } from '../world.ts';

const URL_SAFE = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_';

/** Invented values: the same for the same seed, and never the same twice in one store. */
export interface RandomSource {
  uuid(): string;
  /** `length` (up to 32) characters of `a-z A-Z 0-9 - _`. */
  text(length: number): string;
}

/**
 * The world's seeded numbers start over when the process does, while the store does not; so each
 * value is a hash of one such number and a counter that the store keeps.
 */
export function randomSource(world: World): RandomSource {
  const seed = String(world.chance());
  const next = (): Buffer =>
    createHash('sha256')
      .update(`${seed} ${String(world.store.sequence('remnawave.random'))}`)
      .digest();
  return {
    uuid() {
      const hex = next().toString('hex');
      return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        `4${hex.slice(13, 16)}`,
        `a${hex.slice(17, 20)}`,
        hex.slice(20, 32),
      ].join('-');
    },
    text: (length) =>
      [...next()]
        .slice(0, length)
        .map((byte) => URL_SAFE[byte % URL_SAFE.length])
        .join(''),
  };
}
