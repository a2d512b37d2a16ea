import type { Clock } from '@opora/kernel';
import { acceptRawBodies, rawBody, type App } from '../../../platform/http/index.ts';
import type { Provisioning } from '../index.ts';

/** `/webhooks/remnawave`: signed events of the panel; answered after they are stored. */
export function panelWebhooks(deps: { provisioning: Provisioning; clock: Clock }) {
  return (scope: App): void => {
    acceptRawBodies(scope);
    scope.post('/webhooks/remnawave', { config: { permission: 'webhook' } }, async (request) => {
      await deps.provisioning.acceptEvent({
        headers: Object.fromEntries(
          Object.entries(request.headers).flatMap(([name, value]) =>
            typeof value === 'string' ? [[name, value]] : [],
          ),
        ),
        body: rawBody(request),
        at: deps.clock.now(),
      });
      return { received: true };
    });
  };
}
