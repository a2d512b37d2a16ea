/** One child through all its lives: started, started again by the policy, ended in order. */
import type { Clock } from '@opora/kernel';
import { z } from 'zod';
import { beginLife, type End, type Life, type Program } from '../process/life.ts';
import { EXIT_DEPENDENCY_AWAY } from '../process/exit-codes.ts';
import { judge, type Death } from './restart-policy.ts';

export type ChildSpec = Program &
  Readonly<{
    role: string;
    instance: number;
    port: number;
    /** Longest time to its `ready` message; then it is killed, which counts as an early death. */
    readyWithinMs: number;
  }>;

/** What a child is doing; `ready`, `given_up` and `stopped` last until something happens. */
export type ChildState = 'starting' | 'ready' | 'waiting' | 'given_up' | 'stopped';

export type ChildDeps = Readonly<{
  clock: Clock;
  chance: () => number;
  onLine: (spec: ChildSpec, line: string) => void;
  /** What the supervisor itself has to say about a child. */
  onEvent: (spec: ChildSpec, level: 'info' | 'warn' | 'error', text: string) => void;
  /** A child is in another state, or another life of it began. */
  onChange: (spec: ChildSpec) => void;
  /** A worker died with these pools of jobs in its hands. */
  onWorkerLost: (spec: ChildSpec, pools: readonly string[]) => void;
}>;

/** How a life ended: `isAsked` by a restart; `isForeign` because something it needs was away. */
export type PastEnd = Readonly<{ at: Date; words: string; isAsked: boolean; isForeign: boolean }>;

/** Exit codes by which a program says what `refused` says too: another try is useless. */
const FINAL_EXIT_CODES: readonly (number | undefined)[] = [64, 78];
const DEATHS_KEPT_MAX = 100;
/** What is told of the past. */
const ENDS_KEPT_MAX = 5;
const messageSchema = z.union([
  z.object({ type: z.literal('ready') }),
  z.object({ type: z.literal('refused') }),
  z.object({ type: z.literal('worker-pool'), id: z.string().max(200) }),
]);

export class Child {
  readonly spec: ChildSpec;
  readonly #deps: ChildDeps;
  #state: ChildState = 'stopped';
  #since: Date;
  #life: Life | undefined;
  #loop: Promise<void> | undefined;
  #deaths: Death[] = [];
  #ends: readonly PastEnd[] = [];
  #restarts = 0;
  #everReady = false;
  #refused = false;
  #restartAsked = false;
  #leaving = false;
  #wake = new AbortController();
  #watchers: ((state: ChildState) => void)[] = [];

  constructor(spec: ChildSpec, deps: ChildDeps) {
    this.spec = spec;
    this.#deps = deps;
    this.#since = deps.clock.now();
  }

  status() {
    const { role, instance, port } = this.spec;
    const facts = { role, state: this.#state, pid: this.#life?.pid, port };
    const name = `${role}#${String(instance)}`;
    const past = { restarts: this.#restarts, since: this.#since, ends: this.#ends };
    return { name, ...facts, ...past, isRestarting: this.#restartAsked };
  }

  /** Resolves with the first state that lasts. */
  start(): Promise<ChildState> {
    const outcome = new Promise<ChildState>((resolve) => this.#watchers.push(resolve));
    this.#loop ??= this.#keep();
    return outcome;
  }

  /** Ends the present life gracefully and begins another with a clean record. */
  async restart(): Promise<ChildState> {
    const life = this.#life;
    this.#deaths = [];
    this.#restartAsked = life !== undefined;
    this.#wake.abort();
    this.#deps.onChange(this.spec);
    const outcome = this.start();
    await life?.end();
    return await outcome;
  }

  async stop(): Promise<void> {
    this.#leaving = true;
    this.#wake.abort();
    await this.#life?.end();
    await this.#loop;
  }

  kill(): void {
    this.#life?.kill();
  }

  async #keep(): Promise<void> {
    while (!this.#isLeaving()) {
      const { end, death } = await this.#live();
      if (this.#isLeaving()) break;
      this.#restarts += 1;
      this.#remember(end, death);
      if (this.#restartAsked) {
        this.#restartAsked = false;
        continue;
      }
      this.#deaths = [...this.#deaths, death].slice(-DEATHS_KEPT_MAX);
      const verdict = judge(this.#deaths, this.#deps.chance());
      const refused = this.#refused || FINAL_EXIT_CODES.includes(end.code);
      if ((refused && !this.#everReady) || verdict.outcome === 'give_up') {
        this.#say('error', `GAVE UP after ${end.words}; mend the cause, then restart it`);
        this.#loop = undefined;
        this.#enter('given_up');
        return;
      }
      const waitMs = Math.round(verdict.delayMs);
      this.#say('warn', `ended with ${end.words}; starts again in ${String(waitMs)} ms`);
      this.#enter('waiting');
      this.#wake = new AbortController();
      await this.#deps.clock.sleep(waitMs, this.#wake.signal);
    }
    this.#enter('stopped');
  }

  async #live(): Promise<{ end: End; death: Death }> {
    const { clock } = this.#deps;
    const pools: string[] = [];
    const late = new AbortController();
    let readyAtMs: number | undefined;
    this.#refused = false;
    this.#enter('starting');
    const life = beginLife(this.spec, {
      clock,
      onLine: (line) => {
        this.#deps.onLine(this.spec, line);
      },
      onMessage: (raw) => {
        const message = messageSchema.safeParse(raw).data;
        if (message?.type === 'worker-pool') pools.push(message.id);
        if (message?.type === 'refused') this.#refused = true;
        if (message?.type !== 'ready' || readyAtMs !== undefined) return;
        readyAtMs = clock.monotonicMs();
        this.#everReady = true;
        late.abort();
        this.#enter('ready');
      },
    });
    this.#life = life;
    void clock.sleep(this.spec.readyWithinMs, late.signal).then(() => {
      if (late.signal.aborted) return;
      this.#say('error', 'was not ready in time');
      life.kill();
    });
    const end = await life.ended;
    this.#life = undefined;
    late.abort();
    if (pools.length > 0) this.#deps.onWorkerLost(this.spec, pools);
    const isForeign = end.code === EXIT_DEPENDENCY_AWAY;
    return { end, death: { atMs: clock.monotonicMs(), readyAtMs, isForeign } };
  }

  #remember(end: End, death: Death): void {
    const at = this.#deps.clock.now();
    const past = { at, words: end.words, isAsked: this.#restartAsked };
    const isForeign = death.isForeign === true;
    this.#ends = [...this.#ends, { ...past, isForeign }].slice(-ENDS_KEPT_MAX);
  }

  /** A method, because the compiler believes that a field outlasts an await. */
  #isLeaving(): boolean {
    return this.#leaving;
  }

  #enter(state: ChildState): void {
    this.#state = state;
    this.#since = this.#deps.clock.now();
    this.#deps.onChange(this.spec);
    if (state === 'starting' || state === 'waiting') return;
    for (const tell of this.#watchers.splice(0)) tell(state);
  }

  #say(level: 'info' | 'warn' | 'error', text: string): void {
    this.#deps.onEvent(this.spec, level, text);
  }
}
