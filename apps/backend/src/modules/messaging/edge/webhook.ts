import type { Clock } from '@opora/kernel';
import { acceptRawBodies, BODY_MAX, rawBody, type App } from '../../../platform/http/index.ts';
import type { Messaging } from '../index.ts';

/** `/webhooks/mail/sendgrid`: signed reports of what became of mails; answered after they are stored. */
export function mailWebhooks(deps: { messaging: Messaging; clock: Clock }) {
  return (scope: App): void => {
    // A batch may hold 768 kB, more than other notices.
    acceptRawBodies(scope, BODY_MAX);
    scope.post(
      '/webhooks/mail/sendgrid',
      { config: { permission: 'webhook' } },
      async (request) => {
        const stored = await deps.messaging.acceptMailReport({
          headers: Object.fromEntries(
            Object.entries(request.headers).flatMap(([name, value]) =>
              typeof value === 'string' ? [[name, value]] : [],
            ),
          ),
          body: rawBody(request),
          at: deps.clock.now(),
        });
        return { stored };
      },
    );
  };
}
