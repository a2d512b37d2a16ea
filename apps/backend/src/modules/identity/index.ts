/**
 * People, how they are known, and how they sign in. A person is keyed by (provider, subject) or by a
 * proved mailbox, never by a name. Customers come by the bot's link or a code by mail; staff by
 * password and second factor, and only a session of theirs carries rights, read anew at every call.
 * A session is `customer` (30 days, a week idle) or `staff` (12 hours, half an hour idle).
 */
export type { AccountView, By } from './account.ts';
export { createApiKeys, type ApiKeys, type KeyCaller } from './api-keys.ts';
export type { SignInDeps } from './deps.ts';
export type { StaffMeans } from './repository-access.ts';
export { presentKey } from './present-key.ts';
export type { ApiKey } from './repository-keys.ts';
export {
  CsrfRefused,
  KeyRefused,
  LoginLinkInvalid,
  PersonBanned,
  SessionEnded,
  StepUpRequired,
} from './errors.ts';
export type { PersonEvent } from './events.ts';
export type { From } from './from.ts';
export { createHasher, type Hasher } from './hasher.ts';
export type { Letters, Notice } from './letters.ts';
export { createPasswordPolicy } from './password.ts';
export type { PersonBrief, PersonListed } from './repository-admin.ts';
export type { Contact, Person, TelegramUser } from './person.ts';
export type { SessionView, StaffSession } from './repository-sessions.ts';
export type { Invitation, StaffMember } from './repository-staff.ts';
export { IDENTITY_SEALED } from './sealed-columns.ts';
export { createIdentity, type Identity } from './service.ts';
export { createSessions, type Sessions, type SignedIn } from './sessions.ts';
export { createSignIn, type SignIn } from './sign-in.ts';
export type { SigningOut } from './signing-out.ts';
export type { ActOutcome, Staff } from './staff.ts';
export { createStanding, type Standing } from './standing.ts';
export type { Step } from './steps.ts';
export { TELEGRAM_ASKED_LIFE_MS } from './telegram-code.ts';
