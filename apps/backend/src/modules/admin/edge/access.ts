import {
  API,
  REVIEW_DAYS,
  ROLE_PERMISSIONS,
  isStaffPermission,
  type AccessRow,
  type StaffPermission,
} from '@opora/contracts';
import { serve, type App } from '../../../platform/http/index.ts';
import type { AdminParts } from '../deps.ts';
import { presentKey, type StaffMeans } from '../../identity/index.ts';
import { staffRow } from './books.ts';

const DAY_MS = 86_400_000;

/** The right behind each act, by the act's name in the audit log. */
const RIGHTS: ReadonlyMap<string, StaffPermission> = new Map(
  Object.values(API.acts).flatMap(({ name, perform: { permission } }) =>
    isStaffPermission(permission) ? [[name, permission] as const] : [],
  ),
);

/** Each list that leaves as a file is an act of its own. */
const EXPORTS = 'exports.';

/** Who of the staff may what, and when they last used it (requirement A3). */
export function accessRoutes({ audit, clock, identity }: AdminParts) {
  return (app: App): void => {
    serve(app, API.access.review, async () => {
      const at = clock.now();
      const [{ members, invitations }, means] = await Promise.all([
        identity.staff.list(),
        identity.staff.means(),
      ]);
      const ids = members.map(({ personId }) => personId);
      const [acts, inviters] = await Promise.all([
        audit.lastActs(ids, new Date(at.getTime() - REVIEW_DAYS * DAY_MS)),
        identity.admin.briefs(invitations.map(({ createdBy }) => createdBy)),
      ]);
      const used = usedRights(acts);
      const items = members.map((member): AccessRow => ({
        ...staffRow(member),
        ...meansOf(means.get(member.personId)),
        permissions: member.state === 'active' ? [...ROLE_PERMISSIONS[member.role]] : [],
        used: [...(used.get(member.personId) ?? [])].map(([permission, last]) => ({
          permission,
          lastAt: last.toISOString(),
        })),
      }));
      const open = invitations.map(({ id, display: email, role, createdBy, ...times }) => ({
        ...{ id, email, role, by: inviters.get(createdBy)?.name ?? createdBy },
        createdAt: times.createdAt.toISOString(),
        expiresAt: times.expiresAt.toISOString(),
      }));
      return { asOf: at.toISOString(), items, invitations: open };
    });
  };
}

function meansOf(means: StaffMeans | undefined): Pick<AccessRow, keyof StaffMeans> {
  const { sessions, recoveryCodes, keys } = means ?? { sessions: 0, recoveryCodes: 0, keys: [] };
  return { sessions, recoveryCodes, keys: keys.map(presentKey) };
}

type LastActs = Awaited<ReturnType<AdminParts['audit']['lastActs']>>;

/** Of several acts behind one right the newest counts; acts without a right of staff do not. */
function usedRights(acts: LastActs): ReadonlyMap<string, ReadonlyMap<StaffPermission, Date>> {
  const used = new Map<string, Map<StaffPermission, Date>>();
  for (const { actorId, act, at } of acts) {
    const right = act.startsWith(EXPORTS) ? 'exports:read' : RIGHTS.get(act);
    if (right === undefined) continue;
    const own = used.get(actorId) ?? new Map<StaffPermission, Date>();
    used.set(actorId, own);
    const before = own.get(right);
    if (before === undefined || before < at) own.set(right, at);
  }
  return used;
}
