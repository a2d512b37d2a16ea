import { isDeepStrictEqual } from 'node:util';
import type { World } from '../world.ts';
import { ApiError, badRequest, type Entity } from './bot-api.ts';
import { done, type Call, type Methods, type Result } from './call.ts';
import { asMessage, type ChatMessage, type Chats } from './chats.ts';
import type { Hub } from './hub.ts';
import { parseMarkup } from './keyboard.ts';
import type { FloodLimits } from './limits.ts';
import { parseHtml, trimmed, withFound, type Marked } from './markup.ts';
import type { Params } from './params.ts';
import { asChat, type People, type Person } from './people.ts';
import type { Profile } from './profile.ts';
import type { Queries } from './queries.ts';

export const TEXT_MAX = 4_096;
export const CALLBACK_ANSWER_MAX = 200;
const CHAT_ACTIONS = [
  'typing',
  'upload_photo',
  'upload_document',
  'find_location',
  'choose_sticker',
];

type MessageParts = Readonly<{
  world: World;
  hub: Hub;
  people: People;
  chats: Chats;
  queries: Queries;
  limits: FloodLimits;
  profile: Profile;
}>;

const shown = (
  { profile }: Pick<MessageParts, 'profile'>,
  message: ChatMessage,
  person: Person,
): Result => ({ result: asMessage(message, person, profile.user()) });

/** Sending, editing, deleting, and answers to taps. */
export function messageMethods(deps: MessageParts): Methods {
  const { hub, people, chats, limits } = deps;

  function sendMessage({ params }: Call): Result {
    const person = openChat(people, params);
    const marked = readText(params);
    const markup = parseMarkup(params.object('reply_markup'));
    limits.take(person.id);
    const message = chats.add({
      chatId: person.id,
      by: 'bot',
      ...marked,
      ...markup,
      ...(params.flag('disable_notification') ? { silent: true as const } : {}),
    });
    return shown(deps, message, person);
  }

  function deleteMessage({ params }: Call): Result {
    const person = openChat(people, params);
    const message = chats.find(person.id, params.number('message_id') ?? 0);
    if (message === undefined) throw badRequest('message to delete not found');
    chats.remove(message);
    return done;
  }

  function sendChatAction({ params }: Call): Result {
    const person = openChat(people, params);
    const action = params.text('action') ?? '';
    if (!CHAT_ACTIONS.includes(action)) throw badRequest('wrong parameter action in request');
    hub.tell('action', { chatId: person.id, action });
    return done;
  }

  return {
    sendmessage: sendMessage,
    editmessagetext: ({ params }) => edit(deps, params, readText(params)),
    editmessagereplymarkup: ({ params }) => edit(deps, params, undefined),
    deletemessage: deleteMessage,
    answercallbackquery: ({ params }) => answerCallbackQuery(deps.queries, params),
    sendchataction: sendChatAction,
    getchat: ({ params }) => ({ result: asChat(openChat(people, params)) }),
  };
}

/** Text and buttons, or buttons alone: the same rules of finding and of "not modified". */
function edit(deps: MessageParts, params: Params, marked: Marked | undefined): Result {
  const { people, chats, world } = deps;
  const person = openChat(people, params);
  const old = chats.find(person.id, params.number('message_id') ?? 0);
  if (old === undefined) throw badRequest('message to edit not found');
  if (old.by !== 'bot') throw badRequest("message can't be edited");
  const { inline } = parseMarkup(params.object('reply_markup'));
  const { text, entities } = marked ?? old;
  const same =
    text === old.text &&
    isDeepStrictEqual(entities, old.entities) &&
    isDeepStrictEqual(inline ?? [], old.inline ?? []);
  if (same) {
    throw badRequest(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  const { inline: _gone, ...kept } = old;
  const message: ChatMessage = {
    ...kept,
    text,
    entities,
    ...(inline === undefined || inline.length === 0 ? {} : { inline }),
    ...(marked === undefined ? {} : { editedAt: world.clock.now().getTime() }),
  };
  chats.save(message);
  return shown(deps, message, person);
}

function answerCallbackQuery(queries: Queries, params: Params): Result {
  const text = params.text('text') ?? '';
  if ([...text].length > CALLBACK_ANSWER_MAX) throw badRequest('MESSAGE_TOO_LONG');
  const url = params.text('url') ?? '';
  queries.answer(params.text('callback_query_id') ?? '', {
    text,
    alert: params.flag('show_alert'),
    ...(url === '' ? {} : { url }),
  });
  return done;
}

/** The person behind `chat_id`; throws 400 when the bot does not know the chat, 403 when blocked. */
export function openChat(people: People, params: Params): Person {
  const given = params.text('chat_id') ?? '';
  if (given === '') throw badRequest('chat_id is empty');
  const person = people.get(Number(given));
  if (person?.started !== true) throw badRequest('chat not found');
  if (person.blocked) throw new ApiError(403, 'Forbidden: bot was blocked by the user');
  return person;
}

/** Text and entities by `parse_mode` or `entities`; 1 to 4096 characters after parsing. */
function readText(params: Params): Marked {
  const source = params.text('text') ?? '';
  const marked = marksOf(source, params);
  if (marked.text === '') throw badRequest('message text is empty');
  if ([...marked.text].length > TEXT_MAX) throw badRequest('message is too long');
  return withFound(marked);
}

function marksOf(source: string, params: Params): Marked {
  const mode = (params.text('parse_mode') ?? '').toLowerCase();
  if (mode === 'html') return parseHtml(source);
  if (mode !== '') throw badRequest('this parse_mode is not simulated, use HTML');
  const given = params.object('entities') ?? [];
  if (!Array.isArray(given) || !given.every(isEntity)) throw badRequest("can't parse entities");
  return trimmed({ text: source, entities: given });
}

const isEntity = (given: unknown): given is Entity =>
  typeof given === 'object' &&
  given !== null &&
  'type' in given &&
  'offset' in given &&
  'length' in given &&
  typeof given.type === 'string' &&
  typeof given.offset === 'number' &&
  typeof given.length === 'number';
