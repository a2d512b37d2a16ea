import type { Endpoint } from '@opora/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { App } from './app.ts';
import { IdempotencyKeyMissing } from './errors.ts';

/** What an endpoint leaves out is a part that is never there. */
type Parsed<T> = NonNullable<T> extends z.ZodType ? z.output<NonNullable<T>> : undefined;

/** One call of an endpoint: its parts parsed by the endpoint's schemas. */
export type Call<E extends Endpoint> = Readonly<{
  params: Parsed<E['params']>;
  query: Parsed<E['query']>;
  body: Parsed<E['body']>;
  /** The `Idempotency-Key` of a keyed endpoint, else an empty text. */
  key: string;
  request: FastifyRequest;
  reply: FastifyReply;
}>;

/** Characters of an idempotency key: what URLs and logs take as it is. */
const KEY = /^[A-Za-z0-9_-]{8,128}$/;

/**
 * Serves one endpoint of the API table: address, permission and schemas come from there, the
 * handler gets the parsed parts and returns the answer. Personal answers are never stored by caches.
 */
export function serve<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (call: Call<E>) => Promise<z.input<E['answer']>>,
): void {
  const status = endpoint.status ?? 200;
  route(app, endpoint, { [status]: endpoint.answer }, async (call) => {
    const answer = await handler(call);
    if (call.reply.sent) return;
    return call.reply.code(status).send(answer);
  });
}

/** Serves an endpoint that answers with a file or a stream: the handler writes it itself. */
export function serveMedia<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (call: Call<E>) => Promise<unknown>,
): void {
  route(app, endpoint, undefined, handler);
}

function route<E extends Endpoint>(
  app: App,
  endpoint: E,
  response: Readonly<Record<number, z.ZodType>> | undefined,
  handler: (call: Call<E>) => Promise<unknown>,
): void {
  const { params, query, body } = endpoint;
  app.route({
    method: endpoint.method,
    url: endpoint.path.replace(/\{(\w+)\}/g, ':$1'),
    config: { permission: endpoint.permission, previews: endpoint.previews === true },
    schema: {
      ...(params === undefined ? {} : { params }),
      ...(query === undefined ? {} : { querystring: query }),
      ...(body === undefined ? {} : { body }),
      ...(response === undefined ? {} : { response }),
    },
    handler(request, reply) {
      if (endpoint.permission !== 'public') reply.header('cache-control', 'no-store');
      // The framework has parsed each part by the very schema that types it.
      const parts = { params: request.params, query: request.query, body: request.body };
      const key = endpoint.keyed === true ? keyOf(request) : '';
      return handler({ ...parts, key, request, reply } as Call<E>); // see above
    },
  });
}

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key === 'string' && KEY.test(key)) return key;
  throw new IdempotencyKeyMissing('no usable Idempotency-Key');
}
