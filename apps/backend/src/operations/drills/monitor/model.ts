/**
 * What staff must be told, by the sheet alone: an independent reading of the promises that knows
 * nothing of how the monitor works. Pure.
 *
 * Of a trouble: one opening, soon after it was seen; one escalation when it leaves nobody working for a
 * minute (or is critical by itself); one word of its end. The third within ten minutes is told as
 * flapping and ends when five minutes were calm; until then it is one with those that follow.
 */

/** Something that was wrong from one moment to another; times in milliseconds. */
export type Trouble = Readonly<{
  /** As the alert names it. */
  shown: string;
  fromMs: number;
  toMs: number;
  /** So soon it must be seen; and when it is over, so soon believed. */
  seenWithinMs: number;
  calmWithinMs: number;
  /** When it lasts so long it must have become critical; undefined: it never does. */
  criticalWithinMs?: number | undefined;
}>;

/** One incident as staff should read it. */
export type Episode = Trouble & Readonly<{ isFlapping: boolean }>;

const FLAPPING_SPAN_MS = 10 * 60_000;
/** The third within that time. */
const FLAPPING_AFTER = 2;
const FLAPPING_CALM_MS = 5 * 60_000;

export function episodesOf(troubles: readonly Trouble[]): Episode[] {
  return [...Map.groupBy(troubles, ({ shown }) => shown).values()].flatMap(episodesOfOne);
}

function episodesOfOne(troubles: readonly Trouble[]): Episode[] {
  const episodes: Episode[] = [];
  for (const trouble of troubles.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = episodes.at(-1);
    if (last?.isFlapping === true && trouble.fromMs < last.toMs + FLAPPING_CALM_MS) {
      // Between them it worked, so nobody was without it for a minute.
      const { toMs } = trouble;
      episodes[episodes.length - 1] = { ...last, toMs, criticalWithinMs: undefined };
      continue;
    }
    const lately = episodes.filter(({ toMs }) => trouble.fromMs - toMs < FLAPPING_SPAN_MS);
    const isFlapping = lately.length >= FLAPPING_AFTER || lately.some((one) => one.isFlapping);
    const calmWithinMs = trouble.calmWithinMs + (isFlapping ? FLAPPING_CALM_MS : 0);
    episodes.push({ ...trouble, isFlapping, calmWithinMs });
  }
  return episodes;
}
