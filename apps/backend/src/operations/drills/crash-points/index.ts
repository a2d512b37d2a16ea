/**
 * The drill that loses the process at every point: before and after each commit, each call to
 * somebody else and each answer to a notice. A story is told once to count its points, then once
 * for each of them; the process dies there with SIGKILL, another one begins, and when all rests
 * everybody's books are compared as the drill about payments compares them.
 */
import type { Clock, Ids } from '@opora/kernel';
import type { PlantedBug } from '../../../config/schema.ts';
import { chosen, type Choice } from './choice.ts';
import { makeReport, type CrashReport, type StoryReport } from './report.ts';
import { openStage, type Stage } from './stage.ts';
import { existsAt, type CrashProvider, type StoryName } from './stories.ts';

export { describeReport, type CrashReport } from './report.ts';
export { CRASH_PROVIDERS, STORIES } from './stories.ts';

export type CrashOptions = Choice &
  Readonly<{
    providers: readonly CrashProvider[];
    stories: readonly StoryName[];
    /** No point is begun later than this; what is left is told. */
    minutes: number | undefined;
    planted: PlantedBug | undefined;
  }>;

type Deps = Readonly<{
  clock: Clock;
  ids: Ids;
  keep: boolean;
  say: (line: string) => void;
}>;

const MINUTE_MS = 60_000;
/** Work side by side may pass a point in one telling and not in the next; a call may be cached. */
const TELLINGS_MAX = 3;
/** A broken promise is broken at many points: these are enough to find it. */
const VIOLATIONS_MAX = 10;

/** Throws `DrillRefused` when it cannot take place; a failed drill is a report, not an error. */
export async function runCrashDrill(options: CrashOptions, deps: Deps): Promise<CrashReport> {
  const { clock } = deps;
  const startedMs = clock.monotonicMs();
  const untilMs = startedMs + (options.minutes ?? Infinity) * MINUTE_MS;
  const isLate = (): boolean => clock.monotonicMs() >= untilMs;
  const stories: StoryReport[] = [];
  const unbegun: string[] = [];
  const absent: string[] = [];
  for (const provider of options.providers) {
    const stage = createStages(provider, options, deps);
    try {
      for (const story of options.stories) {
        const name = `${provider} ${story}`;
        if (!existsAt(provider, story)) absent.push(name);
        else if (isLate()) unbegun.push(name);
        else stories.push(await tellAll(story, provider, { stage, options, isLate, ...deps }));
      }
    } finally {
      await stage.end();
    }
  }
  const durationMs = clock.monotonicMs() - startedMs;
  return makeReport({ planted: options.planted, stories, absent, unbegun, durationMs });
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
  deps: Deps & { stage: Stages; options: CrashOptions; isLate: () => boolean },
): Promise<StoryReport> {
  const { stage, clock, say, isLate } = deps;
  const startedMs = clock.monotonicMs();
  const { passed, violations: first } = await (await stage.current()).tell(story, undefined, true);
  const violations = first.map((each) => ({ ...each, at: 'nowhere' }));
  const points = chosen(passed, deps.options);
  say(`${provider} ${story}: ${String(passed.length)} points, ending at ${String(points.length)}`);
  const missed: string[] = [];
  let aborts = 0;
  let told = 0;
  for (const at of points) {
    if (violations.length > 0) await stage.renew();
    if (violations.length >= VIOLATIONS_MAX || isLate()) break;
    told += 1;
    const telling = await tellUntilThere(story, at, stage);
    if (telling.aborted) aborts += 1;
    else missed.push(at);
    violations.push(...telling.violations.map((each) => ({ ...each, at })));
    say(`${provider} ${story}: ${telling.aborted ? 'ended' : 'never came'} ${at}`);
  }
  if (violations.length === 0) {
    const late = await (await stage.current()).last();
    violations.push(...late.map((each) => ({ ...each, at: 'one of all these' })));
  }
  return {
    ...{ provider, story, points: passed.length, aborts, missed, violations },
    ...{ left: points.length - told, last: points[told - 1] },
    durationMs: Math.round(clock.monotonicMs() - startedMs),
  };
}

async function tellUntilThere(story: StoryName, at: string, stage: Stages) {
  for (let tellings = 1; ; tellings += 1) {
    const telling = await (await stage.current()).tell(story, at, tellings > 1);
    const isOver = telling.aborted || telling.violations.length > 0;
    if (isOver || tellings === TELLINGS_MAX) return telling;
  }
}
