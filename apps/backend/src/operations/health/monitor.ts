import { DomainError, OperationalError, type Clock } from '@opora/kernel';
import type { Log } from '../../platform/log/index.ts';
import type { ChildFacts } from '../control/index.ts';
import type { Alerts } from './alerts.ts';
import type { GatewayLook, Judged } from './gateway-look.ts';
import type { History } from './history.ts';
import { step } from './incident.ts';
import type { Keeper } from './keeper.ts';
import { observe, unseen, type Depth, type Observation } from './observation.ts';
import type { Probe } from './probe.ts';
import { withoutConsequences } from './causes.ts';
import { createReplacements, type Replacements } from './replacement.ts';
import { describeSystem, type SystemHealth } from './report.ts';
import type { Service } from './services.ts';
import { standingsOf, type Standings } from './standing.ts';
import type { Store } from './store.ts';
import type { Watches } from './watches/watches.ts';

/** The name in the address is none of those that `/system-health` lists. */
export class ServiceUnknown extends DomainError {
  readonly code = 'monitor.service_unknown';
  readonly kind = 'not_found';
}

/** No supervisor of ours runs here: systemd, Compose or Kubernetes restarts. */
export class SupervisorAway extends OperationalError {
  readonly code = 'monitor.supervisor_away';
}

export interface Monitor {
  /** Looks every 5 s and follows the keeper until `signal` aborts. */
  watch(signal: AbortSignal): Promise<void>;
  report(): SystemHealth;
  /** Its rounds are on time: who asks believes what it says. */
  isWell(): boolean;
  /**
   * Asks the keeper to restart a service (`api#1`) or all instances of a role (`api`), one
   * after the other. Resolves when the keeper is there, not when the restart is done.
   */
  restart(name: string): Promise<void>;
}

const ROUND_EVERY_MS = 5_000;
/** Every how many rounds readiness is asked too: 30 s. */
const READINESS_EVERY = 6;
/** A round so late says that this process or its machine stood still: nobody is killed for that. */
const LATE_MS = 1_000;
const UNWELL_AFTER_MS = 3 * ROUND_EVERY_MS;
const KEEPER_AGAIN_MS = 1_000;
/** A quiet state is written at least so often: ends of before it are known. */
const SAVE_EVERY_MS = 30_000;

export type MonitorDeps = Readonly<{
  services: readonly Service[];
  probe: Probe;
  keeper: Keeper;
  askGateway: GatewayLook;
  watches: Watches;
  /** By the name of the service, as it said itself. */
  versions: ReadonlyMap<string, string>;
  store: Store;
  alerts: Alerts;
  history: History;
  clock: Clock;
  chance: () => number;
  log: Log;
  version: string;
}>;

export function createMonitor(deps: MonitorDeps): Monitor {
  return new Watchman(deps);
}

class Watchman implements Monitor {
  readonly #deps: MonitorDeps;
  readonly #seen: Map<string, Observation>;
  readonly #replacements: Replacements;
  #children: readonly ChildFacts[] = [];
  #judged: ReadonlyMap<string, Judged> = new Map();
  /** When each service was last in trouble. */
  readonly #troubledMs = new Map<string, number>();
  #lastRoundMs: number;
  #savedMs = -Infinity;

  constructor(deps: MonitorDeps) {
    const now = deps.clock.now();
    this.#deps = deps;
    this.#seen = new Map(deps.services.map((service) => [service.name, unseen(service, now)]));
    this.#replacements = createReplacements(deps.chance);
    this.#lastRoundMs = deps.clock.monotonicMs();
  }

