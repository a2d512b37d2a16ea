/** The review of access: who of the staff may what, and when they last used it. */
import { z } from 'zod';
import { STAFF_PERMISSIONS, STAFF_ROLES, type StaffPermission } from '../staff.ts';
import { KEYS_MAX, KeyWire } from './account.ts';
import { StaffRow } from './audit.ts';
import { endpoint } from './endpoint.ts';
import { exampleAt, exampleIds, Id, Instant } from './shapes.ts';

/** How far back the use of a right is looked for. */
export const REVIEW_DAYS = 180;

const PERMISSIONS = Object.keys(STAFF_PERMISSIONS) as [StaffPermission, ...StaffPermission[]]; // its own keys

export const AccessRow = StaffRow.extend({
  /** Sessions of staff that are open now. */
  sessions: z.int().nonnegative(),
  /** Recovery codes that are not used up. */
  recoveryCodes: z.int().nonnegative(),
  /** Living API keys. */
  keys: z.array(KeyWire).max(KEYS_MAX),
  /** What the role gives; nothing once disabled. */
  permissions: z.array(z.enum(PERMISSIONS)).max(100),
  /** Rights of acts that were used in the last `REVIEW_DAYS`, and when last. Reading leaves no entry. */
  used: z.array(z.object({ permission: z.enum(PERMISSIONS), lastAt: Instant })).max(100),
});
export type AccessRow = z.infer<typeof AccessRow>;

export const OpenInvitation = z.object({
  id: Id,
  email: z.string().max(254),
  role: z.enum(STAFF_ROLES),
  /** Who invited. */
  by: z.string().max(128),
  createdAt: Instant,
  expiresAt: Instant,
});
export type OpenInvitation = z.infer<typeof OpenInvitation>;

export const access = {
  review: endpoint({
    method: 'GET',
    path: '/api/v1/admin/access',
    permission: 'staff:read',
    about:
      'Who of the staff may what, when each right of acting was last used, and who is invited.',
    answer: z.object({
      asOf: Instant,
      items: z.array(AccessRow).max(500),
      invitations: z.array(OpenInvitation).max(100),
    }),
    example: {
      answer: {
        asOf: exampleAt,
        items: [
          {
            ...{ personId: exampleIds.staff, name: 'Max', email: 'max@example.com' },
            ...{ role: 'support', state: 'active', hasSecondFactor: true, lastSeenAt: exampleAt },
            ...{ createdAt: exampleAt, sessions: 1, recoveryCodes: 9 },
            keys: [],
            permissions: ['today:read', 'people:message'],
            used: [{ permission: 'people:message', lastAt: exampleAt }],
          },
        ],
        invitations: [],
      },
    },
  }),
} as const;
