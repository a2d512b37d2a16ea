/** What customers are told of how the platform does: in their words, never its insides. */
import { z } from 'zod';
import { Day, exampleAt, Instant, Words } from './shapes.ts';
import { AnnouncementWire, ANNOUNCEMENTS_MAX } from './announcements.ts';
import { endpoint } from './endpoint.ts';
import { STATUS_PARTS } from './status-parts.ts';

/** `unknown`: nobody has looked, or nobody could; which is not the same as broken. */
export const STATUS_STATES = ['works', 'partly', 'down', 'unknown'] as const;
export const STATUS_DAYS = 90;
export const STATUS_OUTAGES_MAX = 100;
const WAYS_MAX = 16;
const DAY_S = 86_400;

const Seconds = z
  .int()
  .nonnegative()
  .max(DAY_S + 1);

/** One UTC day of one part, in seconds; whatever was not measured was not watched. */
export const StatusDay = z.object({
  day: Day,
  measuredS: Seconds,
  downS: Seconds,
  partlyS: Seconds,
});
export type StatusDay = z.infer<typeof StatusDay>;

const line = {
  state: z.enum(STATUS_STATES),
  /** The oldest first; a day on which nothing was measured is left out. */
  days: z.array(StatusDay).max(STATUS_DAYS),
  /** Share of the measured time in which it was not down, 0 to 1; null: nothing was measured. */
  uptime: z.object({ days30: z.number().nullable(), days90: z.number().nullable() }),
};

export const StatusWire = z.object({
  /** When the monitor last looked. */
  at: Instant,
  measuredSince: Instant,
  parts: z.array(z.object({ part: z.enum(STATUS_PARTS), ...line })).max(STATUS_PARTS.length),
  /** Each way to pay. */
  ways: z.array(z.object({ way: z.string().max(32), title: Words, ...line })).max(WAYS_MAX),
  /** Times in which a part did not work, as measured; the newest first. */
  outages: z
    .array(
      z.object({
        from: Instant,
        /** Null: it goes on. */
        to: Instant.nullable(),
        parts: z.array(z.enum(STATUS_PARTS)).max(STATUS_PARTS.length),
      }),
    )
    .max(STATUS_OUTAGES_MAX),
  /** What staff tells: going on, planned, and of the last ninety days. */
  announcements: z.array(AnnouncementWire).max(ANNOUNCEMENTS_MAX),
});
export type StatusWire = z.infer<typeof StatusWire>;
export type StatusState = (typeof STATUS_STATES)[number];

const days = [{ day: '2026-11-24', measuredS: 52_000, downS: 60, partlyS: 0 }];
const uptime = { days30: 0.9988, days90: 0.9988 };

export const status = {
  read: endpoint({
    method: 'GET',
    path: '/api/v1/status',
    permission: 'public',
    about: 'What works now and did in the last 90 days; answered by the monitor itself.',
    answer: StatusWire,
    example: {
      answer: {
        at: exampleAt,
        measuredSince: '2026-11-01T00:00:00.000Z',
        parts: [{ part: 'buying', state: 'works', days, uptime }],
        ways: [
          {
            way: 'yookassa',
            title: { ru: 'Карта или СБП', en: 'Card or SBP' },
            ...{ state: 'works', days, uptime },
          },
        ],
        outages: [
          { from: '2026-11-24T10:00:00.000Z', to: '2026-11-24T10:01:00.000Z', parts: ['buying'] },
        ],
        announcements: [],
      },
    },
  }),
} as const;
