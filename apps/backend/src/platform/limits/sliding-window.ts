import type { Clock } from '@opora/kernel';

/** A window is counted in so many parts: an event leaves the count with its part. */
export const PARTS = 10;
const RING = PARTS + 1;
/** About 200 bytes each. */
const KEYS_MAX = 50_000;

/** So many in a window; strict: what is refused makes the wait longer. */
export type Limit = Readonly<{ most: number; isStrict?: boolean }>;

/**
 * `most`: the limit that was applied; `left`: how many more may come at once; `resetMs`: until the
 * count falls, when it was refused.
 */
export type Taken = Readonly<{ allowed: boolean; most: number; left: number; resetMs: number }>;

type Counted = { newest: number; sum: number; readonly counts: number[] };

export class SlidingWindow {
  readonly #clock: Clock;
  readonly #partMs: number;
  readonly #keysMax: number;
  readonly #keys = new Map<string, Counted>();

  constructor(clock: Clock, windowMs: number, keysMax = KEYS_MAX) {
    this.#clock = clock;
    this.#partMs = windowMs / PARTS;
    this.#keysMax = keysMax;
  }

  get size(): number {
    return this.#keys.size;
  }

  /** Looks first, counts then: what is refused does not make the wait longer, unless it is strict. */
  take(key: string, { most, isStrict = false }: Limit): Taken {
    const nowMs = this.#clock.monotonicMs();
    const counted = this.#at(key, Math.floor(nowMs / this.#partMs));
    const allowed = counted.sum < most;
    if (allowed || isStrict) this.#add(counted);
    const left = Math.max(0, most - counted.sum);
    return { allowed, most, left, resetMs: this.#untilRoom(counted, most, nowMs) };
  }

  /** Counts whatever the sum is, and tells it. */
  note(key: string): number {
    const counted = this.#at(key, Math.floor(this.#clock.monotonicMs() / this.#partMs));
    this.#add(counted);
    return counted.sum;
  }

  /** How much of the window is used; counts nothing and remembers nothing. */
  used(key: string): number {
    const known = this.#keys.get(key);
    if (known === undefined) return 0;
    return roll(known, Math.floor(this.#clock.monotonicMs() / this.#partMs)).sum;
  }

  forget(key: string): void {
    this.#keys.delete(key);
  }

  #add(counted: Counted): void {
    counted.counts[counted.newest % RING] = (counted.counts[counted.newest % RING] ?? 0) + 1;
    counted.sum += 1;
  }

  #at(key: string, part: number): Counted {
    const known = this.#keys.get(key);
    if (known !== undefined) {
      if (known.newest === part) return known;
      // Seen again: now it is the youngest of the map.
      this.#keys.delete(key);
      this.#keys.set(key, known);
      return roll(known, part);
    }
    const fresh = { newest: part, sum: 0, counts: new Array<number>(RING).fill(0) };
    this.#keys.set(key, fresh);
    if (this.#keys.size > this.#keysMax) {
      const idle = this.#keys.keys().next().value;
      if (idle !== undefined) this.#keys.delete(idle);
    }
    return fresh;
  }

  /** Until one more would be let through, or until the oldest part leaves when there is room now. */
  #untilRoom({ newest, sum, counts }: Counted, most: number, nowMs: number): number {
    let left = sum;
    for (let age = PARTS; age >= 0; age -= 1) {
      const count = counts[(newest - age + RING) % RING] ?? 0;
      if (count === 0) continue;
      left -= count;
      if (left < most) return Math.ceil((newest - age + RING) * this.#partMs - nowMs);
    }
    return 0;
  }
}

/** Parts that are too old leave the sum. */
function roll(counted: Counted, part: number): Counted {
  const steps = Math.min(part - counted.newest, RING);
  for (let step = 1; step <= steps; step += 1) {
    const at = (counted.newest + step) % RING;
    counted.sum -= counted.counts[at] ?? 0;
    counted.counts[at] = 0;
  }
  counted.newest = part;
  return counted;
}
