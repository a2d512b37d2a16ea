/**
 * How much a call does, counted and not timed: the number of blocks of JavaScript that were
 * executed, as V8 counts them for coverage. The same input gives the same number on any machine.
 *
 * V8 counts only in functions that it compiled after counting had begun, so a file's tests begin it
 * before anything of what they count has run.
 */
import { Session, type Profiler } from 'node:inspector';

let session: Session | undefined;

/** From here on everything that is compiled is counted, for the rest of the test's file. */
export function beginCounting(): void {
  if (session !== undefined) return;
  session = new Session();
  session.connect();
  session.post('Profiler.enable');
  session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

/** Blocks executed by `work` and everything it calls, since `beginCounting`. */
export async function countWork(work: () => unknown): Promise<number> {
  takeCounts();
  await work();
  return takeCounts();
}

function takeCounts(): number {
  if (session === undefined) throw new Error('beginCounting was not called');
  let counts: Profiler.ScriptCoverage[] = [];
  // On one's own thread the answer is there when `post` returns.
  session.post('Profiler.takePreciseCoverage', (error, { result }) => {
    if (error) throw error;
    counts = result;
  });
  return counts
    .flatMap(({ functions }) => functions)
    .flatMap(({ ranges }) => ranges)
    .reduce((total, { count }) => total + count, 0);
}
