/**
 * How long each public part worked, day by day, for ninety days: counted by what was seen, never by
 * what was promised. Time in which nobody looked is not counted at all. Pure.
 */
import { STATUS_DAYS, STATUS_OUTAGES_MAX, STATUS_PARTS, STATUS_STATES } from '@opora/contracts';
import type { StatusPart, StatusState } from '@opora/contracts';
import { z } from 'zod';

/** A longer silence of the watchman himself says nothing about those he watches. */
export const GAP_MAX_MS = 20_000;
/** Shorter than this it is counted, and no event to tell of. */
const OUTAGE_LEAST_MS = 15_000;
/** Five parts and the ways to pay, with room for those of yesterday. */
const LINES_MAX = 40;
const DAY_MS = 86_400_000;

const time = z.iso.datetime();
const tally = z
  .object({ day: z.iso.date(), measuredMs: z.number(), downMs: z.number(), partlyMs: z.number() })
  .readonly();
const outage = z
  .object({
    from: time,
    to: time.nullable(),
    parts: z.array(z.enum(STATUS_PARTS)).readonly(),
  })
  .readonly();

export const bookSchema = z
  .object({
    since: time,
    asOf: time,
    lines: z.record(
      z.string(),
      z.object({ state: z.enum(STATUS_STATES), days: z.array(tally).readonly() }).readonly(),
    ),
    /** The newest first; at most the first one goes on. */
    outages: z.array(outage).readonly(),
  })
  .readonly();
export type Book = z.infer<typeof bookSchema>;
export type Tally = z.infer<typeof tally>;
type Outage = z.infer<typeof outage>;

export function emptyBook(at: Date): Book {
  return { since: at.toISOString(), asOf: at.toISOString(), lines: {}, outages: [] };
}

/** The book after one more look: the time since the last one belongs to what was seen then. */
export function note(book: Book, states: ReadonlyMap<string, StatusState>, at: Date): Book {
  const spans = spansOf(Date.parse(book.asOf), at.getTime());
  const oldest = new Date(at.getTime() - (STATUS_DAYS - 1) * DAY_MS).toISOString().slice(0, 10);
  const names = new Set([...states.keys(), ...Object.keys(book.lines)]);
  const lines = [...names].slice(0, LINES_MAX).flatMap((name) => {
    const before = book.lines[name];
    const counted = spans.reduce(
      (days, span) => count(days, before?.state ?? 'unknown', span),
      before?.days ?? [],
    );
    const days = counted.filter(({ day }) => day >= oldest);
    const state = states.get(name) ?? 'unknown';
    // A way that is sold no more and long past leaves the book.
    return days.length === 0 && !states.has(name) ? [] : [[name, { state, days }] as const];
  });
  return {
    since: book.since,
    asOf: at.toISOString(),
    lines: Object.fromEntries(lines),
    outages: outagesAfter(book, states, at),
  };
}

type Span = Readonly<{ day: string; ms: number }>;

/** The time between two looks by its days; none when it was too long to vouch for. */
function spansOf(fromMs: number, toMs: number): Span[] {
  if (toMs <= fromMs || toMs - fromMs > GAP_MAX_MS) return [];
  const day = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
  const midnight = Math.floor(toMs / DAY_MS) * DAY_MS;
  return midnight <= fromMs
    ? [{ day: day(toMs), ms: toMs - fromMs }]
    : [
        { day: day(fromMs), ms: midnight - fromMs },
        { day: day(toMs), ms: toMs - midnight },
      ];
}

function count(days: readonly Tally[], state: StatusState, { day, ms }: Span): readonly Tally[] {
  if (state === 'unknown') return days;
  const last = days.at(-1);
  const isSame = last?.day === day;
  const before = isSame ? last : { day, measuredMs: 0, downMs: 0, partlyMs: 0 };
  const after = {
    day,
    measuredMs: before.measuredMs + ms,
    downMs: before.downMs + (state === 'down' ? ms : 0),
    partlyMs: before.partlyMs + (state === 'partly' ? ms : 0),
  };
  return [...(isSame ? days.slice(0, -1) : days), after];
}

/** One outage at a time: it begins with the first part that is down and ends with the last. */
function outagesAfter(
  { outages }: Book,
  states: ReadonlyMap<string, StatusState>,
  at: Date,
): readonly Outage[] {
  const hit = STATUS_PARTS.filter((part) => states.get(part) === 'down');
  const keepFrom = at.getTime() - STATUS_DAYS * DAY_MS;
  const [first, ...older] = outages.filter(({ from }) => Date.parse(from) > keepFrom);
  const open = first?.to === null ? first : undefined;
  const past = open === undefined ? [first, ...older].filter((one) => one !== undefined) : older;
  if (hit.length > 0) {
    const began = open ?? { from: at.toISOString(), to: null, parts: [] };
    return [{ ...began, parts: union(began.parts, hit) }, ...past].slice(0, STATUS_OUTAGES_MAX);
  }
  // While nobody can say how a part does, what was open stays open.
  const isUnsure = open?.parts.some((part) => (states.get(part) ?? 'unknown') === 'unknown');
  if (open === undefined) return past;
  if (isUnsure === true) return [open, ...past];
  const isWorthTelling = at.getTime() - Date.parse(open.from) >= OUTAGE_LEAST_MS;
  return isWorthTelling ? [{ ...open, to: at.toISOString() }, ...past] : past;
}

function union(one: readonly StatusPart[], other: readonly StatusPart[]): StatusPart[] {
  return STATUS_PARTS.filter((part) => one.includes(part) || other.includes(part));
}
