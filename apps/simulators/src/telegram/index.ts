import { join } from 'node:path';
import type { Simulator, World } from '../world.ts';
import { createActs, type SendUpdate } from './acts.ts';
import { registerApi, runReply } from './api.ts';
import type { Methods } from './call.ts';
import { createChats } from './chats.ts';
import { registerControl } from './control.ts';
import { createHub } from './hub.ts';
import { createInspector } from './inspector.ts';
import { registerLogin } from './login.ts';
import { createFloodLimits } from './limits.ts';
import { messageMethods } from './messages.ts';
import { registerOidc } from './oidc/index.ts';
import { registerPage } from './page.ts';
import { createPeople } from './people.ts';
import { createProfile } from './profile.ts';
import { createQueries } from './queries.ts';
import { receivingMethods } from './receiving.ts';
import { createStars } from './stars/index.ts';
import { createUpdateQueue } from './update-queue.ts';
import { createWebhook } from './webhook.ts';
import { createWebhookStore, isAllowed } from './webhook-settings.ts';

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
  const update: SendUpdate = (chatId, content, messageId) => {
    const type = Object.keys(content)[0] ?? '';
    return isAllowed(settings.read(), type) ? queue.add(chatId, content, messageId) : undefined;
  };
  const stars = createStars({ world, people, chats, limits, profile, settings, update });
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
    ...stars.methods,
  };
  const acts = createActs({ world, people, chats, queries, limits, profile, update });
  const inspector = createInspector({ world, hub, queue, webhook });
  queue.onTaken(({ chatId, messageId }) => {
    const message = messageId === undefined ? undefined : chats.find(chatId, messageId);
    if (message !== undefined) chats.save({ ...message, taken: true });
  });
  return {
    id: 'telegram',
    title: 'Telegram',
    about:
      'The Bot API and a chat page: invented people write to the bot, press its buttons, block it. Updates come by webhook or by getUpdates, in the order of each chat. Stars are paid in the chat. A site is told who somebody is by OpenID Connect, by the older login widget and by the Mini App.',
    links: [
      { title: 'Chat', href: '/telegram/' },
      { title: 'Stars', href: '/stars/' },
      { title: 'Mini App', href: '/telegram/app' },
    ],
    register(router) {
      registerApi(router, world, methods);
      registerControl(router, { world, hub, people, chats, acts, queue, profile, inspector });
      stars.register(router);
      registerLogin(router, world, people);
      registerOidc(router, world, people);
      registerPage(router, join(import.meta.dirname, 'page'));
    },
    start: () => {
      webhook.start();
      stars.start();
    },
    async stop() {
      inspector.stop();
      await stars.stop();
      await webhook.stop();
    },
  };
}
