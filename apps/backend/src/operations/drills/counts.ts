/** How often each word stands there, by word. */
export function countsOf(words: readonly string[]): Record<string, number> {
  const each = Map.groupBy(words, (word) => word);
  return Object.fromEntries([...each].map(([word, times]) => [word, times.length]));
}
