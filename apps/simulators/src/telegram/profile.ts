import type { World } from '../world.ts';
import { badRequest, type User } from './bot-api.ts';
import { done, type Call, type Methods } from './call.ts';
import type { Hub } from './hub.ts';

export type Command = Readonly<{ command: string; description: string }>;

/** What the bot tells about itself; the texts and commands are kept per language, `''` for all. */
export type ProfileState = Readonly<{
  name: Readonly<Record<string, string>>;
  description: Readonly<Record<string, string>>;
  shortDescription: Readonly<Record<string, string>>;
  /** Key: scope and language, `default` or `default ru`. */
  commands: Readonly<Record<string, readonly Command[]>>;
}>;

export interface Profile {
  read(): ProfileState;
  user(): User;
  methods: Methods;
}

/** As its owner named it when it was made, before it named itself. */
const FIRST_NAME = 'Bot';
export const BOT_USERNAME = 'simulated_bot';
const NAME_MAX = 64;
const DESCRIPTION_MAX = 512;
const SHORT_DESCRIPTION_MAX = 120;
const COMMANDS_MAX = 100;
const COMMAND = /^[a-z0-9_]{1,32}$/u;
const COMMAND_DESCRIPTION_MAX = 256;
const EMPTY: ProfileState = { name: {}, description: {}, shortDescription: {}, commands: {} };

/** `getMe` and everything the bot says about itself. */
export function createProfile(world: World, hub: Hub): Profile {
  const rows = world.store.collection<ProfileState>('telegram.profile');
  const read = (): ProfileState => rows.get('bot') ?? EMPTY;
  const id = Number(world.config.telegram.token.split(':')[0]);

  function write(change: Partial<ProfileState>): void {
    rows.put('bot', { ...read(), ...change });
    hub.tell('profile', read());
  }

  const user = (): User => ({
    id,
    is_bot: true,
    first_name: read().name[''] ?? FIRST_NAME,
    username: BOT_USERNAME,
  });

  /** `unset` is told while there is no text, neither in the language asked for nor for all. */
  function textMethods(
    field: 'name' | 'description' | 'shortDescription',
    { wire, most, unset = '' }: { wire: string; most: number; unset?: string },
  ): Methods {
    const method = wire.replaceAll('_', '');
    return {
      [`setmy${method}`]({ params }: Call) {
        const text = params.text(wire) ?? '';
        if ([...text].length > most) throw badRequest(`${wire.toUpperCase()}_TOO_LONG`);
        const { [languageOf({ params })]: _before, ...others } = read()[field];
        write({ [field]: text === '' ? others : { ...others, [languageOf({ params })]: text } });
        return done;
      },
      [`getmy${method}`]: (call) => ({
        result: { [wire]: read()[field][languageOf(call)] ?? read()[field][''] ?? unset },
      }),
    };
  }

  return {
    read,
    user,
    methods: {
      getme: () => ({
        result: {
          ...user(),
          can_join_groups: false,
          can_read_all_group_messages: false,
          supports_inline_queries: false,
          can_connect_to_business: false,
          has_main_web_app: false,
        },
      }),
      setmycommands(call) {
        const commands = commandsOf(call.params.object('commands'));
        write({ commands: { ...read().commands, [scopeOf(call)]: commands } });
        return done;
      },
      getmycommands: (call) => ({ result: read().commands[scopeOf(call)] ?? [] }),
      deletemycommands(call) {
        write({ commands: { ...read().commands, [scopeOf(call)]: [] } });
        return done;
      },
      ...textMethods('name', { wire: 'name', most: NAME_MAX, unset: FIRST_NAME }),
      ...textMethods('description', { wire: 'description', most: DESCRIPTION_MAX }),
      ...textMethods('shortDescription', {
        wire: 'short_description',
        most: SHORT_DESCRIPTION_MAX,
      }),
    },
  };
}

const languageOf = ({ params }: Pick<Call, 'params'>): string => params.text('language_code') ?? '';

function scopeOf({ params }: Call): string {
  const scope = params.object('scope');
  const type =
    typeof scope === 'object' && scope !== null && 'type' in scope ? String(scope.type) : 'default';
  return `${type} ${params.text('language_code') ?? ''}`.trim();
}

function commandsOf(given: unknown): Command[] {
  if (!Array.isArray(given)) throw badRequest("can't parse commands");
  if (given.length > COMMANDS_MAX) throw badRequest('too many commands');
  return given.map((each: unknown) => {
    if (typeof each !== 'object' || each === null) throw badRequest("can't parse commands");
    const { command, description } = each as Record<string, unknown>; // checked to be an object
    const name = typeof command === 'string' ? command.replace(/^\//u, '') : '';
    if (!COMMAND.test(name)) throw badRequest('BOT_COMMAND_INVALID');
    if (
      typeof description !== 'string' ||
      description === '' ||
      [...description].length > COMMAND_DESCRIPTION_MAX
    ) {
      throw badRequest('BOT_COMMAND_DESCRIPTION_INVALID');
    }
    return { command: name, description };
  });
}
