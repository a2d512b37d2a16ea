/** What the roles tell on `/metrics` of their internal listeners: figures, and their versions. */
import type { Clock } from '@opora/kernel';
import type { Service } from '../services.ts';
import type { Watch } from '../standing.ts';
import type { Figure, Source } from './figure.ts';
import { readSamples, type Sample } from './prometheus-text.ts';
import { createShare, type Share } from './share.ts';

const MEBIBYTE = 1024 * 1024;
/** Answers that are slower than this bound of the histogram are late, seconds. */
const LATE_S = '1';

/** The text of `/metrics` of a service; rejects when it does not answer. */
export type ReadMetrics = (service: Service) => Promise<string>;

export interface ServiceFigures extends Source {
  /** By the name of the service; who tells none is absent. */
  readonly versions: ReadonlyMap<string, string>;
}

const WANTED = new Set([
  ...['build_info', 'process_resident_memory_bytes', 'event_loop_delay_p99_seconds'],
  ...['db_pool_connections', 'db_pool_idle', 'db_pool_waiting', 'db_pool_max'],
  ...['gateway_answers_total', 'gateway_answer_seconds_bucket', 'gateway_answer_seconds_count'],
  ...['jobs_oldest_due_seconds', 'orders_oldest_undelivered_seconds'],
  ...['audit_oldest_unsealed_seconds', 'payment_provider_silent', 'breaker_state'],
]);

export function watchServices(deps: {
  services: readonly Service[];
  readMetrics: ReadMetrics;
  clock: Clock;
}): ServiceFigures {
  const shares = new Map<string, Share>();
  const versions = new Map<string, string>();

  function shareOf(key: string, counts: { all: number; bad: number }): number {
    const share = shares.get(key) ?? createShare();
    shares.set(key, share);
    return share.add({ ...counts, atMs: deps.clock.monotonicMs() });
  }

  async function figuresOf(service: Service): Promise<Figure[]> {
    const text = await deps.readMetrics(service).catch(() => '');
    const samples = readSamples(text, WANTED);
    const version = samples.find(({ name }) => name === 'build_info')?.labels['version'];
    if (version !== undefined) versions.set(service.name, version);
    return [
      ...ownFigures(service, samples),
      ...sharedFigures(samples),
      ...outsideFigures(samples),
      ...upstreamsOf(samples).flatMap((upstream) => [
        figure('errors', upstream, shareOf(`errors ${upstream}`, failed(samples, upstream))),
        figure('late', upstream, shareOf(`late ${upstream}`, late(samples, upstream))),
      ]),
    ];
  }

  return {
    depth: 'readiness',
    versions,
    async read() {
      const asked = deps.services.filter(({ look }) => look.kind === 'http');
      return worstOfEach((await Promise.all(asked.map(figuresOf))).flat());
    },
  };
}

function ownFigures({ name }: Service, samples: readonly Sample[]): Figure[] {
  const read = (metric: string): number | undefined =>
    samples.find((sample) => sample.name === metric)?.value;
  const [resident, loop] = [
    read('process_resident_memory_bytes'),
    read('event_loop_delay_p99_seconds'),
  ];
  const [open, idle] = [read('db_pool_connections'), read('db_pool_idle')];
  const [waiting, max] = [read('db_pool_waiting'), read('db_pool_max')];
  const figures: Figure[] = [];
  if (resident !== undefined) figures.push(figure('resident', name, resident / MEBIBYTE));
  if (loop !== undefined) figures.push(figure('loop', name, loop * 1000));
  if (open !== undefined && idle !== undefined && waiting !== undefined && max !== undefined) {
    figures.push(figure('pool', name, (100 * (open - idle + waiting)) / max));
  }
  return figures;
}

/** What every worker tells of the whole platform. */
const SHARED: Readonly<Record<string, readonly [watch: Watch, about: string]>> = {
  jobs_oldest_due_seconds: ['queue', 'class'],
  orders_oldest_undelivered_seconds: ['undelivered', ''],
  audit_oldest_unsealed_seconds: ['audit', ''],
  payment_provider_silent: ['silent', 'provider'],
};

function sharedFigures(samples: readonly Sample[]): Figure[] {
  return samples.flatMap(({ name, labels, value }) => {
    const known = SHARED[name];
    if (known === undefined) return [];
    const [watch, about] = known;
    return [figure(watch, about === '' ? watch : (labels[about] ?? ''), value)];
  });
}

/** Of ours the monitor knows by looking: the database, Redis, and instances, which have a number. */
const OURS = /^(?:database|redis|.+-\d+)$/;

/** Who somebody outside is away for; one process that reaches them does not make up for another. */
function outsideFigures(samples: readonly Sample[]): Figure[] {
  return samples.flatMap(({ name, labels, value }) => {
    const dependency = labels['dependency'] ?? '';
    if (name !== 'breaker_state' || OURS.test(dependency)) return [];
    return [figure('away', dependency, value)];
  });
}

/** Several workers tell of one thing: the worst that anybody knows is believed. */
function worstOfEach(figures: readonly Figure[]): Figure[] {
  const groups = Map.groupBy(figures, ({ watch, name }) => `${watch}:${name}`);
  return [...groups.values()].flatMap(([first, ...others]) => {
    if (first === undefined) return [];
    const values = [first, ...others].map(({ value }) => value ?? Number.NaN);
    const known = values.filter((value) => !Number.isNaN(value));
    return [{ ...first, value: known.length === 0 ? undefined : Math.max(...known) }];
  });
}

function upstreamsOf(samples: readonly Sample[]): string[] {
  const all = samples.filter(({ name }) => name === 'gateway_answers_total');
  return [...new Set(all.map(({ labels }) => labels['upstream'] ?? ''))];
}

function failed(samples: readonly Sample[], upstream: string): { all: number; bad: number } {
  const answers = samples.filter(
    ({ name, labels }) => name === 'gateway_answers_total' && labels['upstream'] === upstream,
  );
  const sum = (some: readonly Sample[]): number =>
    some.reduce((total, { value }) => total + value, 0);
  return {
    all: sum(answers),
    bad: sum(answers.filter(({ labels }) => labels['status'] === '5xx')),
  };
}

function late(samples: readonly Sample[], upstream: string): { all: number; bad: number } {
  const of = samples.filter(({ labels }) => labels['upstream'] === upstream);
  const all = of.find(({ name }) => name === 'gateway_answer_seconds_count')?.value ?? 0;
  const inTime = of.find(
    ({ name, labels }) => name === 'gateway_answer_seconds_bucket' && labels['le'] === LATE_S,
  );
  return { all, bad: all - (inTime?.value ?? all) };
}

function figure(watch: Watch, name: string, value: number): Figure {
  return { watch, name, value };
}
