/** Calls that wait for one instance's answer at once; more only make each of them later. */
export const WAITING_MAX = 128;
/** So few are no queue, however slow the instance is. */
export const WAITING_LEAST = 16;
/** When even the quickest answer took longer, everybody stood in a queue, milliseconds. */
export const QUEUED_MS = 100;
export const LOOK_EVERY_MS = 100;
const [SHRINK, GROW] = [0.75, 1.1];

/**
 * How many calls may wait for one instance: as many as it answers soon. Judged by the quickest answer
 * of each tenth of a second, as CoDel judges packets: a slow call among quick ones is slow by nature,
 * and only a queue makes all of them slow.
 */
export class Room {
  #most = WAITING_MAX;
  #quickestMs = Infinity;
  #lookedMs = Number.NEGATIVE_INFINITY;

  get most(): number {
    return this.#most;
  }

  /** An answer came after `tookMs`, and `waiting` others are still waited for. */
  note({ tookMs, waiting, nowMs }: { tookMs: number; waiting: number; nowMs: number }): void {
    this.#quickestMs = Math.min(this.#quickestMs, tookMs);
    if (nowMs - this.#lookedMs < LOOK_EVERY_MS) return;
    const isQueue = this.#quickestMs > QUEUED_MS && waiting >= WAITING_LEAST;
    const most = this.#most * (isQueue ? SHRINK : GROW);
    this.#most = Math.min(WAITING_MAX, Math.max(WAITING_LEAST, most));
    this.#quickestMs = Infinity;
    this.#lookedMs = nowMs;
  }
}
