/** Who did what, to whom, why, and what it changed; and who is staff. */
import { z } from 'zod';
import { STAFF_ROLES } from '../staff.ts';
import { exampleAt, exampleIds, Id, Instant, NO_PAGE, pageOf, PeriodQuery } from './shapes.ts';
import { csvFile } from './csv-file.ts';
import { endpoint } from './endpoint.ts';

const Facts = z.record(z.string().max(64), z.union([z.string().max(2000), z.null()]));

export const AuditWire = z.object({
  id: Id,
  at: Instant,
  /** The person of staff, or `system`. */
  actor: z.object({ id: z.string().max(64), name: z.string().max(128) }),
  /** `people.ban`, `payments.refund`, `session.password_refused` ... */
  act: z.string().max(64),
  subjectKind: z.string().max(32),
  subjectId: z.string().max(128),
  /** The person it is about, when there is one. */
  personId: Id.nullable(),
  reason: z.string().max(500).nullable(),
  before: Facts.nullable(),
  after: Facts.nullable(),
  result: z.enum(['done', 'refused']),
  requestId: z.string().max(64).nullable(),
  remoteAddress: z.string().max(64).nullable(),
});
export type AuditWire = z.infer<typeof AuditWire>;

const row: AuditWire = {
  id: exampleIds.audit,
  at: exampleAt,
  actor: { id: exampleIds.staff, name: 'Operator' },
  act: 'people.ban',
  subjectKind: 'person',
  subjectId: exampleIds.person,
  personId: exampleIds.person,
  reason: 'fraud: three stolen cards',
  before: { state: 'active' },
  after: { state: 'banned' },
  result: 'done',
  requestId: 'req_01jd000000000000000000000a',
  remoteAddress: '203.0.113.7',
};

const filters = PeriodQuery.extend({
  actorId: Id.optional(),
  act: z.string().max(64).optional(),
  subjectId: z.string().max(128).optional(),
});

export const audit = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/audit',
    permission: 'audit:read',
    about: 'What staff and the system did, newest first.',
    query: filters,
    answer: pageOf(AuditWire),
    example: { query: { act: 'people.ban' }, answer: { items: [row], older: null, newer: null } },
  }),
  export: csvFile({
    name: 'audit',
    about: 'The same rows as the log, as a file to keep elsewhere.',
    query: filters.omit(NO_PAGE),
    example: { query: { from: '2026-11-01' }, answer: 'id,at,actor,act,subject,reason\r\n' },
  }),
} as const;

export const StaffRow = z.object({
  personId: Id,
  name: z.string().max(128),
  email: z.string().max(254),
  role: z.enum(STAFF_ROLES),
  state: z.enum(['active', 'disabled']),
  hasSecondFactor: z.boolean(),
  lastSeenAt: Instant.nullable(),
  createdAt: Instant,
});
export type StaffRow = z.infer<typeof StaffRow>;

export const InvitationRow = z.object({
  id: Id,
  email: z.string().max(254),
  role: z.enum(STAFF_ROLES),
  createdAt: Instant,
  expiresAt: Instant,
});

export const staff = {
  list: endpoint({
    method: 'GET',
    path: '/api/v1/admin/staff',
    permission: 'staff:read',
    about: 'Staff and open invitations.',
    answer: z.object({
      items: z.array(StaffRow).max(500),
      invitations: z.array(InvitationRow).max(100),
    }),
    example: {
      answer: {
        items: [
          {
            personId: exampleIds.staff,
            name: 'Operator',
            email: 'owner@example.com',
            role: 'owner',
            state: 'active',
            hasSecondFactor: true,
            lastSeenAt: exampleAt,
            createdAt: exampleAt,
          },
        ],
        invitations: [],
      },
    },
  }),
} as const;
