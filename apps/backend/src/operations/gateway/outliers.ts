/**
 * Is one instance worse than the others? An instance that answers its check and fails or drags real
 * work (a gray failure) is found by comparing: what is true of all of them is no fault of one.
 */
import type { Clock } from '@opora/kernel';

const SAMPLES = 64;
const RECENT_MS = 5_000;
/** Fewer recent samples prove nothing. */
const SHARE_FROM = 12;
const SLOW_FROM = 4;
/** A failure share this high, and so many times the others', is the instance's own. */
const SHARE_LEAST = 0.2;
const TIMES_WORSE = 3;
/** So many times slower than the others' median, and by so much. */
const TIMES_SLOWER = 4;
const SLOWER_BY_MS = 200;

type Recent = Readonly<{ count: number; failures: number; medianMs: number }>;

/** The last tries of one instance, in a ring. */
export class Samples {
  readonly #clock: Clock;
  readonly #atMs = new Float64Array(SAMPLES).fill(-Infinity);
  readonly #tookMs = new Float64Array(SAMPLES);
  readonly #failed = new Uint8Array(SAMPLES);
  #next = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(tookMs: number, failed: boolean): void {
    this.#atMs[this.#next] = this.#clock.monotonicMs();
    this.#tookMs[this.#next] = tookMs;
    this.#failed[this.#next] = failed ? 1 : 0;
    this.#next = (this.#next + 1) % SAMPLES;
  }

  clear(): void {
    this.#atMs.fill(-Infinity);
  }

  recent(): Recent {
    const since = this.#clock.monotonicMs() - RECENT_MS;
    const took: number[] = [];
    let failures = 0;
    for (let at = 0; at < SAMPLES; at += 1) {
      if ((this.#atMs[at] ?? 0) < since) continue;
      took.push(this.#tookMs[at] ?? 0);
      failures += this.#failed[at] ?? 0;
    }
    took.sort((one, other) => one - other);
    return { count: took.length, failures, medianMs: took[took.length >> 1] ?? 0 };
  }
}

/** `slowMs`: from here on a call is as bad as this instance was; absent: it failed too often. */
export type Outlier = Readonly<{ slowMs?: number }>;

/** Undefined: as good as the others, or there is not enough to compare. */
export function outlierAmong(own: Samples, others: readonly Samples[]): Outlier | undefined {
  const mine = own.recent();
  if (mine.count < SLOW_FROM) return undefined;
  const peers = others.map((each) => each.recent()).filter(({ count }) => count >= SLOW_FROM);
  if (peers.length === 0) return undefined;
  const share = mine.failures / mine.count;
  const shareOfPeers = Math.max(...peers.map(({ count, failures }) => failures / count));
  if (mine.count >= SHARE_FROM && share >= SHARE_LEAST && share >= TIMES_WORSE * shareOfPeers) {
    return {};
  }
  const medianOfPeers = Math.max(...peers.map(({ medianMs }) => medianMs));
  const slowMs = Math.max(TIMES_SLOWER * medianOfPeers, medianOfPeers + SLOWER_BY_MS);
  return mine.medianMs >= slowMs ? { slowMs } : undefined;
}
