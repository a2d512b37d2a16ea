import { defineEntity, p, type InferKyselyDB } from '@mikro-orm/postgresql';
import type { TableNames } from '../../platform/db/naming.ts';

/** Words for everybody, in both languages. */
export const AnnouncementRow = defineEntity({
  name: 'AnnouncementRow',
  tableName: 'announcement',
  properties: {
    id: p.text().primary(),
    kind: p.text(),
    titleRu: p.text(),
    titleEn: p.text(),
    touches: p.text(),
    startsAt: p.datetime(6),
    /** Null: an incident that goes on. */
    endsAt: p.datetime(6).nullable(),
    /** A plan that was taken back before it began: nobody is told of it. */
    withdrawnAt: p.datetime(6).nullable(),
  },
  indexes: [{ name: 'announcement_starts_idx', properties: ['startsAt', 'id'] }],
  checks: [{ name: 'announcement_kind_check', expression: "kind in ('incident', 'maintenance')" }],
});

/** Never changed: what was said stays said. */
export const AnnouncementUpdateRow = defineEntity({
  name: 'AnnouncementUpdateRow',
  tableName: 'announcement_update',
  properties: {
    id: p.text().primary(),
    announcementId: p.text(),
    at: p.datetime(6),
    /** Null: of a maintenance. */
    step: p.text().nullable(),
    textRu: p.text(),
    textEn: p.text(),
  },
  indexes: [{ name: 'announcement_update_idx', properties: ['announcementId', 'id'] }],
});

export type AnnouncementTables = InferKyselyDB<
  typeof AnnouncementRow | typeof AnnouncementUpdateRow,
  TableNames
>;
