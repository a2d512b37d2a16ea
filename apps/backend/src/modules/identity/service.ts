import { assert, type Language } from '@opora/kernel';
import { createBatcher } from '../../platform/batch/index.ts';
import type { StaffAct } from '../audit/index.ts';
import { createIdentityAdmin, type IdentityAdmin } from './admin.ts';
import { setBanned } from './ban.ts';
import type { PeopleDeps } from './deps.ts';
import { cleanName, languageOf, type Contact, type Person, type TelegramUser } from './person.ts';
import {
  insertTelegram,
  markBlocked,
  readContact,
  readPerson,
  touchTelegram,
  updateLanguage,
} from './repository.ts';
import { createSigningOut, type SigningOut } from './signing-out.ts';
import { createStaff, type ActOutcome, type Staff } from './staff.ts';

export interface Identity {
  readonly admin: IdentityAdmin;
  /** The person behind a Telegram user, made at the first meeting. Safe in a race. */
  resolveTelegram(user: TelegramUser): Promise<Person>;
  /** Throws `PersonNotFound`. */
  person(id: string): Promise<Person>;
  setLanguage(personId: string, language: Language): Promise<void>;
  /** How the person can be reached; undefined for nobody. */
  contact(personId: string): Promise<Contact | undefined>;
  /** The user blocked the bot, or came back; returns who it is, if known. */
  setBlocked(telegramId: bigint, isBlocked: boolean): Promise<string | undefined>;
  /** Ends all sessions of the person at once. Throws `PersonNotFound`, `PersonIsStaff`. */
  ban(act: StaffAct, personId: string): Promise<ActOutcome>;
  /** Throws `PersonNotFound`. */
  unban(act: StaffAct, personId: string): Promise<ActOutcome>;
  readonly staff: Staff;
  readonly signOut: SigningOut;
}

/** People met together, how many may wait for it, and statements under way at once. */
const TOUCH = { sizeMax: 64, waitingMax: 2_000, writersMax: 2 };

export function createIdentity(deps: PeopleDeps): Identity {
  const { db, ids, clock } = deps;
  const touch = createBatcher<{ subject: string; name: string }, Person | undefined>({
    ...TOUCH,
    keyOf: ({ subject }) => subject,
    async write(users) {
      const people = await touchTelegram(db.read, users);
      return users.map(({ subject }) => people.get(subject));
    },
  });
  return {
    admin: createIdentityAdmin(db),
    async resolveTelegram(user) {
      const known = { subject: user.id.toString(), name: cleanName(user.firstName) };
      const found = await touch.add(known);
      if (found !== undefined) return found;
      const made = await db.transaction((tx) =>
        insertTelegram(tx, {
          ...known,
          personId: ids.next('per'),
          username: user.username,
          language: languageOf(user.languageCode),
          at: clock.now(),
        }),
      );
      if (made !== undefined) return made;
      // Lost the race: the winner has committed, so the person is there now.
      const winner = await touch.add(known);
      assert(winner !== undefined, `telegram user ${known.subject} was neither found nor made`);
      return winner;
    },
    person: (id) => readPerson(db.read, id),
    setLanguage: (personId, language) => updateLanguage(db.read, personId, language),
    contact: (personId) => readContact(db.read, personId),
    setBlocked: (telegramId, isBlocked) =>
      markBlocked(db.read, telegramId.toString(), isBlocked ? clock.now() : null),
    ban: (act, personId) => setBanned(deps, act, { personId, isBanned: true }),
    unban: (act, personId) => setBanned(deps, act, { personId, isBanned: false }),
    staff: createStaff(deps),
    signOut: createSigningOut(deps),
  };
}
