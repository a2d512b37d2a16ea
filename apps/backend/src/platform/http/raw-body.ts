import type { FastifyRequest } from 'fastify';
import type { App } from './app.ts';

/** Largest notice of a provider or update of Telegram, bytes. */
export const WEBHOOK_BODY_MAX = 262_144;

const EMPTY = Buffer.alloc(0);

/**
 * In `scope` (a plugin of its own) bodies of every content type stay the bytes that came:
 * signatures are checked on them. At most `bodyLimit` bytes, else 413.
 */
export function acceptRawBodies(scope: App, bodyLimit = WEBHOOK_BODY_MAX): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit }, (_request, body, done) => {
    done(null, body);
  });
}

/** The bytes of a request in a scope with raw bodies; empty when it had none. */
export function rawBody(request: FastifyRequest): Buffer {
  return Buffer.isBuffer(request.body) ? request.body : EMPTY;
}
