/**
 * The life of an incident, pure: standings go in, the next journal and the news come out.
 * open (warning) -> critical (unavailable for a minute, or given up) -> closed (well for a while).
 * One subject has one open incident at most; each has one opening, one escalation at most, reminders
 * at growing distances, one end. What is `unknown` neither opens nor closes anything.
 */
import { z } from 'zod';
import { TROUBLES, type Standings, type Trouble } from './standing.ts';

const time = z.iso.datetime();
const incident = z
  .object({
    /** Date and a number that is never used again: `20261127-12`. */
    id: z.string(),
    subject: z.string(),
    level: z.enum(['warning', 'critical']),
    kind: z.enum(TROUBLES),
    detail: z.string(),
    openedAt: time,
    /** Without interruption since; null: it gets work done. */
    unavailableSince: time.nullable(),
    /** Of the opening, the escalation or the last reminder. */
    toldAt: time,
    /** Well since; it closes when this lasts. */
    calmSince: time.nullable(),
    closedAt: time.nullable(),
    /** How long no instance of its role worked, milliseconds. */
    outageMs: z.number(),
    /** It came again and again: told once, closed late. */
    isFlapping: z.boolean(),
  })
  .readonly();
export type Incident = z.infer<typeof incident>;

export const journalSchema = z
  .object({
    /** Of the last step. */
    asOf: time,
    /** Incidents ever opened. */
    count: z.number(),
    open: z.array(incident).readonly(),
    /** The newest first. */
    closed: z.array(incident).readonly(),
  })
  .readonly();
export type Journal = z.infer<typeof journalSchema>;

export const noticeSchema = z
  .object({
    /** The same for every channel and every try. */
    id: z.string(),
    what: z.enum(['opened', 'escalated', 'reminded', 'recovered']),
    at: time,
    incident,
  })
  .readonly();
export type Notice = z.infer<typeof noticeSchema>;

export const CRITICAL_AFTER_MS = 60_000;
export const CALM_MS = 10_000;
/** An instance that is gray is taken in for a try every few seconds: a moment says nothing. */
export const CALM_GRAY_MS = 60_000;
export const CALM_FLAPPING_MS = 5 * 60_000;
const FLAPPING_WITHIN_MS = 10 * 60_000;
/** The third within that time. */
const FLAPPING_AFTER = 2;
export const REMIND_EVERY_MS = { critical: 15 * 60_000, warning: 60 * 60_000 } as const;
/** What the status page tells of. */
export const CLOSED_KEPT_MS = 90 * 24 * 3_600_000;
const CLOSED_KEPT_MAX = 1_000;

export function emptyJournal(at: Date): Journal {
  return { asOf: at.toISOString(), count: 0, open: [], closed: [] };
}

export function step(
  journal: Journal,
  standings: Standings,
  at: Date,
): { journal: Journal; notices: readonly Notice[] } {
  const notices: Notice[] = [];
  const tell = (what: Notice['what'], about: Incident): Incident => {
    const told = what === 'recovered' ? about : { ...about, toldAt: at.toISOString() };
    const id = `${about.id}-${what}-${String(at.getTime())}`;
    notices.push({ id, what, at: at.toISOString(), incident: told });
    return told;
  };
  const sinceMs = Math.max(0, at.getTime() - Date.parse(journal.asOf));
  const after = journal.open.map((one) => {
    const standing = standings.get(one.subject) ?? 'fine';
    if (standing === 'unknown') return one;
    return standing === 'fine'
      ? calmDown(one, at, tell)
      : goOn(one, standing, { at, sinceMs, tell });
  });
  const closed = after.filter(({ closedAt }) => closedAt !== null);
  let { count } = journal;
  const opened = [...standings].flatMap(([subject, standing]) => {
    const isKnown = journal.open.some((one) => one.subject === subject);
    if (typeof standing === 'string' || isKnown) return [];
    count += 1;
    return [tell('opened', open({ subject, trouble: standing, count, journal, at }))];
  });
  const keepFrom = at.getTime() - CLOSED_KEPT_MS;
  return {
    notices,
    journal: {
      asOf: at.toISOString(),
      count,
      open: [...after.filter(({ closedAt }) => closedAt === null), ...opened],
      closed: [...closed, ...journal.closed]
        .filter(({ closedAt }) => Date.parse(closedAt ?? '') > keepFrom)
        .slice(0, CLOSED_KEPT_MAX),
    },
  };
}

type Tell = (what: Notice['what'], about: Incident) => Incident;

function open(facts: {
  subject: string;
  trouble: Trouble;
  count: number;
  journal: Journal;
  at: Date;
}): Incident {
  const { subject, trouble, at } = facts;
  const now = at.toISOString();
  const lately = facts.journal.closed.filter(
    (one) =>
      one.subject === subject && at.getTime() - Date.parse(one.closedAt ?? '') < FLAPPING_WITHIN_MS,
  );
  return {
    id: `${now.slice(0, 10).replaceAll('-', '')}-${String(facts.count)}`,
    subject,
    level: trouble.isCritical ? 'critical' : 'warning',
    kind: trouble.kind,
    detail: trouble.detail,
    openedAt: now,
    unavailableSince: trouble.isUnavailable ? now : null,
    toldAt: now,
    calmSince: null,
    closedAt: null,
    outageMs: 0,
    isFlapping: lately.length >= FLAPPING_AFTER || lately.some(({ isFlapping }) => isFlapping),
  };
}

function goOn(
  one: Incident,
  { kind, detail, isUnavailable, isOutage, ...trouble }: Trouble,
  { at, sinceMs, tell }: { at: Date; sinceMs: number; tell: Tell },
): Incident {
  const now: Incident = {
    ...one,
    kind,
    detail,
    calmSince: null,
    unavailableSince: isUnavailable ? (one.unavailableSince ?? at.toISOString()) : null,
    outageMs: one.outageMs + (isOutage ? sinceMs : 0),
  };
  const unavailableMs =
    now.unavailableSince === null ? 0 : at.getTime() - Date.parse(now.unavailableSince);
  const isCritical = trouble.isCritical || unavailableMs > CRITICAL_AFTER_MS;
  if (isCritical && one.level === 'warning')
    return tell('escalated', { ...now, level: 'critical' });
  const quietMs = at.getTime() - Date.parse(one.toldAt);
  const everyMs = trouble.remindEveryMs ?? REMIND_EVERY_MS[one.level];
  return quietMs >= everyMs ? tell('reminded', now) : now;
}

function calmDown(one: Incident, at: Date, tell: Tell): Incident {
  const calmSince = one.calmSince ?? at.toISOString();
  const calm: Incident = { ...one, calmSince, unavailableSince: null };
  const calmMs = at.getTime() - Date.parse(calmSince);
  const needsMs = one.isFlapping ? CALM_FLAPPING_MS : one.kind === 'gray' ? CALM_GRAY_MS : CALM_MS;
  // It ended when it became well, not when we believed it.
  return calmMs >= needsMs ? tell('recovered', { ...calm, closedAt: calmSince }) : calm;
}
