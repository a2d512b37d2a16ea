/** One child through all its lives: started, started again by the policy, ended in order. */
import { OperationalError } from '@opora/kernel';
import type { ChildDeps, ChildSpec } from './child-spec.ts';
import { judge, type Death } from './restart-policy.ts';
import { Sockets } from './sockets.ts';
import { beginTerm, type Past, type Term } from './term.ts';

export type { ChildDeps, ChildSpec } from './child-spec.ts';

/** The next life did not become ready, so the present one was not ended. */
export class SuccessorFailed extends OperationalError {
  readonly code = 'supervisor.successor_failed';
}

/** What a child is doing; `ready`, `given_up` and `stopped` last until something happens. */
export type ChildState = 'starting' | 'ready' | 'waiting' | 'given_up' | 'stopped';

/** How a life ended: `isAsked` by a restart; `isForeign` because something it needs was away. */
export type PastEnd = Readonly<{ at: Date; words: string; isAsked: boolean; isForeign: boolean }>;

/** Exit codes by which a program says what `refused` says too: another try is useless. */
const FINAL_EXIT_CODES: readonly (number | undefined)[] = [64, 78];
const DEATHS_KEPT_MAX = 100;
/** What is told of the past. */
const ENDS_KEPT_MAX = 5;

export class Child {
  readonly spec: ChildSpec;
  readonly #deps: ChildDeps;
  readonly #sockets: Sockets;
  #state: ChildState = 'stopped';
  #since: Date;
  /** The life in office, and the one that is to follow it while both are there. */
  #term: Term | undefined;
  #successor: Term | undefined;
  #loop: Promise<void> | undefined;
  #restart: Promise<ChildState> | undefined;
  #deaths: Death[] = [];
  #ends: readonly PastEnd[] = [];
  #restarts = 0;
  #everReady = false;
  #restartAsked = false;
  #leaving = false;
  #wake = new AbortController();
  #watchers: ((state: ChildState) => void)[] = [];

  constructor(spec: ChildSpec, deps: ChildDeps) {
    this.spec = spec;
    this.#deps = deps;
    this.#sockets = new Sockets(spec.ports ?? []);
    this.#since = deps.clock.now();
  }

  status() {
    const { role, instance, port } = this.spec;
    const facts = { role, state: this.#state, pid: this.#term?.life.pid, port };
    const name = `${role}#${String(instance)}`;
    const past = { restarts: this.#restarts, since: this.#since, ends: this.#ends };
    // Whoever is asked to leave is no incident, whether or not somebody follows.
    return { name, ...facts, ...past, isRestarting: this.#restartAsked || this.#leaving };
  }

  /** Resolves with the first state that lasts. */
  start(): Promise<ChildState> {
    const outcome = new Promise<ChildState>((resolve) => this.#watchers.push(resolve));
    this.#loop ??= this.#keep();
    return outcome;
  }

  /**
   * Another life with a clean record: begun before the present one is ended gracefully where two may
   * be at once, else after it. Throws `SuccessorFailed`.
   */
  restart(): Promise<ChildState> {
    this.#restart ??= this.#beginAnew().finally(() => (this.#restart = undefined));
    return this.#restart;
  }

  async stop(): Promise<void> {
    this.#leaving = true;
    this.#wake.abort();
    // Nobody follows: whoever comes now is refused instead of waiting in vain.
    this.#sockets.close();
    this.#deps.onChange(this.spec);
    await Promise.all([this.#term?.life.end(), this.#successor?.life.end()]);
    await this.#loop;
  }

  /** To the life in office, when it is ready. */
  signal(name: NodeJS.Signals): void {
    if (this.#state === 'ready') this.#term?.life.signal(name);
  }

  kill(): void {
    this.#term?.life.kill();
    this.#successor?.life.kill();
  }

  async #beginAnew(): Promise<ChildState> {
    const term = this.#term;
    this.#deaths = [];
    this.#restartAsked = term !== undefined;
    this.#wake.abort();
    this.#deps.onChange(this.spec);
    const outcome = this.start();
    if (this.spec.overlaps === true && this.#state === 'ready') await this.#prepare();
    await term?.life.end();
    return await outcome;
  }

  /** Resolves when the next life is ready, or needed already because the present one has died. */
  async #prepare(): Promise<void> {
    const successor = this.#begin();
    this.#successor = successor;
    if ((await successor.ready) || this.#successor !== successor) return;
    this.#successor = undefined;
    this.#restartAsked = false;
    this.#deps.onChange(this.spec);
    throw new SuccessorFailed(
      `the next ${this.spec.role} did not become ready, this one serves on`,
    );
  }

  async #keep(): Promise<void> {
    while (!this.#isLeaving()) {
      const { end, death, isRefusal } = await this.#takeOffice().over;
      this.#term = undefined;
      if (this.#isLeaving()) break;
      this.#restarts += 1;
      this.#remember({ end, death });
      if (this.#restartAsked) {
        this.#restartAsked = false;
        continue;
      }
      if (this.spec.isDoor !== true) this.#sockets.close();
      this.#deaths = [...this.#deaths, death].slice(-DEATHS_KEPT_MAX);
      const verdict = judge(this.#deaths, this.#deps.chance());
      const refused = isRefusal || FINAL_EXIT_CODES.includes(end.code);
      if ((refused && !this.#everReady) || verdict.outcome === 'give_up') {
        this.#say('error', `GAVE UP after ${end.words}; mend the cause, then restart it`);
        this.#sockets.close();
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

  /** The prepared life when there is one, else a new one. */
  #takeOffice(): Term {
    const term = this.#successor ?? this.#begin();
    this.#successor = undefined;
    this.#term = term;
    if (!term.isReady) this.#enter('starting');
    void term.ready.then((isReady) => {
      if (isReady && this.#term === term) this.#enter('ready');
    });
    return term;
  }

  #begin(): Term {
    const term = beginTerm(this.spec, this.#sockets.open(), this.#deps);
    void term.ready.then((isReady) => {
      this.#everReady ||= isReady;
    });
    return term;
  }

  #remember({ end, death }: Pick<Past, 'end' | 'death'>): void {
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
