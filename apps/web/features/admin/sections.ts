import type { SessionWire, StaffPermission } from '@opora/contracts';

/** The sections of the administration in the order of a working day, each behind its right. */
export const SECTIONS = {
  today: { href: '/admin', right: 'today:read' },
  people: { href: '/admin/people', right: 'people:read' },
  orders: { href: '/admin/orders', right: 'orders:read' },
  payments: { href: '/admin/payments', right: 'payments:read' },
  providers: { href: '/admin/providers', right: 'payments:read' },
  subscriptions: { href: '/admin/subscriptions', right: 'subscriptions:read' },
  byHand: { href: '/admin/by-hand', right: 'payments:read' },
  deliveries: { href: '/admin/deliveries', right: 'deliveries:read' },
  notices: { href: '/admin/notices', right: 'notices:read' },
  refused: { href: '/admin/refused', right: 'notices:read' },
  ledger: { href: '/admin/ledger', right: 'ledger:read' },
  plans: { href: '/admin/plans', right: 'plans:read' },
  messages: { href: '/admin/messages', right: 'messages:read' },
  health: { href: '/admin/health', right: 'health:read' },
  audit: { href: '/admin/audit', right: 'audit:read' },
  staff: { href: '/admin/staff', right: 'staff:read' },
  access: { href: '/admin/access', right: 'staff:read' },
  /** One's own: for everybody of the staff. */
  keys: { href: '/admin/keys', right: 'today:read' },
  settings: { href: '/admin/settings', right: 'settings:read' },
} as const satisfies Readonly<Record<string, { href: string; right: StaffPermission }>>;

export type SectionName = keyof typeof SECTIONS;

export function may(session: SessionWire, right: StaffPermission): boolean {
  return session.staff?.permissions.includes(right) ?? false;
}

/** What this person may open; the API decides again at every call. */
export function visibleSections(session: SessionWire): readonly SectionName[] {
  const names = Object.keys(SECTIONS) as SectionName[]; // its own keys
  return names.filter((name) => may(session, SECTIONS[name].right));
}
