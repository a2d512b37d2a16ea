/** From the book to what is told in public. Pure. */
import { STATUS_DAYS, STATUS_PARTS, type StatusDay, type StatusWire } from '@opora/contracts';
import type { Book, Tally } from './book.ts';
import type { Outside } from './outside.ts';
import { wayLine } from './parts.ts';

const DAY_MS = 86_400_000;
const MONTH_DAYS = 30;
const UNSEEN = { state: 'unknown', days: [] } as const;

export function present(book: Book, outside: Outside | undefined): StatusWire {
  const at = new Date(book.asOf);
  return {
    at: book.asOf,
    measuredSince: book.since,
    parts: STATUS_PARTS.map((part) => ({ part, ...line(book, part, at) })),
    ways: (outside?.ways ?? []).map(({ way, title }) => ({
      ...{ way, title },
      ...line(book, wayLine(way), at),
    })),
    outages: [...book.outages].map(({ from, to, parts }) => ({ from, to, parts: [...parts] })),
    announcements: outside?.announcements ?? [],
  };
}

function line(book: Book, name: string, at: Date) {
  const { state, days }: Book['lines'][string] = book.lines[name] ?? UNSEEN;
  return {
    state,
    days: days.map(dayOf),
    uptime: {
      days30: uptime(days, at, MONTH_DAYS),
      days90: uptime(days, at, STATUS_DAYS),
    },
  };
}

/** Whole seconds, so rounded that less than a second is no outage. */
function dayOf({ day, measuredMs, downMs, partlyMs }: Tally): StatusDay {
  const seconds = (ms: number): number => Math.round(ms / 1000);
  return {
    day,
    measuredS: seconds(measuredMs),
    downS: seconds(downMs),
    partlyS: seconds(partlyMs),
  };
}

/** The share of what was measured in the last `span` days, today included. */
function uptime(days: readonly Tally[], at: Date, span: number): number | null {
  const from = new Date(at.getTime() - (span - 1) * DAY_MS).toISOString().slice(0, 10);
  const counted = days.filter(({ day }) => day >= from);
  const sum = (of: (tally: Tally) => number): number =>
    counted.reduce((total, tally) => total + of(tally), 0);
  const measured = sum(({ measuredMs }) => measuredMs);
  return measured === 0 ? null : 1 - sum(({ downMs }) => downMs) / measured;
}
