/**
 * How often one person may ask: a sliding minute in the memory of this process. With several bot
 * processes a person gets that many times as much at most; the limit guards us, not the law.
 */
import type { Clock } from '@opora/kernel';

const PER_WINDOW_MAX = 30;
const WINDOW_MS = 60_000;
const PEOPLE_MAX = 10_000;

export interface RateLimit {
  /** `told`: the first refusal of a window, worth a word; later ones are silent. */
  take(personId: string): 'free' | 'told' | 'silent';
}

export function createRateLimit(clock: Clock): RateLimit {
  const people = new Map<string, { times: number[]; isTold: boolean }>();

  function forgetOldest(): void {
    const [oldest] = people.keys();
    if (people.size >= PEOPLE_MAX && oldest !== undefined) people.delete(oldest);
  }

  return {
    take(personId) {
      const now = clock.monotonicMs();
      const known = people.get(personId);
      const times = (known?.times ?? []).filter((time) => now - time < WINDOW_MS);
      const isFree = times.length < PER_WINDOW_MAX;
      // The one who asked last is the newest entry, so the forgotten one has been silent longest.
      people.delete(personId);
      forgetOldest();
      people.set(personId, { times: isFree ? [...times, now] : times, isTold: !isFree });
      if (isFree) return 'free';
      return known?.isTold === true ? 'silent' : 'told';
    },
  };
}
