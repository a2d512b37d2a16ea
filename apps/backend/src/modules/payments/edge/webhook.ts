import type { FastifyRequest } from 'fastify';
import { acceptRawBodies, BODY_MAX, rawBody, type App } from '../../../platform/http/index.ts';
import type { Clock } from '@opora/kernel';
import type { Payments } from '../index.ts';

/** Headers that are stored with a notice: never credentials, never more than this many. */
const HEADERS_KEPT = 64;
const NEVER_STORED = new Set(['authorization', 'cookie', 'x-opora-inner', 'proxy-authorization']);

/** `/webhooks/payments/{provider}`: POST, and GET for the one provider that asks for it. */
export function paymentWebhooks(deps: { payments: Payments; clock: Clock }) {
  return (scope: App): void => {
    // Larger than any notice: the provider's own limit refuses, and what was refused is kept.
    acceptRawBodies(scope, BODY_MAX);
    scope.route<{ Params: { provider: string } }>({
      method: ['POST', 'GET'],
      url: '/webhooks/payments/:provider',
      config: { permission: 'webhook' },
      async handler(request, reply) {
        const answer = await deps.payments.accept(request.params.provider, {
          method: request.method === 'GET' ? 'GET' : 'POST',
          query: queryOf(request.url),
          headers: storedHeaders(request),
          body: rawBody(request),
          remoteAddress: request.clientAddress,
          receivedAt: deps.clock.now(),
          isFlood: request.isFlood,
        });
        return reply.code(answer.status).headers(answer.headers).send(answer.body);
      },
    });
  };
}

/** Everything after the first question mark, as it came: a value may hold another one. */
function queryOf(url: string): string {
  const at = url.indexOf('?');
  return at === -1 ? '' : url.slice(at + 1);
}

function storedHeaders(request: FastifyRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headers)
      .filter(([name]) => !NEVER_STORED.has(name))
      .slice(0, HEADERS_KEPT)
      .map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  );
}
