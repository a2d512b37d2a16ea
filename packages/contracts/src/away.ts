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
import { SYSTEM_PATH } from './api/system.ts';
import { isStaffPermission, type Permission } from './permissions.ts';
import { KEY_SCOPES, type KeyScope, type StaffPermission } from './staff.ts';

export const AUTH_LEVELS = [1, 2, 3, 4] as const;
export type AuthLevel = (typeof AUTH_LEVELS)[number];

/** Each class of operations and the levels that leave it; whatever has no class is `sensitive`. */
export const AWAY_TABLE = {
  open: { about: 'What proves itself or is for everybody', levels: [1, 2, 3, 4] },
  emergencyRead: { about: 'The own subscriptions', levels: [1, 2, 3, 4] },
  ownRead: { about: 'Other reads of own data', levels: [1, 2, 3] },
  ownCalmWrite: { about: 'Own changes without weight', levels: [1, 2, 3] },
  ownWrite: { about: 'Own changes that cost or end something', levels: [1, 2] },
  staffImpersonalRead: { about: 'Staff: figures and plans', levels: [1, 2, 3] },
  staffRead: { about: "Staff: reads of other people's data", levels: [1, 2] },
  staffCalmAct: { about: 'Staff: acts that move neither money nor rights', levels: [1, 2] },
  selfJudged: {
    about: 'Staff: services and their restart, judged by the monitor itself',
    levels: [1, 2, 3],
  },
  sensitive: { about: 'Money, rights, settings, exports, second factors', levels: [1] },
} as const satisfies Record<string, { about: string; levels: readonly AuthLevel[] }>;

export type AwayClass = keyof typeof AWAY_TABLE;

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

/** Own writes by name: one that nobody thought about is sensitive. */
const OWN_WRITES: Readonly<Record<string, 'ownCalmWrite' | 'ownWrite'>> = {
  // They move no money and no rights, and can be done again.
  'me.setLanguage': 'ownCalmWrite',
  'me.lookAtOrder': 'ownCalmWrite',
  'me.placeOrder': 'ownWrite',
  'me.topUp': 'ownWrite',
  'me.removeDevice': 'ownWrite',
  'me.switchRenewalOn': 'ownWrite',
  'me.switchRenewalOff': 'ownWrite',
  'me.removeMethod': 'ownWrite',
  'me.endSession': 'ownWrite',
  'me.endOtherSessions': 'ownWrite',
};

/** What a customer needs to stay connected. */
const EMERGENCY_READS = new Set(['me.subscriptions']);

/** True for what needs no session at all: it proves itself, or is for everybody. */
export function needsNoSession(permission: Permission): boolean {
  return permission === 'public' || permission === 'webhook' || permission === 'service';
}

/** The gateway passes these on as they are: the monitor knows the staff by a copy of its own. */
export function isOfMonitor({ path }: NamedEndpoint['endpoint']): boolean {
  return path.startsWith(SYSTEM_PATH);
}

export function awayClassOf({ id, endpoint }: NamedEndpoint): AwayClass {
  const { permission } = endpoint;
  const reads = endpoint.method === 'GET';
  if (needsNoSession(permission)) return 'open';
  if (isOfMonitor(endpoint)) return 'selfJudged';
  if (isStaffPermission(permission)) return staffClassOf(permission, reads);
  if (EMERGENCY_READS.has(id) && reads) return 'emergencyRead';
  return reads ? 'ownRead' : (OWN_WRITES[id] ?? 'sensitive');
}

/**
 * May this be done at `level` by somebody who may do it while all is well? `mayWrite` false: what is
 * known of revocations or of the time is too old for level 3 to change anything.
 */
export function isAllowedAt(level: AuthLevel, named: NamedEndpoint, mayWrite = true): boolean {
  const found = awayClassOf(named);
  const levels: readonly AuthLevel[] = AWAY_TABLE[found].levels;
  if (found === 'ownCalmWrite' && level === 3 && !mayWrite) return false;
  return levels.includes(level);
}

/**
 * The scope with which an API key may call it; undefined: no key may. Never what is sensitive, and of a
 * customer the reads of own data alone.
 */
export function keyScopeOf(
  asked: Readonly<{ permission: Permission; method: string; path: string }>,
): KeyScope | undefined {
  const { permission, method, path } = asked;
  const reads = method === 'GET' || method === 'HEAD';
  if (permission === 'session' && !(reads && path.startsWith('/api/v1/me/'))) return undefined;
  if (isStaffPermission(permission) && staffClassOf(permission, reads) === 'sensitive') {
    return undefined;
  }
  return KEY_SCOPES.find((scope) => scope === permission);
}

function staffClassOf(permission: StaffPermission, reads: boolean): AwayClass {
  if (!reads) return CALM_ACTS.has(permission) ? 'staffCalmAct' : 'sensitive';
  if (SENSITIVE_READS.has(permission)) return 'sensitive';
  return IMPERSONAL_READS.has(permission) ? 'staffImpersonalRead' : 'staffRead';
}
