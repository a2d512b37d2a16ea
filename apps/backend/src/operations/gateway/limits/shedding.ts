import type { NamedEndpoint } from '@opora/contracts';
import type { Route } from '../routes.ts';
import { WAITING_MAX } from '../room.ts';
import type { Upstream } from '../upstream.ts';

/**
 * What gives way first when a role has more to do than it can (resilience 10), as the share of its
 * capacity that each may fill. What is vital is never refused: notices of money, the life of a session.
 */
const SHARES = { bulk: 0.4, list: 0.55, read: 0.7, command: 0.8, vital: Infinity } as const;
export type Priority = keyof typeof SHARES;

/** Checked or renewed all the time by everybody who is signed in. */
const VITAL = new Set(['/auth/session', '/auth/refresh', '/auth/leave', '/.well-known/jwks.json']);

export function priorityOf(
  asked: { method: string; path: string },
  route: Route,
  named: NamedEndpoint | undefined,
): Priority {
  if (route.provesItself === true || VITAL.has(asked.path)) return 'vital';
  if (asked.method !== 'GET' && asked.method !== 'HEAD') return 'command';
  if (named?.endpoint.media === 'text/csv') return 'bulk';
  return named?.endpoint.query === undefined ? 'read' : 'list';
}

export function hasRoom(upstream: Upstream, priority: Priority): boolean {
  const up = upstream.instances.filter((instance) => instance.up);
  const room = up.reduce((sum, instance) => sum + instance.room.most, 0) || WAITING_MAX;
  return upstream.waiting() < SHARES[priority] * room;
}
