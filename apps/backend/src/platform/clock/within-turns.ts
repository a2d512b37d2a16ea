import type { Clock } from '@opora/kernel';

/** How long is waited: so many turns of this process, each of which lasts at least `turnMs`. */
export type Turns = Readonly<{ turns: number; turnMs: number }>;

/**
 * What `work` resolves with; undefined when it is not there by then. Turns of this process and not
 * time: one that stood still, or had no time, must read what waits for it before it judges. Rejects
 * as `work` does; what comes of a late one is the caller's to hear.
 */
export async function withinTurns<T>(
  work: Promise<T>,
  { turns, turnMs, clock }: Turns & { clock: Clock },
): Promise<T | undefined> {
  for (let turn = 0; turn < turns; turn += 1) {
    const over = new AbortController();
    const late = clock.sleep(turnMs, over.signal).then(() => undefined);
    const found = await Promise.race([work, late]).finally(() => {
      over.abort();
    });
    if (found !== undefined) return found;
  }
  return undefined;
}
