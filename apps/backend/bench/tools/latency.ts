/** How many a second, and how long the slowest hundredth of them took. */
export type Timed = Readonly<{ perSecond: number; p99Ms: number }>;

/** The 99th percentile by nearest rank; NaN of nothing. Sorts what it is given. */
export function p99(milliseconds: number[]): number {
  milliseconds.sort((one, other) => one - other);
  return milliseconds[Math.ceil(milliseconds.length * 0.99) - 1] ?? NaN;
}
