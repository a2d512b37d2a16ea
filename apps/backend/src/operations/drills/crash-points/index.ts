/**
 * The drill that loses the process at every point: before and after each commit, each call to
 * somebody else and each answer to a notice. A story is told once to count its points, then once
 * for each of them; the process dies there with SIGKILL, another one begins, and when all rests
 * everybody's books are compared as the drill about payments compares them.
 */
import type { Clock, Ids } from '@opora/kernel';
import type { PlantedBug } from '../../../config/schema.ts';
import { makeReport, type CrashReport, type StoryReport } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { existsAt, type CrashProvider, type StoryName } from './stories.ts';

export { describeReport, type CrashReport } from './report.ts';
export { CRASH_PROVIDERS, STORIES } from './stories.ts';

export type CrashOptions = Readonly<{
  providers: readonly CrashProvider[];
  stories: readonly StoryName[];
  /** Only points whose name holds this; absent: all of them. */
  only: RegExp | undefined;
  /** Of those at most so many, evenly spread; absent: all of them. */
  pointsMax: number | undefined;
  planted: PlantedBug | undefined;
}>;

type Deps = Readonly<{
  clock: Clock;
  ids: Ids;
  keep: boolean;
  say: (line: string) => void;
}>;

/** A story with more points than this has gone astray. */
const POINTS_MAX = 500;
/** Work side by side may pass a point in one telling and not in the next; a call may be cached. */
const TELLINGS_MAX = 3;
/** A broken promise is broken at many points: these are enough to find it. */
const VIOLATIONS_MAX = 10;

/** Throws `DrillRefused` when it cannot take place; a failed drill is a report, not an error. */
export async function runCrashDrill(options: CrashOptions, deps: Deps): Promise<CrashReport> {
  const startedMs = deps.clock.monotonicMs();
  const stories: StoryReport[] = [];
  const absent: string[] = [];
  for (const provider of options.providers) {
    const stage = createStages(provider, options, deps);
    try {
      for (const story of options.stories) {
        if (existsAt(provider, story))
          stories.push(await tellAll(story, provider, { stage, options, ...deps }));
        else absent.push(`${provider} ${story}`);
      }
    } finally {
      await stage.end();
    }
  }
  const durationMs = deps.clock.monotonicMs() - startedMs;
  return makeReport({ planted: options.planted, stories, absent, durationMs });
}

interface Stages {
  current(): Promise<Stage>;
  /** What was broken stays in its books: the next telling gets others. */
  renew(): Promise<void>;
  end(): Promise<void>;
}

function createStages(provider: CrashProvider, { planted }: CrashOptions, deps: Deps): Stages {
  const settings = planted === undefined ? {} : { OPORA_PLANTED_BUG: planted };
  let open: Stage | undefined;
  const end = async (): Promise<void> => {
    const leaving = open;
    open = undefined;
    await leaving?.end();
  };
  return {
    current: async () => (open ??= await openStage({ ...deps, provider, settings })),
    renew: end,
    end,
  };
}

async function tellAll(
  story: StoryName,
  provider: CrashProvider,
  deps: Deps & { stage: Stages; options: CrashOptions },
): Promise<StoryReport> {
  const { stage, clock, say } = deps;
  const startedMs = clock.monotonicMs();
  const { passed, violations: first } = await (await stage.current()).tell(story, undefined, true);
  const violations = first.map((each) => ({ ...each, at: 'nowhere' }));
  const points = chosen(passed, deps.options);
  say(`${provider} ${story}: ${String(passed.length)} points, ending at ${String(points.length)}`);
  const missed: string[] = [];
  let aborts = 0;
  for (const at of points) {
    if (violations.length > 0) await stage.renew();
    if (violations.length >= VIOLATIONS_MAX) break;
    const telling = await tellUntilThere(story, at, stage);
    if (telling.aborted) aborts += 1;
    else missed.push(at);
    violations.push(...telling.violations.map((each) => ({ ...each, at })));
    say(`${provider} ${story}: ${telling.aborted ? 'ended' : 'never came'} ${at}`);
  }
  const durationMs = Math.round(clock.monotonicMs() - startedMs);
  return { provider, story, points: passed.length, aborts, missed, violations, durationMs };
}

async function tellUntilThere(story: StoryName, at: string, stage: Stages) {
  for (let tellings = 1; ; tellings += 1) {
    const telling = await (await stage.current()).tell(story, at, tellings > 1);
    const isOver = telling.aborted || telling.violations.length > 0;
    if (isOver || tellings === TELLINGS_MAX) return telling;
  }
}

function chosen(passed: readonly string[], { only, pointsMax }: CrashOptions): readonly string[] {
  const fitting = passed.filter((point) => only?.test(point) !== false).slice(0, POINTS_MAX);
  if (pointsMax === undefined || fitting.length <= pointsMax) return fitting;
  const step = fitting.length / pointsMax;
  return Array.from({ length: pointsMax }, (_, at) => fitting[Math.floor(at * step)] ?? '');
}
