import type { Strategy, User } from './user.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
const MONDAY = 1;
/** No strategy waits longer than a month; one day more covers the 31st of any month. */
const DAYS_AHEAD_MAX = 32;

type Reset = Readonly<{ minute: number; strikes: (user: User, day: Date) => boolean }>;

/** When the panel sets traffic back: the minute after midnight UTC, and on which days. */
const RESETS: Readonly<Record<Strategy, Reset | undefined>> = {
  NO_RESET: undefined,
  DAY: { minute: 5, strikes: () => true },
  MONTH_ROLLING: { minute: 10, strikes: (user, day) => day.getUTCDate() === rollingDay(user, day) },
  WEEK: { minute: 15, strikes: (_user, day) => day.getUTCDay() === MONDAY },
  MONTH: { minute: 20, strikes: (_user, day) => day.getUTCDate() === 1 },
};

/** Does a reset of this user fall into the time after `from` up to `to`? (milliseconds) */
export function resetFalls(user: User, from: number, to: number): boolean {
  const reset = RESETS[user.trafficLimitStrategy];
  if (reset === undefined) return false;
  for (let day = Math.floor(from / DAY_MS); day <= Math.floor(to / DAY_MS); day += 1) {
    const at = day * DAY_MS + reset.minute * MINUTE_MS;
    if (at > from && at <= to && reset.strikes(user, new Date(at))) return true;
  }
  return false;
}

/**
 * What the link announces as the refill, in milliseconds. The panel's link says ten minutes past
 * midnight (observed for MONTH), whatever the minute of the sweep itself.
 */
export function nextTrafficReset(user: User, now: Date): number | undefined {
  const reset = RESETS[user.trafficLimitStrategy];
  if (reset === undefined) return undefined;
  const today = Math.floor(now.getTime() / DAY_MS);
  for (let day = today; day <= today + DAYS_AHEAD_MAX; day += 1) {
    const at = day * DAY_MS + 10 * MINUTE_MS;
    if (at > now.getTime() && reset.strikes(user, new Date(at))) return at;
  }
  return undefined;
}

/** The day of the month on which the user was created, or the last one of a shorter month. */
function rollingDay(user: User, day: Date): number {
  const last = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
  return Math.min(new Date(user.createdAt).getUTCDate(), last);
}
