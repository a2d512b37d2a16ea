/**
 * Who of the staff may do what: the one readable table. Deny by default: a permission that is not
 * in a role's line is refused. Nobody edits their own role; the last owner cannot be removed.
 */
export const STAFF_PERMISSIONS = {
  'today:read': 'The overview: sales, people, providers, what waits.',
  'people:read': 'Find people and see everything about one.',
  'people:ban': 'Close an account and open it again.',
  'people:message': 'Write to a person.',
  'sessions:end': 'Sign a person, or everybody, out everywhere.',
  'orders:read': 'Orders with their timelines.',
  'payments:read': 'Payments with their timelines.',
  'payments:look': 'Ask the provider about a payment now.',
  'payments:refund': 'Give money back.',
  'payments:enter': 'Enter payments by hand from documents, and confirm those of others.',
  'payments:reconcile': "Compare a provider's book of a day with ours now.",
  'providers:switch': 'Switch a way to pay off and on.',
  'notices:read': 'Notices of providers in their raw form, refused ones too.',
  'subscriptions:read': 'Subscriptions and what the panel has.',
  'subscriptions:extend': 'Add days to a subscription.',
  'subscriptions:extend_all':
    'Add days to everybody while payments do not work, and take them back.',
  'subscriptions:grant': 'Give access that nobody paid for.',
  'subscriptions:revoke': 'End access before its time.',
  'deliveries:read': 'What waits for the panel, and why.',
  'deliveries:retry': 'Try a delivery now, send a link again.',
  'ledger:read': 'Accounts and transfers.',
  'plans:read': 'Plans with all their versions.',
  'plans:write': 'Publish a new version of a plan.',
  'messages:read': 'Mail and message statistics.',
  'audit:read': 'Who did what and why.',
  'settings:read': 'The settings in force; secrets only say whether they are set.',
  'staff:read': 'Who is staff.',
  'staff:write': 'Invite, change a role, end access of staff.',
  'exports:read': 'Lists as CSV files.',
  'announcements:write': 'Tell customers of incidents and maintenance.',
  'breakers:force': 'Hold a breaker open or closed for a time.',
  'health:read': 'Each service, its incidents and restarts.',
  'services:restart': 'Restart an instance of a service.',
} as const;

export type StaffPermission = keyof typeof STAFF_PERMISSIONS;

export const STAFF_ROLES = ['owner', 'admin', 'finance', 'support'] as const;
export type StaffRole = (typeof STAFF_ROLES)[number];

const READS_ALL = [
  'today:read',
  'people:read',
  'orders:read',
  'payments:read',
  'payments:look',
  'notices:read',
  'subscriptions:read',
  'deliveries:read',
  'plans:read',
] as const satisfies readonly StaffPermission[];

const SUPPORT = [
  ...READS_ALL,
  'people:message',
  'subscriptions:extend',
  'deliveries:retry',
] as const satisfies readonly StaffPermission[];

const FINANCE = [
  ...READS_ALL,
  'payments:refund',
  'payments:enter',
  'payments:reconcile',
  'providers:switch',
  'ledger:read',
  'messages:read',
  'audit:read',
  'exports:read',
] as const satisfies readonly StaffPermission[];

const EVERYTHING = Object.keys(STAFF_PERMISSIONS) as StaffPermission[]; // its own keys

export const ROLE_PERMISSIONS: Readonly<Record<StaffRole, ReadonlySet<StaffPermission>>> = {
  support: new Set(SUPPORT),
  finance: new Set(FINANCE),
  admin: new Set(EVERYTHING.filter((permission) => permission !== 'staff:write')),
  owner: new Set(EVERYTHING),
};

/** What moves money or rights: the second factor must be younger than five minutes. */
export const STEP_UP_PERMISSIONS: ReadonlySet<StaffPermission> = new Set([
  'payments:refund',
  'payments:enter',
  'subscriptions:grant',
  'subscriptions:extend_all',
  'sessions:end',
  'staff:write',
  'exports:read',
]);

/**
 * What an API key can be made for: reads and calm acts, nothing that moves money or rights, no exports,
 * no settings. `session` is the own data of a customer, to read.
 */
export const KEY_SCOPES = [
  'session',
  'today:read',
  'people:read',
  'people:message',
  'orders:read',
  'payments:read',
  'payments:look',
  'notices:read',
  'subscriptions:read',
  'deliveries:read',
  'deliveries:retry',
  'ledger:read',
  'plans:read',
  'messages:read',
  'audit:read',
  'staff:read',
] as const satisfies readonly (StaffPermission | 'session')[];
export type KeyScope = (typeof KEY_SCOPES)[number];
export const CUSTOMER_SCOPES: readonly KeyScope[] = ['session'];

/** These roles see e-mail addresses in full; to the others they are masked. */
export const UNMASKED_ROLES: ReadonlySet<StaffRole> = new Set(['owner', 'admin', 'finance']);
