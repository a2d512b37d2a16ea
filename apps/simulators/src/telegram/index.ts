import { join } from 'node:path';
import type { Simulator, World } from '../world.ts';
import { createActs } from './acts.ts';
import { registerApi, runReply } from './api.ts';
import type { Methods } from './call.ts';
import { createChats } from './chats.ts';
import { registerControl } from './control.ts';
import { createHub } from './hub.ts';
import { createInspector } from './inspector.ts';
import { createFloodLimits } from './limits.ts';
import { messageMethods } from './messages.ts';
import { registerPage } from './page.ts';
import { createPeople } from './people.ts';
import { createProfile } from './profile.ts';
import { createQueries } from './queries.ts';
import { receivingMethods } from './receiving.ts';
import { createUpdateQueue } from './update-queue.ts';
import { createWebhook } from './webhook.ts';
import { createWebhookStore } from './webhook-settings.ts';

/**
 * Telegram: the Bot API for one bot, invented people, their chats on a page, and the delivery of
 * updates. Written from Telegram's documents; it knows nothing of the bot that talks to it.
 */
export function createTelegram(world: World): Simulator {
  const hub = createHub();
  const people = createPeople(world, hub);
  const chats = createChats(world, hub);
  const queries = createQueries(world, chats);
  const queue = createUpdateQueue(world);
  const limits = createFloodLimits(world.clock);
  const profile = createProfile(world, hub);
  const settings = createWebhookStore(world);
  const webhook = createWebhook({
    world,
    queue,
    settings,
    onReply: (method, params) => {
      runReply(world, methods, { method, params });
    },
  });
  const methods: Methods = {
    ...profile.methods,
    ...receivingMethods({ world, queue, settings, webhook }),
    ...messageMethods({ world, hub, people, chats, queries, limits, profile }),
  };
  const acts = createActs({ world, people, chats, queries, queue, limits, profile, settings });
  const inspector = createInspector({ world, hub, queue, webhook });
  queue.onTaken(({ chatId, messageId }) => {
    const message = messageId === undefined ? undefined : chats.find(chatId, messageId);
    if (message !== undefined) chats.save({ ...message, taken: true });
  });
  return {
    id: 'telegram',
    title: 'Telegram',
    about:
      'The Bot API and a chat page: invented people write to the bot, press its buttons, block it. Updates come by webhook or by getUpdates, in the order of each chat.',
    links: [{ title: 'Chat', href: '/telegram/' }],
    register(router) {
      registerApi(router, world, methods);
      registerControl(router, { world, hub, people, chats, acts, queue, profile, inspector });
      registerPage(router, join(import.meta.dirname, 'page'));
    },
    start: () => {
      webhook.start();
    },
    async stop() {
      inspector.stop();
      await webhook.stop();
    },
  };
}
