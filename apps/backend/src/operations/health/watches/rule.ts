/**
 * How a figure becomes a standing. Pure. A figure beyond the bound of a step for long enough is
 * trouble of that step, and stays so until it is on the good side of `wellAt`: between the two it
 * neither opens nor closes anything, so a figure that trembles at its bound makes one incident.
 */
import type { Standing, Watch } from '../standing.ts';

export type Step = Readonly<{
  bound: number;
  level: 'warning' | 'critical';
  /** While it lasts staff is told again at this distance, milliseconds. */
  remindEveryMs: number;
}>;

export type Rule = Readonly<{
  /** `above`: the more the worse. */
  badIs: 'above' | 'below';
  /** The mildest first. */
  steps: readonly Step[];
  wellAt: number;
  /** A bad figure is news when it has been bad for so long, milliseconds. */
  lastsMs: number;
  unit: 'percent' | 'megabytes' | 'seconds' | 'milliseconds' | 'days' | 'flag';
  /** Who else tells staff of it; the monitor only shows it. */
  toldBy?: 'payments';
}>;

/** A figure between two readings. */
export type Watched = Readonly<{
  value: number | undefined;
  badSinceMs: number | undefined;
  /** Of the deepest step that was reached; -1: none. */
  step: number;
  standing: Standing;
}>;

export const UNSEEN: Watched = {
  value: undefined,
  badSinceMs: undefined,
  step: -1,
  standing: 'unknown',
};

/** `value` undefined or NaN: nobody could say. */
export function judgeFigure(
  before: Watched,
  value: number | undefined,
  { watch, rule, nowMs }: { watch: Watch; rule: Rule; nowMs: number },
): Watched {
  if (value === undefined || Number.isNaN(value)) {
    return { ...before, value: undefined, standing: 'unknown' };
  }
  const isBeyond = (bound: number): boolean =>
    rule.badIs === 'above' ? value > bound : value < bound;
  if (!isBeyond(rule.wellAt)) return { ...UNSEEN, value, standing: 'fine' };
  const beyond = rule.steps.findLastIndex(({ bound }) => isBeyond(bound));
  const badSinceMs = before.badSinceMs ?? (beyond >= 0 ? nowMs : undefined);
  const lasts = badSinceMs !== undefined && nowMs - badSinceMs >= rule.lastsMs;
  const step = Math.max(before.step, lasts ? beyond : -1);
  const reached = rule.steps[step];
  const standing: Standing =
    reached === undefined
      ? 'unknown'
      : {
          kind: watch,
          detail: inFigures(value),
          isUnavailable: false,
          isOutage: false,
          isCritical: reached.level === 'critical',
          remindEveryMs: reached.remindEveryMs,
        };
  return { value, badSinceMs, step, standing };
}

/** One place after the point where it matters: the unit and the words are the language's. */
function inFigures(value: number): string {
  return String(Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value));
}
