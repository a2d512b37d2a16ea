/**
 * Passkeys: the browser proves with a key of its own, bound to this site, that its person is there and
 * was recognised by their device (security C6). A question is asked once and lives five minutes. A
 * key alone opens a customer's session; for staff it stands in for the authenticator after the password.
 */
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
  type AuthenticationResponseJSON,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  type RegistrationResponseJSON,
} from '@simplewebauthn/server';
import { PASSKEYS_MAX } from '@opora/contracts';
import type { Tx } from '../../platform/db/index.ts';
import { assertLeft, begin, finish, markFresh, type By } from './account.ts';
import type { SignInDeps } from './deps.ts';
import { ChallengeInvalid, PasskeyRefused, WayNotFound, WayPresent, WayTaken } from './errors.ts';
import { strangerFrom, type From } from './from.ts';
import { hashOf } from './one-time.ts';
import { passkeySite } from './passkey-site.ts';
import { cleanName } from './person.ts';
import {
  closeChallenge,
  readChallenge,
  tryChallenge,
  type Purpose,
} from './repository-challenges.ts';
import {
  deletePasskey,
  insertPasskey,
  readPasskey,
  selectPasskeys,
  usePasskey,
  type Passkey,
} from './repository-passkeys.ts';
import type { SignedIn } from './sessions.ts';
import { admitCustomer, admitStaff, challenge, recordRefusal, tell } from './steps.ts';

const TIMEOUT_MS = 5 * 60_000;
/** EdDSA, ES256 and RS256, by their COSE numbers: what every authenticator in use has one of. */
const ALGORITHMS = [-8, -7, -257];

export type AuthenticationQuestion = PublicKeyCredentialRequestOptionsJSON;
export type RegistrationQuestion = PublicKeyCredentialCreationOptionsJSON;

/** What a browser is asked, for a sign-in: any key that it has for this site. */
export async function askPasskeyStep(deps: SignInDeps): Promise<AuthenticationQuestion> {
  const at = deps.clock.now();
  return deps.db.transaction((tx) => question(tx, deps, { purpose: 'passkey_enter', at }));
}

/** Throws `PasskeyRefused`, `PersonBanned`. */
export async function passkeyStep(
  deps: SignInDeps,
  answer: AuthenticationResponseJSON,
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  const known = await verified(deps, { answer, purpose: 'passkey_enter', from, at });
  return deps.db.transaction(async (tx) => {
    await markUsed(tx, deps, { known, from, at });
    return admitCustomer(tx, deps, { personId: known.personId, way: 'passkey', from, at });
  });
}

/** Instead of the authenticator, after the password. Throws `ChallengeInvalid`, `PasskeyRefused`. */
export async function askPasskeyFactorStep(
  deps: SignInDeps,
  step: string,
): Promise<AuthenticationQuestion> {
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const begun = await readChallenge(tx, { hash: hashOf(step), purpose: 'second_factor', at });
    if (begun?.personId === undefined) throw new ChallengeInvalid('unknown, used or old');
    const { personId } = begun;
    const keys = await selectPasskeys(tx, personId, PASSKEYS_MAX);
    if (keys.length === 0) throw new PasskeyRefused('no key to ask for');
    return question(tx, deps, { purpose: 'passkey_factor', personId, keys, at });
  });
}

/** Throws `ChallengeInvalid`, `PasskeyRefused`. */
export async function passkeyFactorStep(
  deps: SignInDeps,
  given: { challenge: string; answer: AuthenticationResponseJSON },
  from: From,
): Promise<SignedIn> {
  const at = deps.clock.now();
  const { answer } = given;
  const known = await verified(deps, { answer, purpose: 'passkey_factor', from, at });
  const hash = hashOf(given.challenge);
  return deps.db.transaction(async (tx) => {
    const tried = { hash, purpose: 'second_factor', most: PASSKEYS_MAX, at } as const;
    const begun = await tryChallenge(tx, tried);
    if (begun?.personId === undefined) throw new ChallengeInvalid('unknown, used or old');
    if (begun.personId !== known.personId) throw new PasskeyRefused('the key of somebody else');
    await closeChallenge(tx, hash, at);
    await markUsed(tx, deps, { known, from, at });
    const { personId } = known;
    return admitStaff(tx, deps, {
      ...{ personId, act: 'session.signed_in', amr: ['pwd', 'pop'], from, at },
    });
  });
}

