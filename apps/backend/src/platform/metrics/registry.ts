import { assert } from '@opora/kernel';

/** Upper bounds of latency histograms, seconds. */
const LATENCY_BUCKETS_S = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;

/** Most label sets of one metric: labels come from closed lists, this is for when they do not. */
const CELLS_MAX = 500;

export interface CounterCell {
  add(by?: number): void;
  readonly value: number;
}
export interface GaugeCell {
  set(value: number): void;
  add(by: number): void;
  readonly value: number;
}
export interface HistogramCell {
  observe(value: number): void;
  readonly count: number;
  readonly sum: number;
}
/** `cell(...values)` takes the label values in the order of the names; keep what it returns. */
export interface Counter {
  cell(...values: string[]): CounterCell;
}
export interface Gauge {
  cell(...values: string[]): GaugeCell;
}
export interface Histogram {
  cell(...values: string[]): HistogramCell;
}

export interface Metrics {
  counter(name: string, help: string, labels?: readonly string[]): Counter;
  gauge(name: string, help: string, labels?: readonly string[]): Gauge;
  /** A gauge that is read when somebody asks. */
  read(name: string, help: string, value: () => number): void;
  histogram(
    name: string,
    help: string,
    labels?: readonly string[],
    bounds?: readonly number[],
  ): Histogram;
  /** Called before everything is told: for figures that are kept elsewhere. */
  before(refresh: () => void): void;
  /** Everything in the text format, version 0.0.4. */
  text(): string;
}

/** An empty registry; names are unique, a second metric of one name is a bug. */
export function createMetrics(): Metrics {
  const families = new Map<string, () => string>();
  const refreshes: (() => void)[] = [];

  function register(name: string, type: string, help: string, lines: () => string[]): void {
    assert(/^[a-z][a-z0-9_]*$/.test(name), `not a metric name: ${name}`);
    assert(!families.has(name), `metric ${name} exists`);
    const head = `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`;
    families.set(
      name,
      () =>
        head +
        lines()
          .map((line) => `${line}\n`)
          .join(''),
    );
  }

  return {
    counter(name, help, labels = []) {
      const cells = createCells(labels, () => new Value());
      register(name, 'counter', help, () =>
        cells.lines((labelText, cell) => [`${name}${labelText} ${String(cell.value)}`]),
      );
      return cells;
    },
    gauge(name, help, labels = []) {
      const cells = createCells(labels, () => new Value());
      register(name, 'gauge', help, () =>
        cells.lines((labelText, cell) => [`${name}${labelText} ${String(cell.value)}`]),
      );
      return cells;
    },
    read(name, help, value) {
      register(name, 'gauge', help, () => [`${name} ${String(value())}`]);
    },
    histogram(name, help, labels = [], bounds = LATENCY_BUCKETS_S) {
      const cells = createCells(labels, () => new Distribution(bounds));
      register(name, 'histogram', help, () =>
        cells.lines((labelText, cell) => cell.lines(name, labelText)),
      );
      return cells;
    },
    before(refresh) {
      refreshes.push(refresh);
    },
    text() {
      for (const refresh of refreshes) refresh();
      return [...families.values()].map((family) => family()).join('');
    },
  };
}

class Value implements CounterCell, GaugeCell {
  value = 0;

  add(by = 1): void {
    this.value += by;
  }

  set(value: number): void {
    this.value = value;
  }
}

class Distribution implements HistogramCell {
  count = 0;
  sum = 0;
  readonly #bounds: readonly number[];
  readonly #counts: number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
    this.#counts = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.count += 1;
    this.sum += value;
    // A dozen bounds: a plain walk is cheaper than a search.
    for (let at = 0; at < this.#bounds.length; at += 1) {
      if (value <= (this.#bounds[at] ?? 0)) {
        this.#counts[at] = (this.#counts[at] ?? 0) + 1;
        return;
      }
    }
  }

  lines(name: string, labelText: string): string[] {
    const labels = labelText === '' ? '' : `${labelText.slice(1, -1)},`;
    let below = 0;
    const buckets = this.#bounds.map((bound, at) => {
      below += this.#counts[at] ?? 0;
      return `${name}_bucket{${labels}le="${String(bound)}"} ${String(below)}`;
    });
    return [
      ...buckets,
      `${name}_bucket{${labels}le="+Inf"} ${String(this.count)}`,
      `${name}_sum${labelText} ${String(this.sum)}`,
      `${name}_count${labelText} ${String(this.count)}`,
    ];
  }
}

function createCells<T>(labels: readonly string[], make: () => T) {
  const cells = new Map<string, T>();

  function cell(...values: string[]): T {
    assert(values.length === labels.length, `labels are ${labels.join(', ')}`);
    let key = labelText(labels, values);
    if (!cells.has(key) && cells.size >= CELLS_MAX) {
      key = labelText(
        labels,
        labels.map(() => 'other'),
      );
    }
    let found = cells.get(key);
    if (found === undefined) {
      found = make();
      cells.set(key, found);
    }
    return found;
  }

  if (labels.length === 0) cell();
  return {
    cell,
    lines: (show: (labelText: string, cell: T) => string[]): string[] =>
      [...cells].flatMap(([key, value]) => show(key, value)),
  };
}

function labelText(labels: readonly string[], values: readonly string[]): string {
  if (labels.length === 0) return '';
  const pairs = labels.map((label, at) => `${label}="${escapeLabel(values[at] ?? '')}"`);
  return `{${pairs.join(',')}}`;
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}
