import { INNER_PATHS, RevocationsWire } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { AuthClient } from './auth-client.ts';

/** How often the feed is asked: a revocation counts here well within a second. */
export const FEED_EVERY_MS = 250;
/** The whole list again, in case a commit became visible later than the times in it say. */
const WHOLE_EVERY_MS = 10_000;
/** Each question reaches back this far: transactions are seen in another order than their times. */
const OVERLAP_MS = 5_000;
/** No token counts longer at any level (resilience 9), so an older end need not be remembered. */
const KEPT_MS = 25 * 3_600_000;
/** Ends that are remembered; more in a day are a flood, and the oldest give way. */
const KEPT_MAX = 500_000;

/** Sessions that have ended, as far as this gateway knows: it never forgets one that could matter. */
export class Revocations {
  readonly #clock: Clock;
  readonly #endedAtMs = new Map<string, number>();
  #toldUntilMs = 0;
  #wholeAtMs = Number.NEGATIVE_INFINITY;
  #syncedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds since the list was last known to be complete; infinite before the first time. */
  get ageMs(): number {
    return this.#clock.monotonicMs() - this.#syncedAtMs;
  }

  get size(): number {
    return this.#endedAtMs.size;
  }

  has(sessionId: string): boolean {
    return this.#endedAtMs.has(sessionId);
  }

  /**
   * One round: what is new, or everything when it is time; throws `AuthAway`. Resolves with the time
   * it is at the auth service.
   */
  async sync(auth: AuthClient, onEnd: (sessionId: string) => void): Promise<Date> {
    const startedMs = this.#clock.monotonicMs();
    const nowMs = this.#clock.now().getTime();
    const takesWhole = startedMs - this.#wholeAtMs >= WHOLE_EVERY_MS;
    let sinceMs = takesWhole ? nowMs - KEPT_MS : this.#toldUntilMs - OVERLAP_MS;
    let theirs: Date;
    for (;;) {
      const since = new Date(sinceMs).toISOString();
      const told = await auth.ask(INNER_PATHS.revocations, { since }, RevocationsWire);
      theirs = new Date(told.at);
      for (const { sessionId, at } of told.revoked) this.#add(sessionId, Date.parse(at), onEnd);
      const lastMs = Date.parse(told.revoked.at(-1)?.at ?? told.at);
      this.#toldUntilMs = told.isWhole ? Date.parse(told.at) : lastMs;
      if (told.isWhole || lastMs <= sinceMs) break;
      sinceMs = lastMs;
    }
    if (takesWhole) {
      this.#wholeAtMs = startedMs;
      this.#forgetOld(nowMs);
    }
    this.#syncedAtMs = startedMs;
    return theirs;
  }

  /** What is kept on disk. */
  dump(): [string, number][] {
    return [...this.#endedAtMs];
  }

  /** From disk, at start: ends only ever add, and the age says that nothing newer is known. */
  restore(entries: readonly (readonly [string, number])[], ageMs: number): void {
    for (const [sessionId, atMs] of entries) this.#endedAtMs.set(sessionId, atMs);
    this.#syncedAtMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
  }

  #add(sessionId: string, atMs: number, onEnd: (sessionId: string) => void): void {
    if (this.#endedAtMs.has(sessionId)) return;
    this.#endedAtMs.set(sessionId, atMs);
    onEnd(sessionId);
  }

  #forgetOld(nowMs: number): void {
    for (const [sessionId, atMs] of this.#endedAtMs) {
      const isSurplus = this.#endedAtMs.size > KEPT_MAX;
      if (isSurplus || atMs < nowMs - KEPT_MS) this.#endedAtMs.delete(sessionId);
    }
  }
}
