/**
 * How much a call does, counted and not timed: the number of blocks of JavaScript that were
 * executed, as V8 counts them for coverage. The same input gives the same number on any machine.
 *
 * Counting stays switched on for the rest of the test's file, so such tests stand at its end.
 */
import { Session } from 'node:inspector/promises';

/** A function that V8 has just begun to know is counted late: the highest of so many counts holds. */
const TRIES = 3;

/** Blocks executed by `work` and everything it calls; it is done several times. */
export async function countWork(work: () => unknown): Promise<number> {
  const counts: number[] = [];
  for (let tries = 0; tries < TRIES; tries += 1) counts.push(await countOnce(work));
  return Math.max(...counts);
}

async function countOnce(work: () => unknown): Promise<number> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
    await session.post('Profiler.takePreciseCoverage');
    await work();
    const { result } = await session.post('Profiler.takePreciseCoverage');
    return result
      .filter(({ url }) => !url.includes('count-work'))
      .flatMap(({ functions }) => functions)
      .flatMap(({ ranges }) => ranges)
      .reduce((total, { count }) => total + count, 0);
  } finally {
    session.disconnect();
  }
}
