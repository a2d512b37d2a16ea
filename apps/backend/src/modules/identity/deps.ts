import type { Clock, Ids, Language } from '@opora/kernel';
import type { Database } from '../../platform/db/index.ts';
import type { ProofKeys, TelegramOidc } from '../../platform/telegram/index.ts';
import type { KeyPlace } from '../../platform/tokens/index.ts';
import type { Audit } from '../audit/index.ts';
import type { Publish } from './events.ts';
import type { Hasher } from './hasher.ts';
import type { Letters } from './letters.ts';
import type { PasswordPolicy } from './password.ts';
import type { SessionsDeps } from './sessions.ts';

/** What the people and the staff's own rights need. */
export type PeopleDeps = Readonly<{
  db: Database;
  ids: Ids;
  clock: Clock;
  audit: Audit;
  letters: Letters;
  publish: Publish;
}>;

/** What the steps of a sign-in need. */
export type SignInDeps = SessionsDeps &
  Readonly<{
    audit: Audit;
    letters: Letters;
    hasher: Hasher;
    policy: PasswordPolicy;
    /** Where API keys are of use, and whether customers may have some, for reading their own data. */
    keys: Readonly<{ place: KeyPlace; forCustomers: boolean }>;
    /** The bot that Telegram's word is for; undefined: none is configured. */
    telegram: ProofKeys | undefined;
    /** This site as a client of Telegram's sign-in; undefined: its widget is the way. */
    telegramOidc: TelegramOidc | undefined;
    /** Where the site is: what passkeys are bound to. */
    webUrl: string;
    /** As the authenticator shows it; also a word no password may be made of. */
    productName: Readonly<Record<Language, string>>;
  }>;
