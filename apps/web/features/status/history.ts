/** From the figures of the wire to what the page draws. Pure. */
import { STATUS_DAYS, type StatusDay, type StatusState, type StatusWire } from '@opora/contracts';

/** How a day is drawn; `none`: nobody measured. */
export type DayTone = 'works' | 'partly' | 'down' | 'none';
export type StripDay = Readonly<{ day: string; tone: DayTone; downS: number; partlyS: number }>;

const DAY_MS = 86_400_000;
/** A short stay without a spare instance is nothing that anybody noticed. */
const PARTLY_SHOWN_S = 300;

/** Ninety days up to the one of `at`, the oldest first, whether they were measured or not. */
export function stripOf(days: readonly StatusDay[], at: string): readonly StripDay[] {
  const known = new Map(days.map((each) => [each.day, each]));
  return Array.from({ length: STATUS_DAYS }, (_, ago) => {
    const moment = new Date(Date.parse(at) - (STATUS_DAYS - 1 - ago) * DAY_MS);
    const day = moment.toISOString().slice(0, 10);
    const { downS = 0, partlyS = 0 } = known.get(day) ?? {};
    return { day, downS, partlyS, tone: toneOf(known.get(day)) };
  });
}

function toneOf(day: StatusDay | undefined): DayTone {
  if (day === undefined || day.measuredS === 0) return 'none';
  if (day.downS > 0) return 'down';
  return day.partlyS >= PARTLY_SHOWN_S ? 'partly' : 'works';
}

export function isTroubled({ tone }: StripDay): boolean {
  return tone === 'down' || tone === 'partly';
}

/** One word for all of it: as bad as the worst part. */
export function overallOf({ parts, ways }: Pick<StatusWire, 'parts' | 'ways'>): StatusState {
  const states = new Set(parts.map(({ state }) => state));
  if (states.has('down')) return 'down';
  // One way to pay of many is no outage, and not "all works" either.
  if (states.has('partly') || ways.some(({ state }) => state === 'down')) return 'partly';
  return states.has('unknown') || parts.length === 0 ? 'unknown' : 'works';
}

/** Never rounded up: a hundred per cent means that nothing was lost. */
export function shareText(share: number, language: string): string {
  return new Intl.NumberFormat(language, {
    style: 'percent',
    maximumFractionDigits: 2,
  }).format(Math.floor(share * 10_000) / 10_000);
}
