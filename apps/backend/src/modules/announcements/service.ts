import {
  isGoingOn,
  type AnnouncementWire,
  type IncidentStep,
  type Touches,
} from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { Acted, Audit, StaffAct } from '../audit/index.ts';
import { AnnouncementNotFound, AnnouncementOver, MaintenanceTimesWrong } from './errors.ts';
import {
  endAnnouncement,
  insertAnnouncement,
  insertUpdate,
  lockAnnouncement,
  selectAnnouncements,
  withdrawAnnouncement,
  type Stored,
} from './repository.ts';

type Said = Readonly<{ textRu: string; textEn: string }>;
type Titled = Said & Readonly<{ titleRu: string; titleEn: string; touches: Touches }>;
export type MaintenanceWish = Titled & Readonly<{ from: string; to: string }>;

export interface Announcements {
  /** Of the last ninety days and planned, the newest first. */
  list(): Promise<readonly AnnouncementWire[]>;
  /** What goes on now, at most a few seconds old: asked for each screen of the bot. */
  current(): Promise<readonly AnnouncementWire[]>;
  /** Opens an incident; its first step is `investigating`. */
  tellIncident(act: StaffAct, wish: Titled): Promise<Acted>;
  /** Throws `AnnouncementNotFound`, `AnnouncementOver`. `resolved` ends it. */
  update(
    act: StaffAct,
    wish: Said & { announcementId: string; step: IncidentStep },
  ): Promise<Acted>;
  /** Throws `MaintenanceTimesWrong`. */
  checkTimes(wish: Pick<MaintenanceWish, 'from' | 'to'>): void;
  planMaintenance(act: StaffAct, wish: MaintenanceWish): Promise<Acted>;
  /** One that goes on is over now; a plan is taken back. Throws as `update`. */
  endMaintenance(act: StaffAct, wish: { announcementId: string }): Promise<Acted>;
}

const TOLD_FOR_MS = 90 * 86_400_000;
const MAINTENANCE_MAX_MS = 86_400_000;
const CURRENT_FRESH_MS = 10_000;

type Deps = Readonly<{ db: Database; audit: Audit; clock: Clock; ids: Ids }>;

export function createAnnouncements(deps: Deps): Announcements {
  const { db, clock } = deps;
  let known: { atMs: number; items: readonly AnnouncementWire[] } | undefined;

  const list = (): Promise<AnnouncementWire[]> =>
    selectAnnouncements(db.read, new Date(clock.now().getTime() - TOLD_FOR_MS));

  /** What this process remembers is old now; others learn of it within seconds. */
  async function changed(acted: Promise<Acted>): Promise<Acted> {
    const done = await acted;
    known = undefined;
    return done;
  }

  return {
    list,
    async current() {
      const nowMs = clock.monotonicMs();
      if (known === undefined || nowMs - known.atMs > CURRENT_FRESH_MS) {
        known = { atMs: nowMs, items: await list() };
      }
      return known.items.filter((one) => isGoingOn(one, clock.now()));
    },
    tellIncident(act, { textRu, textEn, ...titled }) {
      const one = {
        ...titled,
        kind: 'incident',
        startsAt: clock.now(),
        endsAt: undefined,
      } as const;
      return changed(tell(deps, act, { one, said: { textRu, textEn } }));
    },
    update: (act, wish) => changed(update(deps, act, wish)),
    checkTimes: (wish) => {
      assertTimes(wish, clock.now());
    },
    async planMaintenance(act, { from, to, textRu, textEn, ...titled }) {
      assertTimes({ from, to }, clock.now());
      const times = { startsAt: new Date(from), endsAt: new Date(to) };
      const one = { ...titled, ...times, kind: 'maintenance' } as const;
      return changed(tell(deps, act, { one, said: { textRu, textEn } }));
    },
    endMaintenance: (act, wish) => changed(endMaintenance(deps, act, wish)),
  };
}

function assertTimes({ from, to }: Pick<MaintenanceWish, 'from' | 'to'>, now: Date): void {
  const [fromMs, toMs] = [Date.parse(from), Date.parse(to)];
  const fits = fromMs < toMs && toMs > now.getTime() && toMs - fromMs <= MAINTENANCE_MAX_MS;
  if (!fits) throw new MaintenanceTimesWrong('it must end, later than it begins and than now');
}

/** The entry tells the whole of it, so that a repeat of the same act is known by its words. */
async function tell(
  { db, audit, clock, ids }: Deps,
  act: StaffAct,
  { one, said }: { one: Omit<Stored, 'id' | 'isWithdrawn'>; said: Said },
): Promise<Acted> {
  const id = ids.next('ann');
  const { kind, titleRu, titleEn, touches, startsAt, endsAt } = one;
  return db.transaction(async (tx) => {
    const acted = await audit.record(tx, {
      ...{ ...act, act: `announcements.${kind}` },
      subject: { kind: 'announcement', id: titleEn },
      asked: { titleRu, titleEn, touches, ...said, to: endsAt?.toISOString() ?? null },
      after: { id, from: startsAt.toISOString() },
    });
    if (!acted.isFirst) return acted;
    await insertAnnouncement(tx, { ...one, id });
    const step = kind === 'incident' ? ('investigating' as const) : undefined;
    const first = { id: ids.next('anu'), announcementId: id, at: clock.now(), step };
    await insertUpdate(tx, { ...first, ...said });
    return acted;
  });
}

async function update(
  { db, audit, clock, ids }: Deps,
  act: StaffAct,
  { announcementId, step, textRu, textEn }: Parameters<Announcements['update']>[1],
): Promise<Acted> {
  return db.transaction(async (tx) => {
    const one = await lockAnnouncement(tx, announcementId);
    if (one?.kind !== 'incident') throw new AnnouncementNotFound('no such incident');
    const acted = await audit.record(tx, {
      ...{ ...act, act: 'announcements.update' },
      subject: { kind: 'announcement', id: announcementId },
      asked: { step, textRu, textEn },
    });
    if (!acted.isFirst) return acted;
    if (one.endsAt !== undefined) throw new AnnouncementOver('it is resolved');
    const at = clock.now();
    await insertUpdate(tx, { id: ids.next('anu'), announcementId, at, step, textRu, textEn });
    if (step === 'resolved') await endAnnouncement(tx, announcementId, at);
    return acted;
  });
}

async function endMaintenance(
  { db, audit, clock }: Deps,
  act: StaffAct,
  { announcementId }: { announcementId: string },
): Promise<Acted> {
  return db.transaction(async (tx) => {
    const one = await lockAnnouncement(tx, announcementId);
    if (one?.kind !== 'maintenance') throw new AnnouncementNotFound('no such maintenance');
    const acted = await audit.record(tx, {
      ...{ ...act, act: 'announcements.end' },
      subject: { kind: 'announcement', id: announcementId },
    });
    if (!acted.isFirst) return acted;
    const at = clock.now();
    const isOver = one.isWithdrawn || (one.endsAt !== undefined && one.endsAt <= at);
    if (isOver) throw new AnnouncementOver('it is over');
    await (one.startsAt > at
      ? withdrawAnnouncement(tx, announcementId, at)
      : endAnnouncement(tx, announcementId, at));
    return acted;
  });
}
