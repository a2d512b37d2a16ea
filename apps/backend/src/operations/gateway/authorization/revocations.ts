import { INNER_PATHS, RevocationsWire, type AccessClaims, type CutWire } from '@opora/contracts';
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

/** Ids with their times, milliseconds. */
type Entries = readonly (readonly [string, number])[];
type Kept = Readonly<{ ended: Entries; cuts: Entries }>;

/** Stands for all people among those whose tokens were cut. */
const EVERYBODY = '*';

/**
 * Sessions and tokens that have ended, and until when tokens issued to a person or to anybody count for
 * nothing, as far as this gateway knows: it never forgets one that could matter.
 */
export class Revocations {
  readonly #clock: Clock;
  /** By the id of a session or a token. */
  readonly #endedAtMs = new Map<string, number>();
  /** By person: tokens of earlier seconds do not count. */
  readonly #issuedBeforeMs = new Map<string, number>();
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
    return this.#endedAtMs.size + this.#issuedBeforeMs.size;
  }

  /** Did the token end, or its session, or everything its person or anybody held then? */
  end({ sid, jti, sub, iat }: Pick<AccessClaims, 'sid' | 'jti' | 'sub' | 'iat'>): boolean {
    if (this.#endedAtMs.has(sid) || this.#endedAtMs.has(jti)) return true;
    const cutMs = Math.max(this.#cutMs(sub), this.#cutMs(EVERYBODY));
    return iat * 1000 < cutMs;
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
      for (const cut of told.cuts) this.#cut(cut);
      const lastMs = lastOf(told);
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
  dump(): Kept {
    return { ended: [...this.#endedAtMs], cuts: [...this.#issuedBeforeMs] };
  }

  /** From disk, at start: ends only ever add, and the age says that nothing newer is known. */
  restore({ ended, cuts }: Kept, ageMs: number): void {
    for (const [id, atMs] of ended) this.#endedAtMs.set(id, atMs);
    for (const [personId, beforeMs] of cuts) this.#raise(personId, beforeMs);
    this.#syncedAtMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
  }

  #add(sessionId: string, atMs: number, onEnd: (sessionId: string) => void): void {
    if (this.#endedAtMs.has(sessionId)) return;
    this.#endedAtMs.set(sessionId, atMs);
    onEnd(sessionId);
  }

  #cut(cut: CutWire): void {
    if (cut.kind === 'token') this.#endedAtMs.set(cut.tokenId, Date.parse(cut.at));
    else {
      const personId = cut.kind === 'person' ? cut.personId : EVERYBODY;
      this.#raise(personId, Date.parse(cut.issuedBefore));
    }
  }

  #raise(personId: string, beforeMs: number): void {
    this.#issuedBeforeMs.set(personId, Math.max(beforeMs, this.#cutMs(personId)));
  }

  #cutMs(personId: string): number {
    return this.#issuedBeforeMs.get(personId) ?? Number.NEGATIVE_INFINITY;
  }

  #forgetOld(nowMs: number): void {
    for (const [personId, beforeMs] of this.#issuedBeforeMs) {
      if (beforeMs < nowMs - KEPT_MS) this.#issuedBeforeMs.delete(personId);
    }
    for (const [sessionId, atMs] of this.#endedAtMs) {
      const isSurplus = this.#endedAtMs.size > KEPT_MAX;
      if (isSurplus || atMs < nowMs - KEPT_MS) this.#endedAtMs.delete(sessionId);
    }
  }
}

/** When the newest of what was told ended; the time of the look when nothing did. */
function lastOf({ at, revoked, cuts }: RevocationsWire): number {
  const times = [revoked.at(-1)?.at, cuts.at(-1)?.at].filter((time) => time !== undefined);
  return times.length === 0 ? Date.parse(at) : Math.max(...times.map((time) => Date.parse(time)));
}
