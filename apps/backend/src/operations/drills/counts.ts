/** How often each word stands there, by word. */
export function countsOf(words: readonly string[]): Record<string, number> {
  const each = Map.groupBy(words, (word) => word);
  return Object.fromEntries([...each].map(([word, times]) => [word, times.length]));
}

/** `api 3, worker 2`. */
export function describeCounts(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${String(count)}`)
    .join(', ');
}
