import type { World } from '../world.ts';
import type { Chat, User } from './bot-api.ts';
import type { Hub } from './hub.ts';

export type Language = 'ru' | 'en';

/** An invented person with a private chat of the same id. */
export type Person = Readonly<{
  id: number;
  name: string;
  language: Language;
  premium: boolean;
  /** The person blocked the bot: everything sent is answered 403. */
  blocked: boolean;
  /** The person wrote at least once; before that the bot does not know the chat. */
  started: boolean;
}>;

export interface People {
  create(what: Partial<Omit<Person, 'blocked'>>): Person;
  get(id: number): Person | undefined;
  list(): Person[];
  change(id: number, what: Partial<Omit<Person, 'id'>>): Person;
}

const FIRST_ID = 77_001;
const NAMES: Readonly<Record<Language, readonly string[]>> = {
  ru: ['Ольга', 'Иван', 'Мария', 'Пётр', 'Анна', 'Сергей', 'Вера', 'Дмитрий'],
  en: ['John', 'Emma', 'Oliver', 'Grace', 'Henry', 'Alice', 'Jack', 'Lucy'],
};

export function createPeople(world: World, hub: Hub): People {
  const rows = world.store.collection<Person>('telegram.people');
  const save = (person: Person): Person => {
    rows.put(String(person.id), person);
    hub.tell('person', person);
    return person;
  };
  const nextId = (): number => {
    const id = FIRST_ID - 1 + world.store.sequence('telegram.person');
    return rows.get(String(id)) === undefined ? id : nextId();
  };
  return {
    create({ id = nextId(), name, language = 'ru', premium = false, started = false }) {
      const names = NAMES[language];
      const invented = names[rows.size % names.length] ?? 'Person';
      return save({ id, name: name ?? invented, language, premium, blocked: false, started });
    },
    get: (id) => rows.get(String(id)),
    list: () => rows.values(),
    change(id, what) {
      const person = rows.get(String(id));
      if (person === undefined) throw new Error(`no person ${String(id)}`);
      return save({ ...person, ...what, id });
    },
  };
}

export const asUser = (person: Person): User => ({
  id: person.id,
  is_bot: false,
  first_name: person.name,
  username: `person${String(person.id)}`,
  language_code: person.language,
  ...(person.premium ? { is_premium: true as const } : {}),
});

export const asChat = (person: Person): Chat => ({
  id: person.id,
  type: 'private',
  first_name: person.name,
  username: `person${String(person.id)}`,
});
