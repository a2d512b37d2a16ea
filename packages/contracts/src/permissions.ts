import { STAFF_PERMISSIONS, type StaffPermission } from './staff.ts';

/**
 * Who may call a route. Closed: a route names one of these or does not start, and a new word
 * appears here first, where it is read and discussed.
 */
export const PERMISSIONS = {
  public: 'Anybody; the answer holds nothing about a person.',
  webhook: 'A provider, Telegram or the panel: the notice proves itself to the handler.',
  session: 'A signed-in person, for own data only.',
  service: 'Another role of this platform.',
  ...STAFF_PERMISSIONS,
} as const;

export type Permission = keyof typeof PERMISSIONS;

export function isPermission(value: unknown): value is Permission {
  return typeof value === 'string' && Object.hasOwn(PERMISSIONS, value);
}

export function isStaffPermission(value: Permission): value is StaffPermission {
  return Object.hasOwn(STAFF_PERMISSIONS, value);
}