  async watch(signal: AbortSignal): Promise<void> {
    await Promise.all([this.#rounds(signal), this.#follow(signal), this.#deps.alerts.run(signal)]);
  }

  report(): SystemHealth {
    const { store, clock, version, versions, watches } = this.#deps;
    return describeSystem([...this.#seen.values()], {
      ...{ versions, watches: watches.report() },
      ...{ children: this.#children, judged: this.#judged, journal: store.state.journal },
      ...{ at: clock.now(), version },
    });
  }

  isWell(): boolean {
    const { clock, store, alerts } = this.#deps;
    const isOnTime = clock.monotonicMs() - this.#lastRoundMs < UNWELL_AFTER_MS;
    return isOnTime && store.isWell && alerts.isWell();
  }

  async restart(name: string): Promise<void> {
    const { services, keeper, log } = this.#deps;
    const known = services.some((service) => service.name === name || service.role === name);
    if (!known) throw new ServiceUnknown(`no service ${name.slice(0, 50)}`);
    await keeper.greet().catch((cause: unknown) => {
      throw new SupervisorAway('no supervisor answers', { cause });
    });
    // The caller is answered now; how the restart went is in the log and in the next report.
    keeper
      .restart(name)
      .then(({ ok, problem }) => {
        log.warn({ service: name, ok, problem }, 'restarted on request');
      })
      .catch((error: unknown) => {
        log.error({ service: name, error }, 'restart failed');
      });
  }

  async #rounds(signal: AbortSignal): Promise<void> {
    const { clock, services, askGateway, watches, history } = this.#deps;
    let dueMs = clock.monotonicMs();
    for (let round = 0; !signal.aborted; round += 1) {
      const isLate = clock.monotonicMs() - dueMs > LATE_MS;
      const depth = round % READINESS_EVERY === 0 ? 'readiness' : 'liveness';
      await Promise.all([
        ...services.map((service) => this.#look(service, depth)),
        askGateway().then((said) => (this.#judged = said)),
        watches.look(depth),
      ]);
      this.#lastRoundMs = clock.monotonicMs();
      const standings = this.#consider();
      if (!isLate) await this.#replaceHung(standings);
      if (depth === 'readiness') history.add(this.report());
      dueMs = Math.max(dueMs + ROUND_EVERY_MS, clock.monotonicMs());
      await clock.sleep(Math.max(0, dueMs - clock.monotonicMs()), signal);
    }
  }

  async #look(service: Service, due: Depth): Promise<void> {
    const { probe, clock, log } = this.#deps;
    // Who was not ready is asked again each time: liveness cannot say that it is by now.
    const isWaitedFor = this.#seen.get(service.name)?.state === 'not_ready';
    const depth = isWaitedFor ? 'readiness' : due;
    let result = await probe.look(service, depth);
    // One silence may be chance; the second look at once keeps the finding within ten seconds.
    if (result.state === 'down') result = await probe.look(service, depth);
    const before = this.#seen.get(service.name);
    if (before === undefined) return;
    const isReady = this.#children.some(
      ({ name, state }) => name === service.name && state === 'ready',
    );
    const after = observe(before, result, { depth, at: clock.now(), isReady });
    this.#seen.set(service.name, after);
    if (after.state === before.state) return;
    const known = before.state !== 'unknown';
    const level = after.state === 'down' ? 'error' : known ? 'warn' : 'info';
    log[level]({ service: service.name, from: before.state, to: after.state }, 'service changed');
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const heard = (facts: readonly ChildFacts[]): void => {
      this.#children = facts;
      this.#consider();
    };
    while (!signal.aborted) {
      // Without one the report is only poorer: its absence is normal in production.
      await this.#deps.keeper.watch(heard, signal).catch(() => undefined);
      this.#children = [];
      await this.#deps.clock.sleep(KEEPER_AGAIN_MS, signal);
    }
  }

  /** From what is known now to incidents and news; both are one write. */
  #consider(): Standings {
    const { clock, store, alerts, watches } = this.#deps;
    const at = clock.now();
    const { journal, outbox } = store.state;
    const ejected = [...this.#judged].filter(([, { state }]) => state === 'ejected');
    const services = standingsOf({
      ...{ children: this.#children, observations: [...this.#seen.values()], at },
      gray: new Set(ejected.map(([name]) => name)),
      knownUntil: new Date(journal.asOf),
    });
    const nowMs = clock.monotonicMs();
    for (const [name, standing] of services) {
      if (typeof standing === 'object') this.#troubledMs.set(name, nowMs);
    }
    const standings = withoutConsequences(new Map([...services, ...watches.standings()]), {
      ...{ troubledMs: this.#troubledMs, nowMs },
    });
    const next = step(journal, standings, at);
    const isDue = clock.monotonicMs() - this.#savedMs >= SAVE_EVERY_MS;
    if (next.notices.length === 0 && !isDue) {
      store.keep({ journal: next.journal, outbox });
      return standings;
    }
    this.#savedMs = clock.monotonicMs();
    const state = { journal: next.journal, outbox: alerts.add(outbox, next.notices) };
    void store.put(state).then(() => {
      alerts.wake();
    });
    return standings;
  }

  async #replaceHung(standings: Standings): Promise<void> {
    const { clock, keeper, log } = this.#deps;
    for (const [name, standing] of standings) {
      const silentLooks = this.#seen.get(name)?.silentLooks ?? 0;
      if (typeof standing === 'string' || standing.kind !== 'hang') continue;
      if (!this.#replacements.mayReplace(name, silentLooks, clock.monotonicMs())) continue;
      const outcome = await keeper.replace(name).catch((error: unknown) => ({ error }));
      log.error({ service: name, outcome }, 'hung, so it was replaced');
    }
  }
}
