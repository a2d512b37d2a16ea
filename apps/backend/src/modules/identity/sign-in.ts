import { linkStep, telegramStep, type TelegramWord } from './customer-steps.ts';
import { createAccounts, type Accounts } from './accounts.ts';
import type { SignInDeps } from './deps.ts';
import { enrolStep, secondFactorStep, stepUp, type Enrolled } from './factor-steps.ts';
import type { From } from './from.ts';
import { firstOwnerStep, invitationOf, invitationStep, makeOwnerCode } from './joining.ts';
import {
  confirmRegistrationStep,
  mailCodeStep,
  registerStep,
  sendCodeStep,
  type CodeAnswer,
} from './mail-steps.ts';
import {
  askPasskeyFactorStep,
  askPasskeyStep,
  passkeyFactorStep,
  passkeyStep,
  type AuthenticationQuestion,
} from './passkeys.ts';
import { passwordStep, type AfterPassword } from './password-step.ts';
import { deleteOldChallenges } from './repository-challenges.ts';
import { deleteOldCuts } from './repository-revocations.ts';
import type { SessionView } from './repository-sessions.ts';
import type { Invitation } from './repository-staff.ts';
import { deleteOldTries } from './repository-throttle.ts';
import { deleteOldTelegramProofs } from './repository-ways.ts';
import { askResetStep, resetStep } from './reset.ts';
import { undoEmailStep } from './account-email.ts';
import type { SignedIn } from './sessions.ts';
import type { Step } from './steps.ts';
import { askTelegramStep, type TelegramPlace } from './telegram-code.ts';

type PasskeyAnswer = Parameters<typeof passkeyStep>[1];
type NewPassword = Readonly<{ email: string; password: string; language: 'ru' | 'en' }>;
/** How long ended steps and counted tries are kept: longer than any brake or window lasts. */
const KEPT_MS = 30 * 24 * 3_600_000;
/** Longer than the oldest session that a cut of everybody could have ended lives. */
const CUTS_KEPT_MS = KEPT_MS + 24 * 3_600_000;

/** Every way in. What each throws stands at its step; refusals of staff are in the audit log. */
export interface SignIn {
  /** For who is signed in. */
  readonly accounts: Accounts;
  password(wish: Readonly<{ email: string; password: string }>, from: From): Promise<AfterPassword>;
  secondFactor(answer: CodeAnswer, from: From): Promise<SignedIn>;
  enrol(answer: CodeAnswer, from: From): Promise<Enrolled>;
  stepUp(wish: Readonly<{ sessionId: string; code: string }>, from: From): Promise<SessionView>;
  firstOwner(
    wish: Readonly<{ code: string; email: string; password: string }>,
    from: From,
  ): Promise<Step>;
  invitation(token: string, from: From): Promise<Invitation>;
  acceptInvitation(
    wish: Readonly<{ token: string; name: string; password: string }>,
    from: From,
  ): Promise<Step>;
  enter(link: string, from: From): Promise<SignedIn>;
  sendCode(wish: Readonly<{ email: string; language: 'ru' | 'en' }>, from: From): Promise<string>;
  enterCode(answer: CodeAnswer, from: From): Promise<SignedIn>;
  askTelegram(place: TelegramPlace): ReturnType<typeof askTelegramStep>;
  telegram(word: TelegramWord, from: From): Promise<SignedIn>;
  register(wish: NewPassword, from: From): Promise<string>;
  confirmRegistration(answer: CodeAnswer, from: From): Promise<SignedIn>;
  askReset(wish: Omit<NewPassword, 'password'>, from: From): Promise<void>;
  reset(wish: Readonly<{ token: string; password: string }>, from: From): Promise<void>;
  askPasskey(): Promise<AuthenticationQuestion>;
  passkey(answer: PasskeyAnswer, from: From): Promise<SignedIn>;
  askPasskeyFactor(challenge: string): Promise<AuthenticationQuestion>;
  passkeyFactor(
    given: Readonly<{ challenge: string; answer: PasskeyAnswer }>,
    from: From,
  ): Promise<SignedIn>;
  /** Of the mailbox an account had before. */
  undoEmail(token: string, from: From): Promise<void>;
  /** For commands on the server; undefined when there is an owner and no `email` of one. */
  ownerCode(email?: string): Promise<string | undefined>;
  /** Forgets steps and tries of long ago; returns how many rows went. */
  sweep(): Promise<number>;
}

export function createSignIn(deps: SignInDeps): SignIn {
  return {
    accounts: createAccounts(deps),
    password: (wish, from) => passwordStep(deps, wish, from),
    secondFactor: (answer, from) => secondFactorStep(deps, answer, from),
    enrol: (answer, from) => enrolStep(deps, answer, from),
    stepUp: (wish, from) => stepUp(deps, wish, from),
    firstOwner: (wish, from) => firstOwnerStep(deps, wish, from),
    invitation: (token, from) => invitationOf(deps, token, from),
    acceptInvitation: (wish, from) => invitationStep(deps, wish, from),
    enter: (link, from) => linkStep(deps, link, from),
    sendCode: (wish, from) => sendCodeStep(deps, wish, from),
    enterCode: (answer, from) => mailCodeStep(deps, answer, from),
    askTelegram: (place) => askTelegramStep(deps, place),
    telegram: (word, from) => telegramStep(deps, word, from),
    register: (wish, from) => registerStep(deps, wish, from),
    confirmRegistration: (answer, from) => confirmRegistrationStep(deps, answer, from),
    askReset: (wish, from) => askResetStep(deps, wish, from),
    reset: (wish, from) => resetStep(deps, wish, from),
    askPasskey: () => askPasskeyStep(deps),
    passkey: (answer, from) => passkeyStep(deps, answer, from),
    askPasskeyFactor: (challenge) => askPasskeyFactorStep(deps, challenge),
    passkeyFactor: (given, from) => passkeyFactorStep(deps, given, from),
    undoEmail: (token, from) => undoEmailStep(deps, token, from),
    ownerCode: (email) => makeOwnerCode(deps, email),
    async sweep() {
      const at = deps.clock.now();
      const before = new Date(at.getTime() - KEPT_MS);
      const { read } = deps.db;
      const proofs = await deleteOldTelegramProofs(read, at);
      const challenges = await deleteOldChallenges(read, before);
      const cuts = await deleteOldCuts(read, new Date(at.getTime() - CUTS_KEPT_MS));
      return proofs + challenges + cuts + (await deleteOldTries(read, before));
    },
  };
}
