/**
 * The points at which a process can be told to end itself: each is a name and how often that name
 * was passed since the counting began. It lives in the process a drill observes and nowhere else;
 * serving roles do not load it. Points are counted by name and not by one number, because work that
 * runs side by side passes them in another order each time.
 */

export interface CrashPoints {
  /** Called where a point is; does not return from the one that was chosen. */
  pass(name: string): void;
  /** Begins to count anew; `at` is the point to end at, undefined only counts. */
  begin(at: string | undefined): void;
  /** What was passed since, in its order. */
  readonly passed: readonly string[];
}

/** A story that passes more has gone astray. */
const PASSED_MAX = 10_000;

export function createCrashPoints(end: () => never): CrashPoints {
  const times = new Map<string, number>();
  const passed: string[] = [];
  let chosen: string | undefined;
  return {
    pass(name) {
      const time = (times.get(name) ?? 0) + 1;
      times.set(name, time);
      const point = `${name} #${String(time)}`;
      if (passed.length < PASSED_MAX) passed.push(point);
      if (point === chosen) end();
    },
    begin(at) {
      times.clear();
      passed.length = 0;
      chosen = at;
    },
    passed,
  };
}
