import { isPermission, type Permission } from '@opora/contracts';
import { assert } from '@opora/kernel';
import type { FastifyRequest, RouteOptions } from 'fastify';
import { Unauthenticated } from './errors.ts';
import type { InnerLink } from './inner-link.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Who may call the route; without it the app does not start. */
    permission: Permission;
    /** Changes nothing: the right is enough, however long ago the second factor was shown. */
    previews?: boolean;
  }
}

/** Throws `Unauthenticated` or `Forbidden` unless the request may do what needs `permission`. */
export type Authorise = (request: FastifyRequest, permission: Permission) => void | Promise<void>;

/** A route nobody thought about is a bug that must not reach a customer: crash at registration. */
export function requirePermission(route: RouteOptions): void {
  assert(
    isPermission(route.config?.permission),
    `route ${String(route.method)} ${route.url} declares no permission`,
  );
}

/** The decision for one request; `authorise` is asked about people, the inner link about roles. */
export function createGuard(link: InnerLink, authorise: Authorise | undefined): Authorise {
  return (request, permission) => {
    switch (permission) {
      case 'public':
      case 'webhook':
        return;
      case 'service':
        if (!link.isService(request.headers)) throw new Unauthenticated('not a role of ours');
        return;
      default:
        if (authorise === undefined) throw new Unauthenticated('no sessions here');
        return authorise(request, permission);
    }
  };
}
