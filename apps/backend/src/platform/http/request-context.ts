import type { IncomingMessage } from 'node:http';
import { HEADERS } from '@opora/contracts';
import type { Clock, Ids } from '@opora/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { clientAddress, type Networks } from '../network/index.ts';
import { budgetMs, Deadline } from './deadline.ts';
import type { InnerLink } from './inner-link.ts';
import { SECURITY_HEADERS } from './security-headers.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Until when the answer is worth anything. */
    deadline: Deadline;
    /** Who really calls, by the trusted-hop rule. */
    clientAddress: string;
    /** The gateway hears so much nonsense from this network that none of it is worth keeping. */
    isFlood: boolean;
  }
}

export type ContextParts = Readonly<{ clock: Clock; ids: Ids; link: InnerLink; trusted: Networks }>;

/** A request id of ours, or what a role of ours passed on; strangers do not name our log lines. */
export function requestId(parts: ContextParts, raw: IncomingMessage): string {
  const told = raw.headers[HEADERS.requestId];
  const usable = typeof told === 'string' && isRequestId(told) && parts.link.proves(raw.headers);
  return usable ? told : parts.ids.next('req');
}

export function isRequestId(text: string): boolean {
  return /^[A-Za-z0-9_-]{1,64}$/.test(text);
}

/** Headers of every answer; also called where the framework skips its hooks. */
export function dress(request: FastifyRequest, reply: FastifyReply): void {
  reply.headers(SECURITY_HEADERS).header(HEADERS.requestId, request.id);
}

/** Gives the request its address and its deadline; throws `DeadlineExceeded`. */
export function situate(parts: ContextParts, request: FastifyRequest): void {
  const inner = parts.link.proves(request.headers);
  const forwarded = inner ? request.headers['x-forwarded-for'] : undefined;
  request.clientAddress = clientAddress(
    request.socket.remoteAddress ?? '',
    typeof forwarded === 'string' ? forwarded : undefined,
    parts.trusted,
  );
  request.isFlood = inner && request.headers[HEADERS.flood] !== undefined;
  const told = inner ? request.headers[HEADERS.deadline] : undefined;
  // An unknown address has no permission of its own: it is answered as a public one.
  const { permission = 'public' } = request.routeOptions.config as { permission?: 'public' }; // see above
  request.deadline = new Deadline(
    parts.clock,
    budgetMs(permission, typeof told === 'string' ? told : undefined),
  );
  request.deadline.check();
}
