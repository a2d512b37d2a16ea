import type { Clock } from '@opora/kernel';

/** One line of the inspector: a call to the vendor or something the vendor sent. */
export type JournalEntry = Readonly<{
  target: string;
  direction: 'to-vendor' | 'to-us';
  summary: string;
  detail: unknown;
}>;

/** The newest calls and deliveries, for the inspector; bounded, in memory only. */
export interface Journal {
  add(entry: JournalEntry): void;
  list(target?: string): (JournalEntry & { at: string; number: number })[];
  /** Called for each new entry; returns the way to unsubscribe. */
  watch(listener: (entry: JournalEntry & { at: string; number: number }) => void): () => void;
}

const JOURNAL_KEPT = 1_000;

export function createJournal(clock: Clock): Journal {
  const entries: (JournalEntry & { at: string; number: number })[] = [];
  const listeners = new Set<(entry: JournalEntry & { at: string; number: number }) => void>();
  let number = 0;
  return {
    add(entry) {
      number += 1;
      const full = { ...entry, at: clock.now().toISOString(), number };
      entries.push(full);
      if (entries.length > JOURNAL_KEPT) entries.shift();
      for (const listener of listeners) listener(full);
    },
    list: (target) => entries.filter((entry) => target === undefined || entry.target === target),
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
