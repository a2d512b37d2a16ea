import { linkStep, mailCodeStep, sendCodeStep } from './customer-steps.ts';
import type { SignInDeps } from './deps.ts';
import { enrolStep, secondFactorStep, stepUp, type Enrolled } from './factor-steps.ts';
import type { From } from './from.ts';
import { firstOwnerStep, invitationOf, invitationStep, makeOwnerCode } from './joining.ts';
import { passwordStep } from './password-step.ts';
import { deleteOldChallenges } from './repository-challenges.ts';
import type { SessionView } from './repository-sessions.ts';
import type { Invitation } from './repository-staff.ts';
import { deleteOldTries } from './repository-throttle.ts';
import type { SignedIn } from './sessions.ts';
import type { Step } from './steps.ts';

type Answer = Readonly<{ challenge: string; code: string }>;
/** How long ended steps and counted tries are kept: longer than any brake or window lasts. */
const KEPT_MS = 30 * 24 * 3_600_000;

/** Every way in. What each throws stands at its step; refusals of staff are in the audit log. */
export interface SignIn {
  password(wish: Readonly<{ email: string; password: string }>, from: From): Promise<Step>;
  secondFactor(answer: Answer, from: From): Promise<SignedIn>;
  enrol(answer: Answer, from: From): Promise<Enrolled>;
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
  enterCode(answer: Answer, from: From): Promise<SignedIn>;
  /** For commands on the server; undefined when there is an owner and no `email` of one. */
  ownerCode(email?: string): Promise<string | undefined>;
  /** Forgets steps and tries of long ago; returns how many rows went. */
  sweep(): Promise<number>;
}

export function createSignIn(deps: SignInDeps): SignIn {
  return {
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
    ownerCode: (email) => makeOwnerCode(deps, email),
    async sweep() {
      const before = new Date(deps.clock.now().getTime() - KEPT_MS);
      const { read } = deps.db;
      return (await deleteOldChallenges(read, before)) + (await deleteOldTries(read, before));
    },
  };
}
