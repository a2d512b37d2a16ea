import type { Permission } from '@opora/contracts';
import { OperationalError, type Clock } from '@opora/kernel';

/** Work with less time left than this is refused: nobody would wait for its answer. */
const LEAST_MS = 50;

/** Longest a request of people may take, milliseconds; roles and webhooks have their own. */
const PEOPLE_MS = 10_000;
const DEADLINE_MS: Readonly<Partial<Record<Permission, number>>> = {
  service: 3_000,
  webhook: 25_000,
};

export class DeadlineExceeded extends OperationalError {
  readonly code = 'http.deadline_exceeded';
}

/** The moment until which an answer is worth anything; pass on what remains, never the start. */
export class Deadline {
  readonly #clock: Clock;
  readonly #atMs: number;

  constructor(clock: Clock, budgetMs: number) {
    this.#clock = clock;
    this.#atMs = clock.monotonicMs() + budgetMs;
  }

  remainingMs(): number {
    return Math.max(0, this.#atMs - this.#clock.monotonicMs());
  }

  /** Throws `DeadlineExceeded` when too little is left to begin anything. */
  check(): void {
    if (this.remainingMs() < LEAST_MS) throw new DeadlineExceeded('no time left');
  }
}

/** The caller's remaining time when it told one, never more than the route's own. */
export function budgetMs(permission: Permission, told: string | undefined): number {
  const most = DEADLINE_MS[permission] ?? PEOPLE_MS;
  return told !== undefined && /^\d{1,6}$/.test(told) ? Math.min(most, Number(told)) : most;
}
