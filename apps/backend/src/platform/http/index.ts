/**
 * The one way a role speaks HTTP: a Fastify app with our rules already on it.
 * What every app has: zod schemas, a permission on each route (or it does not start), a request id,
 * a deadline, the client's address by the trusted-hop rule, problem+json for every refusal,
 * security headers, `/health/live`, `/health/ready`, `/metrics`, and a graceful close.
 * States: serving, draining (readiness red, answers say `Connection: close`), closed.
 * Limits: bodies 1 MB (webhooks 256 kB), headers 16 kB, 10 s of work (3 s between roles, 25 s for
 * webhooks). The routes of a module are plugins that receive finished services.
 */
export type { App } from './app.ts';
export { answerClientError } from './client-error.ts';
export { createCopies, type Copied, type Copies } from './copies.ts';
export type { Deadline } from './deadline.ts';
export { Forbidden, Unauthenticated } from './errors.ts';
export type { Readiness } from './health-routes.ts';
export { createInnerLink, type InnerLink, type InnerLinkParts } from './inner-link.ts';
export type { Authorise } from './permission.ts';
export { plainProblem, preferredLanguage, PROBLEM_TYPE } from './problem.ts';
export { acceptRawBodies, rawBody, WEBHOOK_BODY_MAX } from './raw-body.ts';
export { referenceRoutes } from './reference.ts';
export { isRequestId } from './request-context.ts';
export { assertSameOrigin } from './same-origin.ts';
export { SECURITY_HEADERS } from './security-headers.ts';
export { createLive, serveLive, STREAMS_MAX, type Live } from './live.ts';
export { serve, serveMedia, type Call } from './serve.ts';
export { stillWanted } from './wanted.ts';
export { BODY_MAX, createHttp, type Http, type HttpOptions } from './server.ts';
