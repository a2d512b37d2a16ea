import { ActRefused } from '../providers/till.ts';
import type { World } from '../world.ts';
import type { ChatMemberUpdated, Entity, UpdateContent, User } from './bot-api.ts';
import { asMessage, type ChatMessage, type Chats } from './chats.ts';
import type { FloodLimits } from './limits.ts';
import { withFound } from './markup.ts';
import { TEXT_MAX } from './messages.ts';
import { asChat, asUser, type People, type Person } from './people.ts';
import type { Profile } from './profile.ts';
import type { Queries } from './queries.ts';

/** Puts an update into its chat's line; undefined when the bot did not ask for that type. */
export type SendUpdate = (
  chatId: number,
  content: UpdateContent,
  messageId?: number,
) => number | undefined;

/** What people do in the app. An update id is undefined when the bot did not ask for that type. */
export interface Acts {
  say(person: Person, text: string): { updateId: number | undefined; message: ChatMessage };
  tap(
    person: Person,
    messageId: number,
    data: string,
  ): { updateId: number | undefined; queryId: string };
  block(person: Person, blocked: boolean): Person;
}

export function createActs(deps: {
  world: World;
  people: People;
  chats: Chats;
  queries: Queries;
  limits: FloodLimits;
  profile: Profile;
  update: SendUpdate;
}): Acts {
  const { world, people, chats, queries, limits, profile, update } = deps;

  return {
    say(person, given) {
      const text = given.trim();
      if (person.blocked) throw new ActRefused('this person has blocked the bot');
      if (text === '') throw new ActRefused('text is empty');
      if ([...text].length > TEXT_MAX) throw new ActRefused('text is too long');
      return world.store.together(() => {
        const writer = person.started ? person : people.change(person.id, { started: true });
        limits.heard(writer.id);
        const entities: readonly Entity[] = withFound({ text, entities: [] }).entities;
        const message = chats.add({ chatId: writer.id, by: 'person', text, entities });
        const content = { message: asMessage(message, writer, profile.user()) };
        return { updateId: update(writer.id, content, message.messageId), message };
      });
    },
    tap(person, messageId, data) {
      if (person.blocked) throw new ActRefused('this person has blocked the bot');
      const message = chats.find(person.id, messageId);
      const pressed = message?.inline?.flat().some((button) => button.callback_data === data);
      if (message === undefined || pressed !== true) {
        throw new ActRefused(`no button with this data on message ${String(messageId)}`);
      }
      return world.store.together(() => {
        limits.heard(person.id);
        const queryId = queries.open(message, data);
        const query = {
          id: queryId,
          from: asUser(person),
          message: asMessage(message, person, profile.user()),
          chat_instance: `-${String(person.id)}`,
          data,
        };
        return { updateId: update(person.id, { callback_query: query }), queryId };
      });
    },
    block(person, blocked) {
      if (person.blocked === blocked) return person;
      return world.store.together(() => {
        const changed = people.change(person.id, { blocked });
        const change = membership(changed, profile.user(), world.clock.now());
        if (changed.started) update(changed.id, { my_chat_member: change });
        return changed;
      });
    },
  };
}

/** The bot was blocked or let in again, as `my_chat_member` tells it. */
function membership(person: Person, bot: User, at: Date): ChatMemberUpdated {
  const kicked = { user: bot, status: 'kicked', until_date: 0 };
  const member = { user: bot, status: 'member' };
  return {
    chat: asChat(person),
    from: asUser(person),
    date: Math.floor(at.getTime() / 1_000),
    old_chat_member: person.blocked ? member : kicked,
    new_chat_member: person.blocked ? kicked : member,
  };
}
