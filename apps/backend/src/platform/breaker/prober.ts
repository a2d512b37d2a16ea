import type { Clock } from '@opora/kernel';
import type { OperatedBreaker } from './breaker.ts';

/** After a knock that was answered: the next good one brings the close nearer. */
const NEXT_GOOD_MS = 1_000;
/** After a knock that was refused without a word about its health: nothing to hurry for. */
const REFUSED_MS = 15_000;

type Knocked = Pick<OperatedBreaker, 'state' | 'retryAfterMs' | 'onChange' | 'permit' | 'settle'>;

export interface Prober {
  /**
   * From now on `knock`, a harmless call through this breaker, is made whenever the breaker is open and
   * its wait is over, until it closes. Resolves when the dependency answered, whatever it said;
   * rejects when it did not, which the breaker has counted.
   */
  watch(breaker: Knocked, knock: () => Promise<unknown>): void;
  /** Resolves when no knock is under way. */
  stop(): Promise<void>;
}

/**
 * Breakers that close without anybody's call: whoever is not offered while it rests gets no calls, and
 * would rest for ever.
 */
export function createProber({ clock }: { clock: Clock }): Prober {
  const stopping = new AbortController();
  const underway = new Set<Promise<void>>();

  async function isAnswered(breaker: Knocked, knock: () => Promise<unknown>): Promise<boolean> {
    const startedMs = clock.monotonicMs();
    try {
      await knock();
    } catch {
      return false;
    }
    // "No such payment" is an answer too, though a breaker takes no notice of a refusal.
    if (breaker.state === 'half_open' && breaker.permit()) {
      breaker.settle('success', clock.monotonicMs() - startedMs);
    }
    return true;
  }

  return {
    watch(breaker, knock) {
      let nap = new AbortController();
      let isKnocking = false;

      async function knockUntilClosed(): Promise<void> {
        let waitMs = NEXT_GOOD_MS;
        while (breaker.state !== 'closed') {
          nap = new AbortController();
          const dueMs = breaker.state === 'open' ? breaker.retryAfterMs : waitMs;
          await clock.sleep(dueMs, AbortSignal.any([nap.signal, stopping.signal]));
          if (stopping.signal.aborted) return;
          // Staff moved it, or somebody's call did: another wait is due now.
          if (nap.signal.aborted) continue;
          waitMs = (await isAnswered(breaker, knock)) ? NEXT_GOOD_MS : REFUSED_MS;
        }
      }

      breaker.onChange((state) => {
        nap.abort();
        if (state !== 'open' || isKnocking || stopping.signal.aborted) return;
        isKnocking = true;
        const done = knockUntilClosed().finally(() => {
          isKnocking = false;
          underway.delete(done);
        });
        underway.add(done);
      });
    },
    async stop() {
      stopping.abort();
      await Promise.all(underway);
    },
  };
}
