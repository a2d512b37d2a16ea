import type { World } from '../world.ts';
import { done, type Call, type Methods, type Result } from './call.ts';
import { createPolling } from './polling.ts';
import type { UpdateQueue } from './update-queue.ts';
import type { Webhook } from './webhook.ts';
import {
  checkConnections,
  checkSecret,
  checkUrl,
  readAllowed,
  type WebhookStore,
} from './webhook-settings.ts';

/** `setWebhook`, `deleteWebhook`, `getWebhookInfo`, `getUpdates`. */
export function receivingMethods(deps: {
  world: World;
  queue: UpdateQueue;
  settings: WebhookStore;
  webhook: Webhook;
}): Methods {
  const { world, queue, settings, webhook } = deps;
  const polling = createPolling({ world, queue, settings });

  function setWebhook({ params }: Call): Result {
    const url = params.text('url') ?? '';
    if (url === '') return deleteWebhook(params.flag('drop_pending_updates'));
    checkUrl(url);
    const secret = params.text('secret_token') ?? '';
    checkSecret(secret);
    const allowed = readAllowed(params.object('allowed_updates')) ?? settings.read().allowed;
    settings.write({
      url,
      ...(secret === '' ? {} : { secret }),
      maxConnections: checkConnections(params.number('max_connections')),
      ...(allowed === undefined ? {} : { allowed }),
    });
    if (params.flag('drop_pending_updates')) queue.clear();
    // A new address is tried at once, whatever the pauses of the old one were.
    const now = world.clock.now().getTime();
    for (const row of queue.all())
      if (row.dueAt > now) queue.save({ ...row, dueAt: now, tries: 0 });
    polling.end();
    webhook.nudge();
    return { result: true, description: 'Webhook was set' };
  }

  function deleteWebhook(dropPending: boolean): Result {
    const { url, allowed, maxConnections } = settings.read();
    if (dropPending) queue.clear();
    settings.write({ url: '', maxConnections, ...(allowed === undefined ? {} : { allowed }) });
    const description = url === '' ? 'Webhook is already deleted' : 'Webhook was deleted';
    return { result: true, description };
  }

  function getWebhookInfo(): Result {
    const { url, maxConnections, allowed, lastErrorAt, lastError } = settings.read();
    return {
      result: {
        url,
        has_custom_certificate: false,
        pending_update_count: queue.size,
        ...(url === '' ? {} : { max_connections: maxConnections, ip_address: '127.0.0.1' }),
        ...(allowed === undefined || allowed.length === 0 ? {} : { allowed_updates: allowed }),
        ...(lastErrorAt === undefined
          ? {}
          : { last_error_date: Math.floor(lastErrorAt / 1_000), last_error_message: lastError }),
      },
    };
  }

  return {
    setwebhook: setWebhook,
    deletewebhook: ({ params }) => deleteWebhook(params.flag('drop_pending_updates')),
    getwebhookinfo: getWebhookInfo,
    getupdates: polling.getUpdates,
    close: () => done,
    logout: () => done,
  };
}
