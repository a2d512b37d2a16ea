/**
 * What stays possible while the auth service is away (requirement A5, resilience 9): the one readable
 * table. A level only ever takes away: who may not do a thing while all is well may not do it here.
 *
 * 1  auth answers: its own decision
 * 2  a decision of the last quarter of an hour: what was granted then, without what is sensitive
 * 3  the token alone, with the revocations known here: own data, nothing of other people
 * 4  nothing is known of the last hour: own subscriptions, as they were, and nothing else
 */
import type { NamedEndpoint } from './api/index.ts';
import { isStaffPermission, type Permission } from './permissions.ts';
import type { StaffPermission } from './staff.ts';

export const AUTH_LEVELS = [1, 2, 3, 4] as const;
export type AuthLevel = (typeof AUTH_LEVELS)[number];

/** Acts of staff that move neither money nor rights; every other act is sensitive. */
const CALM_ACTS: ReadonlySet<StaffPermission> = new Set([
  'people:message',
  'payments:look',
  'deliveries:retry',
]);

/** Lists of people's data leave the house: never without the auth service. */
const SENSITIVE_READS: ReadonlySet<StaffPermission> = new Set(['exports:read', 'settings:read']);

/** What staff may read of the business without anybody's data in it. */
const IMPERSONAL_READS: ReadonlySet<StaffPermission> = new Set(['today:read', 'plans:read']);

/** A second factor is judged by the auth service alone. */
const SENSITIVE_OWN = new Set(['session.stepUp']);
/** Ways in are read and changed where they are kept. */
const OWN_WAYS = 'account.';

/** Own writes that move no money and no rights, and can be done again. */
const CALM_OWN_WRITES = new Set(['me.setLanguage', 'me.lookAtOrder']);

/** What a customer needs to stay connected. */
const EMERGENCY_READS = new Set(['me.subscriptions']);

/** True for what needs no session at all: it proves itself, or is for everybody. */
export function needsNoSession(permission: Permission): boolean {
  return permission === 'public' || permission === 'webhook' || permission === 'service';
}

/**
 * May this be done at `level` by somebody who may do it while all is well? `mayWrite` false: what is
 * known of revocations or of the time is too old for level 3 to change anything.
 */
export function isAllowedAt(
  level: AuthLevel,
  { id, endpoint }: NamedEndpoint,
  mayWrite = true,
): boolean {
  const { permission } = endpoint;
  const reads = endpoint.method === 'GET';
  if (needsNoSession(permission) || level === 1) return true;
  if (isStaffPermission(permission)) return isStaffAllowed(level, permission, reads);
  if (SENSITIVE_OWN.has(id) || id.startsWith(OWN_WAYS)) return false;
  if (level === 2) return true;
  if (level === 3) return reads || (mayWrite && CALM_OWN_WRITES.has(id));
  return reads && EMERGENCY_READS.has(id);
}

function isStaffAllowed(level: AuthLevel, permission: StaffPermission, reads: boolean): boolean {
  if (level === 2) return reads ? !SENSITIVE_READS.has(permission) : CALM_ACTS.has(permission);
  return level === 3 && reads && IMPERSONAL_READS.has(permission);
}
