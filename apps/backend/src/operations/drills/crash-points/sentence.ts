/** What a statement writes to, as far as its text says it: names of points, nothing more. Pure. */

const WRITES =
  /\b(?:insert\s+into|update|delete\s+from)\s+(?:only\s+)?("?[a-z_]\w*"?(?:\."?[a-z_]\w*"?)?)|\b([a-z_]+\.[a-z_]\w*|ledger_\w+)\s*\(/gi;
/** Words that follow `update` where no table is meant. */
const NO_TABLES: ReadonlySet<string> = new Set(['set', 'skip', 'nowait', 'of', 'limit']);
const NAMED_MAX = 12;

/** Tables it inserts into, updates or deletes from, and functions it calls, each once. */
export function tablesIn(text: string): string[] {
  const found = [...text.matchAll(WRITES)]
    .map(([, table, call]) => (table ?? call ?? '').replaceAll('"', '').toLowerCase())
    .filter((name) => name !== '' && !NO_TABLES.has(name) && !name.startsWith('json'));
  return [...new Set(found)].slice(0, NAMED_MAX);
}
