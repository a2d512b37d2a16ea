/** Which points of a story the process dies at. Pure. */

export type Choice = Readonly<{
  /** Only points whose name holds this; absent: all of them. */
  only: RegExp | undefined;
  /** Only points whose names come later than this one: where a run that had no more time ended. */
  after: string | undefined;
  /** Of those at most so many, evenly spread; absent: all of them. */
  pointsMax: number | undefined;
}>;

/** A story with more points than this has gone astray. */
const POINTS_MAX = 500;

/**
 * By name, because work side by side passes points in another order each time: so what is left of one
 * run is the same in the next.
 */
export function chosen(
  passed: readonly string[],
  { only, after = '', pointsMax }: Choice,
): readonly string[] {
  const fitting = passed
    .filter((point) => only?.test(point) !== false && point > after)
    .toSorted()
    .slice(0, POINTS_MAX);
  if (pointsMax === undefined || fitting.length <= pointsMax) return fitting;
  const step = fitting.length / pointsMax;
  return Array.from({ length: pointsMax }, (_, at) => fitting[Math.floor(at * step)] ?? '');
}
