import {
  ANNOUNCEMENTS_MAX,
  UPDATES_MAX,
  type AnnouncementWire,
  type IncidentStep,
} from '@opora/contracts';
import { sql, type Tx } from '../../platform/db/index.ts';

type Row = {
  id: string;
  kind: AnnouncementWire['kind'];
  title_ru: string;
  title_en: string;
  touches: AnnouncementWire['touches'];
  starts_at: Date;
  ends_at: Date | null;
  updates: { at: string; step: IncidentStep | null; ru: string; en: string }[] | null;
};

/** Those that begin after `since` or still go on, the newest first; none that was taken back. */
export async function selectAnnouncements(tx: Tx, since: Date): Promise<AnnouncementWire[]> {
  const { rows } = await sql<Row>`
    select a.id, a.kind, a.title_ru, a.title_en, a.touches, a.starts_at, a.ends_at,
           (select json_agg(json_build_object('at', u.at, 'step', u.step,
                                              'ru', u.text_ru, 'en', u.text_en) order by u.id desc)
              from (select * from announcement_update
                     where announcement_id = a.id order by id desc limit ${UPDATES_MAX}) u) as updates
      from announcement a
     where a.withdrawn_at is null and (a.starts_at > ${since} or a.ends_at is null)
     order by a.starts_at desc, a.id desc limit ${ANNOUNCEMENTS_MAX}`.execute(tx);
  return rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, touches: row.touches },
    title: { ru: row.title_ru, en: row.title_en },
    from: row.starts_at.toISOString(),
    to: row.ends_at?.toISOString() ?? null,
    updates: (row.updates ?? []).map(({ at, step, ru, en }) => ({
      ...{ at: new Date(at).toISOString(), step },
      text: { ru, en },
    })),
  }));
}

export type Stored = Readonly<{
  id: string;
  kind: AnnouncementWire['kind'];
  titleRu: string;
  titleEn: string;
  touches: AnnouncementWire['touches'];
  startsAt: Date;
  endsAt: Date | undefined;
  isWithdrawn: boolean;
}>;

export async function insertAnnouncement(tx: Tx, one: Omit<Stored, 'isWithdrawn'>): Promise<void> {
  await sql`insert into announcement (id, kind, title_ru, title_en, touches, starts_at, ends_at)
    values (${one.id}, ${one.kind}, ${one.titleRu}, ${one.titleEn}, ${one.touches},
            ${one.startsAt}, ${one.endsAt ?? null})`.execute(tx);
}

export async function insertUpdate(
  tx: Tx,
  one: Readonly<{
    id: string;
    announcementId: string;
    at: Date;
    step: IncidentStep | undefined;
    textRu: string;
    textEn: string;
  }>,
): Promise<void> {
  await sql`insert into announcement_update (id, announcement_id, at, step, text_ru, text_en)
    values (${one.id}, ${one.announcementId}, ${one.at}, ${one.step ?? null},
            ${one.textRu}, ${one.textEn})`.execute(tx);
}

/** Locked, so that two hands on one announcement are one after the other. */
export async function lockAnnouncement(tx: Tx, id: string): Promise<Stored | undefined> {
  const { rows } = await sql<Row & { withdrawn_at: Date | null }>`
    select id, kind, title_ru, title_en, touches, starts_at, ends_at, withdrawn_at
      from announcement where id = ${id} for update`.execute(tx);
  return rows.map((row) => ({
    ...{ id: row.id, kind: row.kind, touches: row.touches, startsAt: row.starts_at },
    ...{ titleRu: row.title_ru, titleEn: row.title_en, endsAt: row.ends_at ?? undefined },
    isWithdrawn: row.withdrawn_at !== null,
  }))[0];
}

export async function endAnnouncement(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update announcement set ends_at = ${at} where id = ${id}`.execute(tx);
}

export async function withdrawAnnouncement(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update announcement set withdrawn_at = ${at} where id = ${id}`.execute(tx);
}