/** For a proof in an open session, by one of the own keys. Throws `PasskeyRefused` without any. */
export async function askProofPasskeyStep(
  deps: SignInDeps,
  { personId }: By,
): Promise<AuthenticationQuestion> {
  const at = deps.clock.now();
  return deps.db.transaction(async (tx) => {
    const keys = await selectPasskeys(tx, personId, PASSKEYS_MAX);
    if (keys.length === 0) throw new PasskeyRefused('no key to ask for');
    return question(tx, deps, { purpose: 'passkey_prove', personId, keys, at });
  });
}

/** Makes the session fresh. Throws `PasskeyRefused`, `SessionEnded`, and `PersonIsStaff` elsewhere. */
export async function provePasskeyStep(
  deps: SignInDeps,
  own: By,
  answer: AuthenticationResponseJSON,
): Promise<void> {
  const at = deps.clock.now();
  const { personId, from } = own;
  const known = await verified(deps, { answer, purpose: 'passkey_prove', from, at });
  if (known.personId !== personId) throw new PasskeyRefused('the key of somebody else');
  await deps.db.transaction(async (tx) => {
    await markUsed(tx, deps, { known, from, at });
    await markFresh(tx, deps, { own, by: 'passkey', at });
  });
}

/** What a browser is asked to make. Throws `StepUpRequired`, `WayPresent` when there are enough. */
export async function askNewPasskeyStep(deps: SignInDeps, own: By): Promise<RegistrationQuestion> {
  const at = deps.clock.now();
  const { personId } = own;
  const { rpId } = passkeySite(deps.webUrl);
  return deps.db.transaction(async (tx) => {
    const { ways, name } = await begin(tx, own, at);
    const keys = await selectPasskeys(tx, personId, PASSKEYS_MAX);
    if (keys.length === PASSKEYS_MAX) throw new WayPresent('enough keys');
    const token = await challenge(tx, deps, { purpose: 'passkey_add', personId, at });
    return generateRegistrationOptions({
      rpName: deps.productName.en,
      rpID: rpId,
      userName: ways.email?.display ?? name,
      userDisplayName: name,
      userID: new Uint8Array(Buffer.from(personId)),
      challenge: new Uint8Array(Buffer.from(token, 'base64url')),
      timeout: TIMEOUT_MS,
      attestationType: 'none',
      supportedAlgorithmIDs: ALGORITHMS,
      excludeCredentials: keys.map(({ id }) => ({ id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    });
  });
}

/** Throws `PasskeyRefused`, `StepUpRequired`, `WayTaken`. */
export async function addPasskeyStep(
  deps: SignInDeps,
  own: By,
  wish: { name: string; answer: RegistrationResponseJSON },
): Promise<void> {
  const at = deps.clock.now();
  const { personId, from } = own;
  const { answer } = wish;
  const asked = { response: answer.response, purpose: 'passkey_add', at } as const;
  const { token, personId: whose } = await useQuestion(deps, asked);
  if (whose !== personId) throw new PasskeyRefused('asked of somebody else');
  const { rpId, origin } = passkeySite(deps.webUrl);
  const { registrationInfo } = await orRefused(() =>
    verifyRegistrationResponse({
      response: answer,
      expectedChallenge: token,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    }),
  );
  if (registrationInfo === undefined) throw new PasskeyRefused('not verified');
  const { id, publicKey, counter, transports = [] } = registrationInfo.credential;
  await deps.db.transaction(async (tx) => {
    await begin(tx, own, at);
    const name = cleanName(wish.name);
    const key = { id, personId, publicKey: Buffer.from(publicKey), counter, transports, name };
    if (!(await insertPasskey(tx, { ...key, createdAt: at }))) {
      throw new WayTaken('this key is in use');
    }
    await finish(tx, deps, { own, from, at, act: 'person.passkey_added', after: { key: id } });
    await tell(tx, deps, { personId, kind: 'passkey_changed', from, at });
  });
}

/** Throws `StepUpRequired`, `WayNotFound`, `LastWay`. */
export async function removePasskeyStep(deps: SignInDeps, own: By, id: string): Promise<void> {
  const at = deps.clock.now();
  const { personId, from } = own;
  await deps.db.transaction(async (tx) => {
    const { ways } = await begin(tx, own, at);
    if (!(await deletePasskey(tx, { id, personId }))) throw new WayNotFound('no such key');
    assertLeft({ ...ways, passkeys: ways.passkeys - 1 });
    await finish(tx, deps, { own, from, at, act: 'person.passkey_removed', before: { key: id } });
    await tell(tx, deps, { personId, kind: 'passkey_changed', from, at });
  });
}

async function question(
  tx: Tx,
  deps: SignInDeps,
  about: { purpose: Purpose; personId?: string; keys?: readonly Passkey[]; at: Date },
): Promise<AuthenticationQuestion> {
  const { keys, ...rest } = about;
  const token = await challenge(tx, deps, rest);
  return generateAuthenticationOptions({
    rpID: passkeySite(deps.webUrl).rpId,
    challenge: new Uint8Array(Buffer.from(token, 'base64url')),
    timeout: TIMEOUT_MS,
    userVerification: 'required',
    ...(keys && {
      allowCredentials: keys.map(({ id, transports }) => ({ id, transports: [...transports] })),
    }),
  });
}

/** Whose key answered; the question is used up, right or wrong. Throws `PasskeyRefused`. */
async function verified(
  deps: SignInDeps,
  asked: { answer: AuthenticationResponseJSON; purpose: Purpose; from: From; at: Date },
): Promise<Passkey & { said: number }> {
  const { answer, purpose, from, at } = asked;
  const used = await useQuestion(deps, { response: answer.response, purpose, at });
  const known = await readPasskey(deps.db.read, answer.id);
  if (known === undefined) throw new PasskeyRefused('nobody has this key');
  const { rpId, origin } = passkeySite(deps.webUrl);
  try {
    if (used.personId !== undefined && used.personId !== known.personId) {
      throw new PasskeyRefused('the key of somebody else');
    }
    const handle = answer.response.userHandle;
    if (handle !== undefined && Buffer.from(handle, 'base64url').toString() !== known.personId) {
      throw new PasskeyRefused('a key of another name');
    }
    const { authenticationInfo, verified: isRight } = await orRefused(() =>
      verifyAuthenticationResponse({
        response: answer,
        expectedChallenge: used.token,
        expectedOrigin: origin,
        expectedRPID: rpId,
        requireUserVerification: true,
        // Judged by us: key rings that copy their keys count nothing, and nobody is locked out for it.
        credential: { id: known.id, publicKey: new Uint8Array(known.publicKey), counter: 0 },
      }),
    );
    if (!isRight) throw new PasskeyRefused('not verified');
    return { ...known, said: authenticationInfo.newCounter };
  } catch (error) {
    const refusal = { act: 'session.passkey_refused', account: { personId: known.personId } };
    await deps.db.transaction((tx) =>
      recordRefusal(tx, deps, { ...refusal, actor: strangerFrom(from) }),
    );
    throw error;
  }
}

/** A key that says it was used less often than before may be a copy: it counts, and it is written down. */
async function markUsed(
  tx: Tx,
  deps: SignInDeps,
  use: { known: Passkey & { said: number }; from: From; at: Date },
): Promise<void> {
  const { known, from, at } = use;
  const { id, personId, said } = known;
  const before = await usePasskey(tx, { id, counter: said, at });
  if (before === undefined) throw new PasskeyRefused('taken away meanwhile');
  if (before > 0 && said <= before) {
    await deps.audit.record(tx, {
      actor: strangerFrom(from),
      act: 'session.passkey_counter_back',
      subject: { kind: 'person', id: personId },
      personId,
      before: { counter: String(before) },
      after: { counter: String(said) },
    });
  }
}

/** The question that an answer names; nobody answers it a second time. */
async function useQuestion(
  deps: SignInDeps,
  asked: { response: { clientDataJSON: string }; purpose: Purpose; at: Date },
): Promise<{ token: string; personId: string | undefined }> {
  const { response, purpose, at } = asked;
  const token = challengeIn(response.clientDataJSON);
  const hash = hashOf(token);
  const found = await deps.db.transaction(async (tx) => {
    const open = await tryChallenge(tx, { hash, purpose, most: 1, at });
    if (open !== undefined) await closeChallenge(tx, hash, at);
    return open;
  });
  if (found === undefined) throw new PasskeyRefused('not asked, or answered before');
  return { token, personId: found.personId };
}

function challengeIn(clientDataJSON: string): string {
  try {
    const said: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    const isNamed = typeof said === 'object' && said !== null && 'challenge' in said;
    return isNamed ? String(said.challenge) : '';
  } catch {
    return '';
  }
}

/** The library throws for whatever does not fit; to us it is one refusal. */
async function orRefused<T>(check: () => Promise<T>): Promise<T> {
  try {
    return await check();
  } catch (cause) {
    throw new PasskeyRefused('the answer does not fit', { cause });
  }
}
