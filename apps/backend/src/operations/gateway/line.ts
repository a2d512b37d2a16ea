import { Pool } from 'undici';

const CONNECT_TIMEOUT_MS = 1_000;
const CONNECTIONS_MAX = 256;
/** Below the instance's own 65 s, or we would meet sockets that are just closing. */
const IDLE_MS = 55_000;

/** The kept connections to one instance. */
export class Line {
  readonly #origin: string;
  /** Left, and not empty yet. */
  readonly #left = new Set<Pool>();
  #pool: Pool;

  constructor(origin: string) {
    this.#origin = origin;
    this.#pool = this.#open();
  }

  get pool(): Pool {
    return this.#pool;
  }

  /**
   * An answer over `from` said that its process is leaving. The connections kept to it end soon, one of
   * them perhaps under the next call, which then nobody may repeat; new ones reach the process that
   * follows. What is on its way ends where it is.
   */
  leave(from: Pool): void {
    if (from !== this.#pool) return;
    this.#pool = this.#open();
    this.#left.add(from);
    void from.close().then(() => this.#left.delete(from));
  }

  /** Resolves when what is on its way has ended. */
  async close(): Promise<void> {
    await Promise.all([this.#pool, ...this.#left].map((pool) => pool.close()));
  }

  /** What is on its way is cut, also over connections that were left. */
  async destroy(): Promise<void> {
    await Promise.all([this.#pool, ...this.#left].map((pool) => pool.destroy()));
  }

  #open(): Pool {
    return new Pool(this.#origin, {
      connections: CONNECTIONS_MAX,
      connect: { timeout: CONNECT_TIMEOUT_MS },
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS,
    });
  }
}
