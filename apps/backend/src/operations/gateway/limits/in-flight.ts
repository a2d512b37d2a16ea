/** Calls of one caller that are on their way at once: a slow route is not filled by one of them. */
export const IN_FLIGHT_MAX = 20;
/** Open connections of one network: enough for a village behind its operator, not for everything. */
export const CONNECTIONS_MAX = 512;

/** How much each has at once of something that is taken and given back. */
export class InFlight {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  /** False: too many already. True takes a place, and `leave` must follow. */
  enter(caller: string): boolean {
    const count = this.#counts.get(caller) ?? 0;
    if (count >= this.#most) return false;
    this.#counts.set(caller, count + 1);
    return true;
  }

  leave(caller: string): void {
    const count = this.#counts.get(caller) ?? 0;
    if (count <= 1) this.#counts.delete(caller);
    else this.#counts.set(caller, count - 1);
  }
}
