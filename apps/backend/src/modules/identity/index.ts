/**
 * People and how they are known: from Telegram today. A person is keyed by (provider, subject),
 * never by a name, so renaming an account changes nothing here.
 */
export { LoginLinkInvalid, SessionEnded } from './errors.ts';
export type { Contact, Person, TelegramUser } from './person.ts';
export { createIdentity, type Identity } from './service.ts';
export { createSessions, type Sessions, type SignedIn } from './sessions.ts';
