import type { Clock } from '@opora/kernel';
import { RedisAway } from '../redis/index.ts';
import { SlidingWindow, type Limit, type Taken } from './sliding-window.ts';

/** Shares of a limit that is not strict overlap a little: no balancer shares evenly. */
const OVERLAP = 1.5;
/** While what others let through before the loss may still be in the window, all together may add this. */
const AFTER_LOSS = 0.5;

/** PORT: counts that several processes share, and may lose. */
export interface LimitStore {
  /** Throws `RedisAway`: the caller decides alone. */
  take(key: string, limit: Limit): Promise<Taken>;
  /** Milliseconds since it came back; infinite: it was not lost since the first time; 0: away. */
  readonly steadyMs: number;
  /** Hears of each loss, and how long it had held before. */
  onLoss(listener: (steadyMs: number) => void): void;
}

/**
 * One limit for `instances` processes. While the store is there it counts for all; without one each
 * process lets its share through. Whatever a process lets through it counts itself as well, so the
 * loss of the store is no fresh start. For one window after a loss, and after a return (the store may
 * have come back empty), both counts must agree. At most one and a half limits pass in any window.
 */
export class SharedWindow {
  readonly #clock: Clock;
  readonly #windowMs: number;
  readonly #instances: number;
  readonly #store: LimitStore | undefined;
  /** What this process let through, whoever counted. */
  readonly #own: SlidingWindow;
  /** Of that, what nobody else could know of. */
  readonly #alone: SlidingWindow;
  /** Until then the store's word alone was enough somewhere. */
  #sharedUntilMs: number;

  constructor(deps: {
    clock: Clock;
    windowMs: number;
    instances: number;
    store: LimitStore | undefined;
  }) {
    const { clock, windowMs, instances, store } = deps;
    this.#clock = clock;
    this.#windowMs = windowMs;
    this.#instances = instances;
    this.#store = store;
    this.#own = new SlidingWindow(clock, windowMs);
    this.#alone = new SlidingWindow(clock, windowMs);
    this.#sharedUntilMs = clock.monotonicMs();
    store?.onLoss((steadyMs) => {
      if (steadyMs >= windowMs) this.#sharedUntilMs = clock.monotonicMs();
    });
  }

  /** At once without a store. */
  take(key: string, limit: Limit): Taken | Promise<Taken> {
    return this.#store === undefined
      ? this.#own.take(key, this.#shareOf(limit))
      : this.#takeFrom(this.#store, key, limit);
  }

  async #takeFrom(store: LimitStore, key: string, limit: Limit): Promise<Taken> {
    const alone = store.steadyMs < this.#windowMs ? this.#takeAlone(key, limit) : undefined;
    if (alone?.allowed === false) return alone;
    try {
      const taken = await store.take(key, limit);
      const isCounted = taken.allowed || limit.isStrict === true;
      if (alone === undefined && isCounted) this.#own.note(key);
      return taken;
    } catch (error) {
      if (!(error instanceof RedisAway)) throw error;
      return alone ?? this.#takeAlone(key, limit);
    }
  }

  #takeAlone(key: string, limit: Limit): Taken {
    const share = this.#shareOf(limit);
    const hasRoom = this.#own.used(key) < share.most;
    if (hasRoom && this.#instances > 1 && this.#isSharedLately()) {
      const most = Math.max(1, Math.floor((AFTER_LOSS * limit.most) / this.#instances));
      const extra = this.#alone.take(key, { most });
      if (!extra.allowed) return extra;
    }
    return this.#own.take(key, share);
  }

  /** Others may have let calls through that are still in the window. */
  #isSharedLately(): boolean {
    const isShared = (this.#store?.steadyMs ?? 0) >= this.#windowMs;
    return isShared || this.#clock.monotonicMs() - this.#sharedUntilMs < this.#windowMs;
  }

  #shareOf({ most, isStrict = false }: Limit): Limit {
    if (this.#instances === 1) return { most, isStrict };
    const share = (most / this.#instances) * (isStrict ? 1 : OVERLAP);
    return { most: Math.max(1, Math.floor(Math.min(most, share))), isStrict };
  }
}
