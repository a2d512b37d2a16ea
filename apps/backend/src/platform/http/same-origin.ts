import type { FastifyRequest } from 'fastify';
import { Forbidden } from './errors.ts';

/** Cross-site requests carry our cookies; the browser says where they come from. */
export function assertSameOrigin(request: FastifyRequest, webUrl: string): void {
  const site = request.headers['sec-fetch-site'];
  const origin = request.headers.origin;
  const isOurs = site === undefined ? origin === new URL(webUrl).origin : site === 'same-origin';
  if (!isOurs) throw new Forbidden('the request comes from another site');
}
