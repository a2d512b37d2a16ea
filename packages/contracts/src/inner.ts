/** What roles say to each other over the inner link: the gateway to auth and the api, the monitor to the api. */
import { z } from 'zod';
import { KeyNetworks } from './api/account.ts';
import { AnnouncementWire, ANNOUNCEMENTS_MAX } from './api/announcements.ts';
import { BREAKERS_MAX, FORCED_POSITIONS } from './api/breakers.ts';
import { Id, Instant, Words } from './api/shapes.ts';
import { KEY_SCOPES, STAFF_PERMISSIONS, STAFF_ROLES, type StaffPermission } from './staff.ts';

/** Sessions asked about at once. */
export const SESSIONS_ASKED_MAX = 64;
/** Revocations told at once; more are asked for with the last one's time. */
export const REVOCATIONS_MAX = 5_000;
const WAYS_TOLD_MAX = 16;
const STAFF_SESSIONS_MAX = 500;
const ACTS_TOLD_MAX = 100;

const permissions = Object.keys(STAFF_PERMISSIONS) as [StaffPermission, ...StaffPermission[]]; // its own keys

export const INNER_PATHS = {
  decisions: '/internal/decisions',
  keyDecision: '/internal/key-decision',
  revocations: '/internal/revocations',
  away: '/internal/decided-while-away',
  outside: '/internal/outside',
  staff: '/internal/staff',
  acts: '/internal/acts',
  breakers: '/internal/breakers',
} as const;

/** The auth service's own decision about one living session. */
export const DecisionWire = z.object({
  sessionId: Id,
  personId: Id,
  role: z.enum(STAFF_ROLES).nullable(),
  /** Rights of staff; empty for customers. */
  grants: z.array(z.enum(permissions)),
});
export type DecisionWire = z.infer<typeof DecisionWire>;

export const DecisionsAsk = z.strictObject({
  sessions: z.array(Id).min(1).max(SESSIONS_ASKED_MAX),
});
/** A session that is asked about and not among the living has ended, or never was. */
export const DecisionsWire = z.object({ living: z.array(DecisionWire) });

export const RevocationsAsk = z.strictObject({ since: Instant });

/** By the part of an API key that may be shown, and the SHA-256 of the rest. */
export const KeyDecisionAsk = z.strictObject({
  publicId: z.string().regex(/^[0-9A-Za-z]{8}$/),
  secretHash: z.string().length(43),
});
/** The auth service's own decision about one living API key. */
export const KeyDecisionWire = z.object({
  keyId: Id,
  personId: Id,
  createdAt: Instant,
  isStaff: z.boolean(),
  grants: z.array(z.enum(KEY_SCOPES)),
  /** An auth service of before the update binds no key. */
  networks: KeyNetworks.default([]),
});
export type KeyDecisionWire = z.infer<typeof KeyDecisionWire>;
/** Null: nobody's, expired or ended. */
export const KeyDecisionAnswer = z.object({ key: KeyDecisionWire.nullable() });

/** One token (or API key) by its id, or all tokens of a person or of everybody that were issued before a time. */
export const CutWire = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), tokenId: z.string().max(128), at: Instant }),
  z.object({ kind: z.literal('person'), personId: Id, issuedBefore: Instant, at: Instant }),
  z.object({ kind: z.literal('everybody'), issuedBefore: Instant, at: Instant }),
]);
export type CutWire = z.infer<typeof CutWire>;

export const RevocationsWire = z.object({
  /** The server's time when it looked. */
  at: Instant,
  revoked: z.array(z.object({ sessionId: Id, at: Instant })).max(REVOCATIONS_MAX),
  /** An auth service of before the update tells none. */
  cuts: z.array(CutWire).max(REVOCATIONS_MAX).default([]),
  /** False: there are more, after the last one's time. */
  isWhole: z.boolean(),
});
export type RevocationsWire = z.infer<typeof RevocationsWire>;

/** What the gateway decided by itself, summed up: one session, one level, one endpoint. */
export const DecidedAway = z.object({
  sessionId: Id,
  personId: Id,
  level: z.int().min(2).max(4),
  endpoint: z.string().max(64),
  reason: z.string().max(128),
  allowed: z.boolean(),
  times: z.int().positive(),
  firstAt: Instant,
  lastAt: Instant,
});
export type DecidedAway = z.infer<typeof DecidedAway>;
export const DecidedAwayAsk = z.strictObject({ decided: z.array(DecidedAway).max(500) });
export const DecidedAwayAnswer = z.object({
  /** Sessions that were served although they had been revoked before. */
  violations: z.array(Id),
});

/** How those outside do, as far as our breakers and the staff's switches say: the api tells the monitor. */
export const OutsideWire = z.object({
  ways: z
    .array(z.object({ way: z.string().max(32), title: Words, rests: z.boolean() }))
    .max(WAYS_TOLD_MAX),
  panelRests: z.boolean(),
  announcements: z.array(AnnouncementWire).max(ANNOUNCEMENTS_MAX).default([]),
});
export type OutsideWire = z.infer<typeof OutsideWire>;

/** All breakers of a process that has no database, as they stand. */
export const BreakersAsk = z.strictObject({
  process: z.string().max(64),
  words: z
    .array(
      z.object({
        dependency: z.string().max(64),
        state: z.enum(['closed', 'open', 'half_open']),
        changedAt: Instant,
      }),
    )
    .max(BREAKERS_MAX),
});
export type BreakersAsk = z.infer<typeof BreakersAsk>;
/** Where staff holds breakers, of this process or others, and until when. */
export const SwitchesWire = z.object({
  switches: z
    .array(
      z.object({
        dependency: z.string().max(64),
        position: z.enum(FORCED_POSITIONS),
        until: Instant,
      }),
    )
    .max(BREAKERS_MAX),
});

/** Every living session of staff: auth tells the monitor, which then knows its people without auth. */
export const StaffStandingWire = z.object({
  sessions: z
    .array(
      z.object({
        sessionId: Id,
        personId: Id,
        name: z.string().max(128),
        language: z.enum(['ru', 'en']),
        role: z.enum(STAFF_ROLES),
      }),
    )
    .max(STAFF_SESSIONS_MAX),
  /** Single tokens that were ended lately, by id. */
  cutTokens: z.array(z.string().max(128)).max(REVOCATIONS_MAX),
});
export type StaffStandingWire = z.infer<typeof StaffStandingWire>;

/** Acts of staff that the monitor did by itself, for the audit log; told until they are taken. */
export const StaffActsAsk = z.strictObject({
  acts: z
    .array(
      z.object({
        id: Id,
        at: Instant,
        key: z.string().max(128),
        act: z.string().max(64),
        subject: z.string().max(64),
        reason: z.string().max(500),
        actor: z.object({
          id: z.string().max(64),
          name: z.string().max(128),
          requestId: z.string().max(64),
          remoteAddress: z.string().max(64),
        }),
      }),
    )
    .max(ACTS_TOLD_MAX),
});
export type StaffActsAsk = z.infer<typeof StaffActsAsk>;
