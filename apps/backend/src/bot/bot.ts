/** One update: a message, a tap, news of who blocked the bot or stopped a subscription in Stars. Everything is read anew each time. */
import { isBlockedByPerson } from '../platform/telegram/index.ts';
import { meet, turnOf, type Parts } from './conversation.ts';
import type { BotDeps, ScreenDeps } from './deps.ts';
import { readUpdate, type Update } from './incoming.ts';
import { handleMessage } from './message.ts';
import { present } from './present.ts';
import { createRateLimit } from './rate-limit.ts';
import { hearSubscription } from './renewal-news.ts';
import { errorView } from './screens/info.view.ts';
import { handleTap } from './tap.ts';

export interface Bot {
  /** Answers an update; throws to have it tried again. Updates we do not know are passed over. */
  handle(body: unknown, attempt: number): Promise<void>;
  /** Says that it did not work, with the number support can look up. */
  apologise(body: unknown, error: unknown): Promise<void>;
}

export function createHandler(deps: BotDeps, screens: ScreenDeps): Bot {
  const limit = createRateLimit(deps.clock);
  const partsOf = (update: Update | undefined): Parts => ({
    ...{ deps, screens, limit },
    updateId: update?.update_id,
  });
  return {
    async handle(body, attempt) {
      const update = readUpdate(body);
      const { message, callback_query: query, my_chat_member: membership } = update ?? {};
      const { subscription } = update ?? {};
      const parts = partsOf(update);
      try {
        if (message !== undefined) await handleMessage(parts, message, attempt);
        else if (query !== undefined) await handleTap(parts, query, attempt);
        else if (membership !== undefined) await handleMembership(parts, membership);
        else if (subscription !== undefined) await hearSubscription(deps, subscription);
      } catch (error) {
        const from = message?.from ?? query?.from;
        if (from === undefined || !isBlockedByPerson(error)) throw error;
        await deps.identity.setBlocked(BigInt(from.id), true);
      }
    },
    async apologise(body, error) {
      const update = readUpdate(body);
      const from = update?.message?.from ?? update?.callback_query?.from;
      const chat = update?.message?.chat ?? update?.callback_query?.message?.chat;
      if (from === undefined || chat?.type !== 'private') return;
      const parts = partsOf(update);
      const person = await meet(parts, from);
      const turn = turnOf(parts, person, chat.id)(person.language);
      turn.log.error({ err: error }, 'the person was told of a failure');
      const view = errorView(turn.speech, turn.requestId);
      await present(deps.telegram, { chatId: turn.chatId, edit: undefined }, view);
    },
  };
}

/** The person blocked the bot or came back: messages stop, or what they missed is sent. */
async function handleMembership(
  { deps }: Parts,
  { chat, from, new_chat_member }: NonNullable<Update['my_chat_member']>,
): Promise<void> {
  if (chat.type !== 'private') return;
  const isBlocked = new_chat_member.status === 'kicked';
  const personId = await deps.identity.setBlocked(BigInt(from.id), isBlocked);
  if (personId !== undefined && !isBlocked) await deps.messaging.revive(personId);
}
