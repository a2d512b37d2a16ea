/** The value below which that share of all lies (0 to 1); undefined of nothing. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** Milliseconds as reports tell them: tenths are enough. */
export const toTenths = (ms: number): number => Math.round(ms * 10) / 10;
