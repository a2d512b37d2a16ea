/** What staff tells customers of the platform's health: incidents with their updates, planned maintenance. */
import { z } from 'zod';
import { exampleAt, exampleIds, Id, Instant, Words } from './shapes.ts';
import { endpoint } from './endpoint.ts';
import { STATUS_PARTS } from './status-parts.ts';

export const ANNOUNCEMENT_KINDS = ['incident', 'maintenance'] as const;
export const INCIDENT_STEPS = ['investigating', 'identified', 'watching', 'resolved'] as const;
export const TOUCHES = ['all', ...STATUS_PARTS] as const;
export const ANNOUNCEMENTS_MAX = 50;
export const UPDATES_MAX = 30;
/** Signs of a title and of a text, in each language. */
export const ANNOUNCED_TITLE_MAX = 120;
export const ANNOUNCED_TEXT_MAX = 700;

export const AnnouncementWire = z.object({
  id: Id,
  kind: z.enum(ANNOUNCEMENT_KINDS),
  title: Words,
  touches: z.enum(TOUCHES),
  from: Instant,
  /** Of a maintenance as planned; of an incident null while it goes on. */
  to: Instant.nullable(),
  /** The newest first. */
  updates: z
    .array(
      z.object({
        at: Instant,
        /** Null: of a maintenance. */
        step: z.enum(INCIDENT_STEPS).nullable(),
        text: Words,
      }),
    )
    .max(UPDATES_MAX),
});
export type AnnouncementWire = z.infer<typeof AnnouncementWire>;
export type IncidentStep = (typeof INCIDENT_STEPS)[number];
export type Touches = (typeof TOUCHES)[number];

/** Goes on at this moment: what customers are told in one calm line. */
export function isGoingOn({ from, to }: Pick<AnnouncementWire, 'from' | 'to'>, at: Date): boolean {
  return Date.parse(from) <= at.getTime() && (to === null || at.getTime() < Date.parse(to));
}

const example: AnnouncementWire = {
  id: exampleIds.announcement,
  kind: 'incident',
  title: { ru: 'Карты принимаются с задержкой', en: 'Cards are slow' },
  touches: 'buying',
  from: exampleAt,
  to: null,
  updates: [
    {
      at: exampleAt,
      step: 'identified',
      text: { ru: 'Причина у банка, он её чинит.', en: 'The bank knows and mends it.' },
    },
  ],
};

export const announcements = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/announcements',
    permission: 'health:read',
    about: 'Incidents and maintenance that customers were told of, the newest first.',
    answer: z.object({ items: z.array(AnnouncementWire).max(ANNOUNCEMENTS_MAX) }),
    example: { answer: { items: [example] } },
  }),
} as const;
