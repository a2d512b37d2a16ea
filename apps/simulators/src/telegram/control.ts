import { json, parseJson, type Answer, type Request, type Router } from '../http.ts';
import { ActRefused } from '../providers/till.ts';
import type { World } from '../world.ts';
import type { Acts } from './acts.ts';
import type { ChatMessage, Chats } from './chats.ts';
import { toHtml } from './draw.ts';
import type { Hub } from './hub.ts';
import type { Inspector } from './inspector.ts';
import type { Language, People, Person } from './people.ts';
import type { Profile } from './profile.ts';
import type { UpdateQueue } from './update-queue.ts';

const NAME_MAX = 64;
/** Telegram's ids stay under 2^52. */
const ID_MAX = 2 ** 52;

/**
 * The hand that moves people, for drills, browser tests and the page: `/telegram/control/...`.
 * A refusal is `400 {"error": "..."}`, an unknown person 404.
 */
export function registerControl(
  router: Router,
  deps: {
    world: World;
    hub: Hub;
    people: People;
    chats: Chats;
    acts: Acts;
    queue: UpdateQueue;
    profile: Profile;
    inspector: Inspector;
  },
): void {
  const { people, chats, acts } = deps;
  const base = '/telegram/control';
  const on: On = (method, path, act) => {
    router.on(method, `${base}${path}`, refusing(act));
  };
  const personOf = (request: Request): Person => {
    const person = people.get(Number(request.params['id']));
    if (person === undefined) throw new Missing(`no person ${request.params['id'] ?? ''}`);
    return person;
  };

  on('GET', '/people', () => json(200, { people: people.list() }));
  on('POST', '/people', (request) => {
    const what = personFields(bodyOf(request));
    if (what.id !== undefined && people.get(what.id) !== undefined) {
      throw new ActRefused(`person ${String(what.id)} exists`);
    }
    return json(201, people.create(what));
  });
  on('PATCH', '/people/:id', (request) => {
    const { id: _fixed, ...change } = personFields(bodyOf(request));
    return json(200, people.change(personOf(request).id, change));
  });
  on('GET', '/people/:id/messages', (request) =>
    json(200, { messages: chats.list(personOf(request).id).map(shown) }),
  );
  on('POST', '/people/:id/messages', (request) => {
    const { text } = bodyOf(request);
    if (typeof text !== 'string') throw new ActRefused('text must be a string');
    const { updateId, message } = acts.say(personOf(request), text);
    return json(201, { updateId: updateId ?? null, messageId: message.messageId });
  });
  on('POST', '/people/:id/taps', (request) => {
    const { messageId, data } = bodyOf(request);
    if (typeof messageId !== 'number' || typeof data !== 'string') {
      throw new ActRefused('messageId must be a number and data a string');
    }
    const { updateId, queryId } = acts.tap(personOf(request), messageId, data);
    return json(201, { updateId: updateId ?? null, queryId });
  });
  on('POST', '/people/:id/block', (request) => {
    const { blocked } = bodyOf(request);
    if (typeof blocked !== 'boolean') throw new ActRefused('blocked must be true or false');
    return json(200, acts.block(personOf(request), blocked));
  });
  registerReading(on, deps);
}

/** What can be read of the whole, and updates sent once more. */
function registerReading(
  on: On,
  deps: { hub: Hub; queue: UpdateQueue; profile: Profile; inspector: Inspector },
): void {
  const { hub, queue, profile, inspector } = deps;
  on('GET', '/updates/pending', () => json(200, { count: queue.size }));
  on('POST', '/updates/:id/send', async (request) => {
    const { how = 'again' } = bodyOf(request);
    return json(200, { outcome: await inspector.send(Number(request.params['id']), String(how)) });
  });
  on('GET', '/profile', () => json(200, { user: profile.user(), ...profile.read() }));
  on('GET', '/journal', () => json(200, { entries: inspector.entries() }));
  on('GET', '/events', (request) => {
    hub.stream(request.response);
    return undefined;
  });
}

type On = (
  method: string,
  path: string,
  act: (request: Request) => Answer | Promise<Answer>,
) => void;

class Missing extends Error {}

const refusing =
  (act: (request: Request) => Answer | Promise<Answer>) =>
  async (request: Request): Promise<Answer> => {
    try {
      return await act(request);
    } catch (error) {
      if (error instanceof Missing) return json(404, { error: error.message });
      if (error instanceof ActRefused) return json(400, { error: error.message });
      throw error;
    }
  };

const shown = (message: ChatMessage): object => ({
  ...message,
  html: toHtml(message.text, message.entities),
  buttons: message.inline ?? [],
  edited: message.editedAt !== undefined,
});

function bodyOf(request: Request): Record<string, unknown> {
  const body = request.body.length === 0 ? {} : parseJson(request.body);
  if (typeof body !== 'object' || body === null) throw new ActRefused('the body must be JSON');
  return body as Record<string, unknown>; // checked above: a JSON object
}

type PersonFields = Partial<Omit<Person, 'blocked'>>;

function personFields(body: Record<string, unknown>): PersonFields {
  const { id, name, language, premium, started } = body;
  if (name !== undefined && (typeof name !== 'string' || name === '' || name.length > NAME_MAX)) {
    throw new ActRefused(`name must have 1 to ${String(NAME_MAX)} signs`);
  }
  if (language !== undefined && language !== 'ru' && language !== 'en') {
    throw new ActRefused('language must be ru or en');
  }
  if (
    id !== undefined &&
    !(typeof id === 'number' && Number.isInteger(id) && id > 0 && id < ID_MAX)
  ) {
    throw new ActRefused('id must be a positive whole number');
  }
  const known: {
    id?: number;
    name?: string;
    language?: Language;
    premium?: boolean;
    started?: boolean;
  } = {};
  if (id !== undefined) known.id = id;
  if (name !== undefined) known.name = name;
  if (language !== undefined) known.language = language;
  if (typeof premium === 'boolean') known.premium = premium;
  if (typeof started === 'boolean') known.started = started;
  return known;
}
