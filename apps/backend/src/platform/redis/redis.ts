import { createHash } from 'node:crypto';
import { OperationalError, type Clock, type Ids, type Secret } from '@opora/kernel';
import { createBreaker, type OperatedBreaker } from '../breaker/index.ts';

/** Redis did not answer in time, cannot be reached, or answered that it cannot. */
export class RedisAway extends OperationalError {
  readonly code = 'platform.redis_away';
}

class ScriptUnknown extends Error {}

/** A command has so long: it stands before calls of people. */
const COMMAND_MS = 75;
const CONNECT_MS = 1_000;
/** A connection on which nothing moved for so long is opened anew: its other end may be gone. */
const SILENT_MS = 5_000;
const WATCH_EVERY_MS = 1_000;
const RECONNECT_BASE_MS = 50;
const RECONNECT_MAX_MS = 2_000;
/** Longest wait between probes, milliseconds. */
const PROBE_MAX_MS = 15_000;
/** Commands on their way at once; more are refused without being sent. */
const COMMANDS_MAX = 4_096;

/** Text that Redis runs as one step, known there by its hash. */
export type Script = Readonly<{ text: string; hash: string }>;

export function createScript(text: string): Script {
  return { text, hash: createHash('sha1').update(text).digest('hex') };
}

export interface Redis {
  /** One command and its reply; throws `RedisAway`. */
  ask(command: readonly string[]): Promise<unknown>;
  /** Runs `script` in one step; throws `RedisAway`. */
  run(script: Script, keys: readonly string[], values: readonly string[]): Promise<unknown>;
  readonly isAway: boolean;
  readonly breaker: OperatedBreaker;
  /** Milliseconds since it came back, 0 while it is away; infinite: it was not lost since the first time. */
  readonly steadyMs: number;
  /** Called when it is lost, with how long it had held: what it kept may be gone with it. */
  onLoss(listener: (steadyMs: number) => void): void;
  /** Asks every second whether it is there, until `signal` aborts. */
  watch(signal: AbortSignal): Promise<void>;
  close(): void;
}

export type RedisDeps = Readonly<{
  /** `redis://user:password@host:6379/0`, or `rediss:` for TLS. */
  url: Secret;
  clock: Clock;
  ids: Pick<Ids, 'chance'>;
}>;

/** Connects in the background; the library is loaded only by who has a Redis. */
export async function createRedis(deps: RedisDeps): Promise<Redis> {
  const { createClient } = await import('@redis/client');
  const client = createClient({
    url: deps.url.reveal(),
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    commandsQueueMaxLength: COMMANDS_MAX,
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENT_MS,
      reconnectStrategy: (tries: number) =>
        Math.min(RECONNECT_MAX_MS, RECONNECT_BASE_MS * 2 ** Math.min(tries, 10)),
    },
  });
  const connection: Connection = {
    get isReady() {
      return client.isReady;
    },
    send: (command) => client.sendCommand(command),
    close: () => {
      if (client.isOpen) client.destroy();
    },
  };
  const redis = new WatchedRedis(deps, connection);
  client.on('ready', () => {
    redis.noteReady();
  });
  // What went wrong is told by the next command; without a listener it would end the process.
  client.on('error', () => {
    redis.noteLoss();
  });
  void client.connect().catch(() => undefined);
  return redis;
}

type Connection = Readonly<{
  isReady: boolean;
  send(command: readonly string[]): Promise<unknown>;
  close(): void;
}>;

class WatchedRedis implements Redis {
  readonly #clock: Clock;
  readonly #connection: Connection;
  readonly breaker: OperatedBreaker;
  readonly #listeners: ((steadyMs: number) => void)[] = [];
  #wasReady = false;
  /** Monotonic time from which on it has held; undefined: it is away. */
  #steadySinceMs: number | undefined;

  constructor({ clock, ids }: RedisDeps, connection: Connection) {
    this.#clock = clock;
    this.#connection = connection;
    this.breaker = createBreaker({
      name: 'redis',
      clock,
      ids,
      waitMaxMs: PROBE_MAX_MS,
      countsAsFailure: (error) => !(error instanceof ScriptUnknown),
    });
    this.breaker.onChange((state) => {
      if (state === 'open') this.noteLoss();
      if (state === 'closed') this.noteReady();
    });
  }

  get isAway(): boolean {
    return this.#steadySinceMs === undefined;
  }

  get steadyMs(): number {
    return this.#steadySinceMs === undefined ? 0 : this.#clock.monotonicMs() - this.#steadySinceMs;
  }

  onLoss(listener: (steadyMs: number) => void): void {
    this.#listeners.push(listener);
  }

  /** Connected, or believed again; it takes both. */
  noteReady(): void {
    if (!this.#connection.isReady || this.breaker.state !== 'closed' || !this.isAway) return;
    this.#steadySinceMs = this.#wasReady ? this.#clock.monotonicMs() : Number.NEGATIVE_INFINITY;
    this.#wasReady = true;
  }

  noteLoss(): void {
    if (this.isAway) return;
    const { steadyMs } = this;
    this.#steadySinceMs = undefined;
    for (const listener of this.#listeners) listener(steadyMs);
  }

  async ask(command: readonly string[]): Promise<unknown> {
    // Probes are the watcher's: no call of a person has to be one.
    if (this.breaker.state !== 'closed') throw new RedisAway('it did not answer lately');
    return await this.breaker.run(() => this.#send(command));
  }

  async run(script: Script, keys: readonly string[], values: readonly string[]): Promise<unknown> {
    const rest = [String(keys.length), ...keys, ...values];
    try {
      return await this.ask(['EVALSHA', script.hash, ...rest]);
    } catch (error) {
      // It was started anew and knows no script any more; nothing was done.
      if (!(error instanceof ScriptUnknown)) throw error;
      return await this.ask(['EVAL', script.text, ...rest]);
    }
  }

  async watch(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.breaker.run(() => this.#send(['PING'])).catch(() => undefined);
      await this.#clock.sleep(WATCH_EVERY_MS, signal);
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #send(command: readonly string[]): Promise<unknown> {
    if (!this.#connection.isReady) throw new RedisAway('no connection');
    const answered = new AbortController();
    try {
      return await Promise.race([this.#connection.send(command), this.#patience(answered.signal)]);
    } catch (error) {
      if (error instanceof RedisAway) throw error;
      const reason = error instanceof Error ? error.message : 'no reason given';
      if (reason.startsWith('NOSCRIPT')) throw new ScriptUnknown(reason);
      // The cause is kept out: what the library knows of a connection includes the password.
      throw new RedisAway(reason);
    } finally {
      answered.abort();
    }
  }

  async #patience(answered: AbortSignal): Promise<never> {
    await this.#clock.sleep(COMMAND_MS, answered);
    // A stall of our own is not Redis's silence: what arrived meanwhile is read first.
    await this.#clock.sleep(0, answered);
    throw new RedisAway(`no answer in ${String(COMMAND_MS)} ms`);
  }
}
