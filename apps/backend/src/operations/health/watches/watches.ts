/** Everything that is watched beside the services: reads the sources, judges, remembers. */
import type { Clock } from '@opora/kernel';
import type { Depth } from '../observation.ts';
import type { Standing, Watch } from '../standing.ts';
import type { Figure, Source } from './figure.ts';
import { judgeFigure, UNSEEN, type Watched } from './rule.ts';
import { ruleOf } from './rules.ts';

/** A disk that hangs must not hold a round up. */
const READ_MAX_MS = 2_000;
/** More than there are services times figures; what is beyond it is not watched. */
const FIGURES_MAX = 500;

export type WatchReport = Readonly<{
  watch: Watch;
  name: string;
  /** Null: nobody could say. */
  value: number | null;
  unit: string;
  state: 'fine' | 'warning' | 'critical' | 'unknown';
  /** The bounds of its steps, the mildest first. */
  bounds: readonly number[];
}>;

export interface Watches {
  /** Reads what is due at this depth. Never rejects. */
  look(depth: Depth): Promise<void>;
  /** By `watch:name`; without those that somebody else tells of. */
  standings(): ReadonlyMap<string, Standing>;
  report(): readonly WatchReport[];
}

type Known = Readonly<{ watch: Watch; name: string; watched: Watched }>;

export function createWatches(deps: { sources: readonly Source[]; clock: Clock }): Watches {
  const { clock } = deps;
  const known = new Map<string, Known>();
  /** What each source told last: what it leaves out now, nobody can say. */
  const told = new Map<Source, readonly Figure[]>();

  async function read(source: Source): Promise<void> {
    const inTime = new AbortController();
    const late = clock.sleep(READ_MAX_MS, inTime.signal).then(() => []);
    const figures = await Promise.race([source.read().catch(() => []), late]);
    inTime.abort();
    const here = new Set(figures.map(subjectOf));
    const missing = (told.get(source) ?? []).filter((figure) => !here.has(subjectOf(figure)));
    const all = [...figures, ...missing.map((figure) => ({ ...figure, value: undefined }))];
    told.set(source, all.slice(0, FIGURES_MAX));
    for (const figure of all) note(figure);
  }

  function note(figure: Figure): void {
    const { watch, name, value } = figure;
    const subject = subjectOf(figure);
    const before = known.get(subject)?.watched;
    if (before === undefined && known.size >= FIGURES_MAX) return;
    const rule = ruleOf(watch, name);
    const about = { watch, rule, nowMs: clock.monotonicMs() };
    known.set(subject, { watch, name, watched: judgeFigure(before ?? UNSEEN, value, about) });
  }

  return {
    async look(depth) {
      const due = deps.sources.filter((one) => depth === 'readiness' || one.depth === 'liveness');
      await Promise.all(due.map(read));
    },
    standings() {
      const told = [...known].filter(([, { watch, name }]) => !ruleOf(watch, name).toldBy);
      return new Map(told.map(([subject, { watched }]) => [subject, watched.standing]));
    },
    report: () => [...known.values()].map(describe),
  };
}

function describe({ watch, name, watched }: Known): WatchReport {
  const rule = ruleOf(watch, name);
  const { standing, value, step } = watched;
  const state =
    typeof standing === 'string' ? standing : (rule.steps[step]?.level ?? ('unknown' as const));
  const bounds = rule.steps.map(({ bound }) => bound);
  return { watch, name, value: value ?? null, unit: rule.unit, state, bounds };
}

function subjectOf({ watch, name }: Figure): string {
  return `${watch}:${name}`;
}
