/**
 * When a dead child is started again, and when no more. Pure: the supervisor brings the times and
 * the chance. It gives up only on a child that cannot get on its feet; one that was serving and
 * was killed, however often, always comes back.
 */

/**
 * One end of a child; times are monotonic milliseconds. `isForeign`: it ended because something it
 * needs was away, which says nothing of the child itself.
 */
export type Death = Readonly<{
  atMs: number;
  readyAtMs: number | undefined;
  isForeign?: boolean;
}>;

export type Verdict =
  | Readonly<{ outcome: 'restart'; delayMs: number }>
  | Readonly<{ outcome: 'give_up'; earlyDeaths: number }>;

/** Deaths older than this are forgotten, so ten healthy minutes begin a new count. */
export const MEMORY_MS = 10 * 60_000;
/** A death before ready, or this soon after it, says the child cannot run. */
export const EARLY_WITHIN_MS = 30_000;
export const EARLY_DEATHS_MAX = 5;

const FIRST_DELAY_MAX_MS = 300;
const STEP_MS = 1000;
const DELAY_MAX_MS = 60_000;
/** An instance that did serve must be back within 30 s, however often it was killed. */
const SERVED_DELAY_MAX_MS = 10_000;

/** `deaths` in their order, the last one just happened; `chance` in [0, 1). */
export function judge(deaths: readonly Death[], chance: number): Verdict {
  const last = deaths.at(-1);
  if (last === undefined) return { outcome: 'restart', delayMs: 0 };
  const jitter = 0.5 + chance / 2;
  // What is away comes back by itself; the child must be there soon after it.
  if (last.isForeign === true) return { outcome: 'restart', delayMs: jitter * STEP_MS };
  const recent = deaths.filter(
    (death) => death.isForeign !== true && last.atMs - death.atMs < MEMORY_MS,
  );
  const earlyDeaths = recent.filter(isEarly).length;
  if (isEarly(last) && earlyDeaths >= EARLY_DEATHS_MAX) return { outcome: 'give_up', earlyDeaths };
  if (recent.length === 1) return { outcome: 'restart', delayMs: jitter * FIRST_DELAY_MAX_MS };
  const ceiling = isEarly(last) ? DELAY_MAX_MS : SERVED_DELAY_MAX_MS;
  const delayMs = jitter * Math.min(ceiling, STEP_MS * 2 ** (recent.length - 2));
  return { outcome: 'restart', delayMs };
}

export function isEarly(death: Death): boolean {
  return death.readyAtMs === undefined || death.atMs - death.readyAtMs < EARLY_WITHIN_MS;
}
