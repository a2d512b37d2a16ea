import {
  DecisionsWire,
  INNER_PATHS,
  SESSIONS_ASKED_MAX,
  type DecisionWire,
} from '@opora/contracts';
import type { Clock } from '@opora/kernel';
import type { AuthClient } from './auth-client.ts';

/** For so long a decision stands without being asked again. */
export const FRESH_MS = 10_000;
/** Decisions that are kept; the oldest gives way. About 300 bytes each. */
const KEPT_MAX = 100_000;

/** What auth said of a session: undefined in place of the decision: it has ended. */
export type Decided = Readonly<{ decision: DecisionWire | undefined; atMs: number }>;

type Restored = Readonly<{ decision: DecisionWire | undefined; ageMs: number }>;

/** Well formed and never given to anybody. */
const NOBODY = `ses_${'0'.repeat(26)}`;

type Waiting = {
  sessionId: string;
  resolve: (found: Decided) => void;
  reject: (error: unknown) => void;
};

/**
 * The auth service's decisions, kept. Questions that wait together travel together, and one session
 * is asked about once however many of its calls arrive.
 */
export class Decisions {
  readonly #clock: Clock;
  readonly #auth: AuthClient;
  readonly #kept = new Map<string, Decided>();
  readonly #underWay = new Map<string, Promise<Decided>>();
  #waiting: Waiting[] = [];

  constructor(clock: Clock, auth: AuthClient) {
    this.#clock = clock;
    this.#auth = auth;
  }

  get size(): number {
    return this.#kept.size;
  }

  fresh(sessionId: string): Decided | undefined {
    return this.#younger(sessionId, FRESH_MS);
  }

  /** For level 2: the last word of the auth service, its age counted from that word (R2). */
  remembered(sessionId: string, forMs: number): Decided | undefined {
    return this.#younger(sessionId, forMs);
  }

  /** However old: what somebody may not have got since, they do not get without auth either. */
  lastKnown(sessionId: string): Decided | undefined {
    return this.#kept.get(sessionId);
  }

  /** Asks; throws `AuthAway`. */
  ask(sessionId: string): Promise<Decided> {
    const known = this.#underWay.get(sessionId);
    if (known !== undefined) return known;
    const asked = new Promise<Decided>((resolve, reject) => {
      this.#waiting.push({ sessionId, resolve, reject });
      if (this.#waiting.length === 1)
        setImmediate(() => {
          this.#flush();
        });
    }).finally(() => this.#underWay.delete(sessionId));
    this.#underWay.set(sessionId, asked);
    return asked;
  }

  /** Does the auth service decide at all? Asks about nobody. */
  async areAnswered(): Promise<boolean> {
    return await this.#auth.ask(INNER_PATHS.decisions, { sessions: [NOBODY] }, DecisionsWire).then(
      () => true,
      () => false,
    );
  }

  /** The session ended: what was granted counts no more, at any level. */
  drop(sessionId: string): void {
    this.#kept.delete(sessionId);
  }

  entries(): [string, Decided][] {
    return [...this.#kept];
  }

  /** What another heard, or the one before. `ageMs` counts from the auth service's word, never from the last use. */
  restore(sessionId: string, { decision, ageMs }: Restored): void {
    const atMs = this.#clock.monotonicMs() - Math.max(0, ageMs);
    this.#keep(sessionId, { decision, atMs });
  }

  #flush(): void {
    const asking = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < asking.length; at += SESSIONS_ASKED_MAX) {
      void this.#askTogether(asking.slice(at, at + SESSIONS_ASKED_MAX));
    }
  }

  async #askTogether(asking: readonly Waiting[]): Promise<void> {
    // The age of a decision counts from the question: it may have been answered before a change.
    const atMs = this.#clock.monotonicMs();
    try {
      const sessions = asking.map(({ sessionId }) => sessionId);
      const { living } = await this.#auth.ask(INNER_PATHS.decisions, { sessions }, DecisionsWire);
      const byId = new Map(living.map((decision) => [decision.sessionId, decision]));
      for (const { sessionId, resolve } of asking) {
        const decided = { decision: byId.get(sessionId), atMs };
        this.#keep(sessionId, decided);
        resolve(decided);
      }
    } catch (error) {
      for (const { reject } of asking) reject(error);
    }
  }

  #younger(sessionId: string, mostMs: number): Decided | undefined {
    const found = this.#kept.get(sessionId);
    return found !== undefined && this.#clock.monotonicMs() - found.atMs <= mostMs
      ? found
      : undefined;
  }

  #keep(sessionId: string, decided: Decided): void {
    this.#kept.delete(sessionId);
    this.#kept.set(sessionId, decided);
    if (this.#kept.size <= KEPT_MAX) return;
    const oldest = this.#kept.keys().next().value;
    if (oldest !== undefined) this.#kept.delete(oldest);
  }
}
