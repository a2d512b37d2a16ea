/** Calls of one caller that are on their way at once: a slow route is not filled by one of them. */
export const IN_FLIGHT_MAX = 20;

export class InFlight {
  readonly #counts = new Map<string, number>();

  /** False: too many already. True takes a place, and `leave` must follow. */
  enter(caller: string): boolean {
    const count = this.#counts.get(caller) ?? 0;
    if (count >= IN_FLIGHT_MAX) return false;
    this.#counts.set(caller, count + 1);
    return true;
  }

  leave(caller: string): void {
    const count = this.#counts.get(caller) ?? 0;
    if (count <= 1) this.#counts.delete(caller);
    else this.#counts.set(caller, count - 1);
  }
}
