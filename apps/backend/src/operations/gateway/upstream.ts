import type { Clock, Ids } from '@opora/kernel';
import {
  createRetryBudget,
  observeBreakers,
  type RetryBudget,
  type Switchboard,
} from '../../platform/breaker/index.ts';
import type { Metrics } from '../../platform/metrics/index.ts';
import { Instance } from './instance.ts';
import type { UpstreamName } from './routes.ts';

/** All instances of one role, and the counters of what went to them. */
export interface Upstream {
  readonly name: UpstreamName;
  readonly instances: readonly Instance[];
  readonly retries: RetryBudget;
  readonly chance: () => number;
  nowMs(): number;
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** The gateway is leaving: answers say so. */
  closing(): boolean;
  inFlight(): number;
  waiting(): number;
  hasOther(than: Instance | undefined): boolean;
  countAnswer(status: number, seconds: number): void;
  countRetry(): void;
  /**
   * From now on these are its instances: who is named no more gets no more calls. Returns the new ones,
   * which nobody has looked at yet.
   */
  rename(origins: readonly string[]): readonly Instance[];
  close(): Promise<void>;
}

export type UpstreamMetrics = ReturnType<typeof upstreamMetrics>;

/** Registered once for all upstreams. */
export function upstreamMetrics(metrics: Metrics) {
  return {
    answers: metrics.counter('gateway_answers_total', 'Answers.', ['upstream', 'status']),
    latency: metrics.histogram('gateway_answer_seconds', 'Time to answer.', ['upstream']),
    retries: metrics.counter('gateway_retries_total', 'Second tries.', ['upstream']),
    observe: observeBreakers(metrics),
  };
}

export function createUpstream(deps: {
  name: UpstreamName;
  origins: readonly string[];
  clock: Clock;
  ids: Ids;
  closing: () => boolean;
  metrics: UpstreamMetrics;
  board: Switchboard;
}): Upstream {
  const { name, clock, ids, metrics, board } = deps;
  const create = (origin: string, at: number): Instance => {
    const instance = new Instance({ name: `${name}-${String(at)}`, origin, clock, ids });
    metrics.observe(instance.breaker);
    board.add(instance.breaker);
    return instance;
  };
  let instances: readonly Instance[] = deps.origins.map(create);
  const leaving = new Set<Promise<void>>();
  const classes = ['0xx', '1xx', '2xx', '3xx', '4xx', '5xx'];
  const answers = classes.map((status) => metrics.answers.cell(name, status));
  const latency = metrics.latency.cell(name);
  const retried = metrics.retries.cell(name);
  return {
    name,
    get instances() {
      return instances;
    },
    retries: createRetryBudget(),
    chance: () => ids.chance(),
    nowMs: () => clock.monotonicMs(),
    sleep: (ms, signal) => clock.sleep(ms, signal),
    closing: deps.closing,
    inFlight: () => instances.reduce((sum, instance) => sum + instance.inFlight, 0),
    waiting: () => instances.reduce((sum, instance) => sum + instance.waiting, 0),
    hasOther: (than) => instances.some((instance) => instance !== than && instance.up),
    countAnswer(status, seconds) {
      answers[Math.floor(status / 100)]?.add();
      latency.observe(seconds);
    },
    countRetry() {
      retried.add();
    },
    rename(origins) {
      const before = instances;
      instances = origins.map(
        (origin, at) => before.find((one) => one.origin === origin) ?? create(origin, at),
      );
      for (const one of before.filter((each) => !instances.includes(each))) {
        board.remove(one.breaker);
        const left = one.leave().finally(() => leaving.delete(left));
        leaving.add(left);
      }
      return instances.filter((each) => !before.includes(each));
    },
    async close() {
      await Promise.all(leaving);
      await Promise.all(instances.map((instance) => instance.line.destroy()));
    },
  };
}
