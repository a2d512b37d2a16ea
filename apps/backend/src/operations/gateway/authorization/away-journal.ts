import { DecidedAwayAnswer, INNER_PATHS, type AuthLevel, type DecidedAway } from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { Log } from '../../../platform/log/index.ts';
import type { AuthClient } from './auth-client.ts';

/** Different decisions that are kept for the audit log; beyond it they are counted only. */
const KEPT_MAX = 20_000;
/** Auth writes each one down before it answers, and a try of ours is short. */
const REPORTED_AT_ONCE = 25;

export type Deciding = Readonly<{
  sessionId: string;
  personId: string;
  level: AuthLevel;
  endpoint: string;
  allowed: boolean;
  reason: string;
}>;

/** What was decided without the auth service, until it can be told (resilience 9, R8). */
export class AwayJournal {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #rows = new Map<string, DecidedAway>();
  #lost = 0;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  get size(): number {
    return this.#rows.size;
  }

  note(one: Deciding, snapshotAgeMs: number): void {
    const at = this.#clock.now().toISOString();
    const key = `${one.sessionId} ${one.endpoint} ${String(one.level)} ${String(one.allowed)}`;
    const known = this.#rows.get(key);
    if (known !== undefined) {
      this.#rows.set(key, { ...known, times: known.times + 1, lastAt: at });
      return;
    }
    const ageMs = Number.isFinite(snapshotAgeMs) ? Math.round(snapshotAgeMs) : undefined;
    this.#log.info({ ...one, snapshotAgeMs: ageMs }, 'decided without auth');
    if (this.#rows.size >= KEPT_MAX) this.#lost += 1;
    else this.#rows.set(key, { ...one, times: 1, firstAt: at, lastAt: at });
  }

  /**
   * Tells the auth service some of them, which writes them down and looks for what should not have
   * been. A few at a time: the feed of ended sessions waits for it.
   */
  async report(auth: AuthClient): Promise<void> {
    if (this.#lost > 0) this.#log.error({ lost: this.#lost }, 'decisions without auth not kept');
    this.#lost = 0;
    const some = [...this.#rows.entries().take(REPORTED_AT_ONCE)];
    const decided = some.map(([, row]) => row);
    const { violations } = await auth.ask(INNER_PATHS.away, { decided }, DecidedAwayAnswer);
    if (violations.length > 0) {
      this.#log.error({ violations }, 'served after their session had ended, while auth was away');
    }
    for (const [key, row] of some) if (this.#rows.get(key) === row) this.#rows.delete(key);
  }

  dump(): [string, DecidedAway][] {
    return [...this.#rows];
  }

  restore(rows: readonly (readonly [string, DecidedAway])[]): void {
    for (const [key, row] of rows) this.#rows.set(key, row);
  }
}
