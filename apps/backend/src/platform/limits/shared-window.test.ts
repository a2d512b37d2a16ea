import { createManualClock, type ManualClock } from '@opora/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RedisAway } from '../redis/index.ts';
import { SharedWindow, SlidingWindow, type Limit, type LimitStore } from './index.ts';

const MINUTE = 60_000;

/** A store that is lost and returns as told, with its counts or without them. */
class Store implements LimitStore {
  readonly #clock: ManualClock;
  readonly #listeners: ((steadyMs: number) => void)[] = [];
  #counts: SlidingWindow;
  #sinceMs: number | undefined = Number.NEGATIVE_INFINITY;

  constructor(clock: ManualClock) {
    this.#clock = clock;
    this.#counts = new SlidingWindow(clock, MINUTE);
  }

  get steadyMs(): number {
    return this.#sinceMs === undefined ? 0 : this.#clock.monotonicMs() - this.#sinceMs;
  }

  onLoss(listener: (steadyMs: number) => void): void {
    this.#listeners.push(listener);
  }

  take(key: string, limit: Limit) {
    if (this.#sinceMs === undefined) return Promise.reject(new RedisAway('as told'));
    return Promise.resolve(this.#counts.take(key, limit));
  }

  lose(): void {
    const { steadyMs } = this;
    if (this.#sinceMs === undefined) return;
    this.#sinceMs = undefined;
    for (const listener of this.#listeners) listener(steadyMs);
  }

  comeBack(isEmpty: boolean): void {
    if (this.#sinceMs !== undefined) return;
    this.#sinceMs = this.#clock.monotonicMs();
    if (isEmpty) this.#counts = new SlidingWindow(this.#clock, MINUTE);
  }
}

function fleet(instances: number) {
  const clock = createManualClock();
  const store = new Store(clock);
  const make = () => new SharedWindow({ clock, windowMs: MINUTE, instances, store });
  const gateways = Array.from({ length: instances }, make);
  const take = async (at: number, limit: Limit) =>
    (await gateways[at % instances]?.take('a', limit))?.allowed === true;
  /** How many of so many tries pass at one gateway. */
  const passed = async (at: number, tries: number, limit: Limit) => {
    let count = 0;
    for (let one = 0; one < tries; one += 1) if (await take(at, limit)) count += 1;
    return count;
  };
  return { clock, store, take, passed };
}

describe('a limit that several share', () => {
  it('is the limit while the store is there, however the calls fall', async () => {
    const { passed } = fleet(3);
    expect(await passed(0, 20, { most: 30 })).toBe(20);
    expect(await passed(1, 20, { most: 30 })).toBe(10);
    expect(await passed(2, 20, { most: 30 })).toBe(0);
  });

  it('is a share of each without the store: half as much again together, a strict one no more', async () => {
    const { passed, clock, store } = fleet(2);
    store.lose();
    await clock.advance(MINUTE);
    const plain = (await passed(0, 100, { most: 40 })) + (await passed(1, 100, { most: 40 }));
    expect(plain).toBe(60);
    await clock.advance(2 * MINUTE);
    const strict = { most: 40, isStrict: true };
    expect((await passed(0, 100, strict)) + (await passed(1, 100, strict))).toBe(40);
  });

  it('of one gateway alone is the same with the store and without it', async () => {
    const { passed, store } = fleet(1);
    expect(await passed(0, 20, { most: 30 })).toBe(20);
    store.lose();
    expect(await passed(0, 20, { most: 30 })).toBe(10);
    store.comeBack(true);
    expect(await passed(0, 20, { most: 30 })).toBe(0);
  });

  it('is never a total block: whoever was let in elsewhere gets something here as well', async () => {
    const { passed, store } = fleet(2);
    await passed(0, 30, { most: 30 });
    store.lose();
    expect(await passed(1, 30, { most: 30 })).toBe(7);
  });

  it('lets at most one and a half limits through in any minute, over losses and returns (A4)', async () => {
    const step = fc.oneof(
      { weight: 30, arbitrary: fc.record({ do: fc.constant('take'), at: fc.nat(3) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('burst'), at: fc.nat(3) }) },
      { weight: 4, arbitrary: fc.record({ do: fc.constant('wait'), at: fc.nat(30_000) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('lose'), at: fc.nat(1) }) },
      { weight: 1, arbitrary: fc.record({ do: fc.constant('return'), at: fc.nat(1) }) },
    );
    const steps = fc.array(step, { minLength: 10, maxLength: 120 });
    const shape = { instances: fc.integer({ min: 1, max: 4 }), isStrict: fc.boolean() };
    await fc.assert(
      fc.asyncProperty(steps, fc.record(shape), async (story, { instances, isStrict }) => {
        const { clock, store, take } = fleet(instances);
        const limit = { most: 8, isStrict };
        const passed: number[] = [];
        for (const one of story) {
          const tries = one.do === 'take' ? 1 : one.do === 'burst' ? limit.most : 0;
          for (let at = 0; at < tries; at += 1) {
            if (await take(one.at, limit)) passed.push(clock.monotonicMs());
          }
          if (one.do === 'wait') await clock.advance(one.at);
          if (one.do === 'lose') store.lose();
          if (one.do === 'return') store.comeBack(one.at === 1);
        }
        const inWindow = passed.map((to) => passed.filter((at) => at <= to && to - at < MINUTE));
        const most = Math.max(0, ...inWindow.map(({ length }) => length));
        expect(most).toBeLessThanOrEqual(1.5 * limit.most);
      }),
      { numRuns: 300 },
    );
  });
});
