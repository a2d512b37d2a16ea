/** Identity over a real database, with time, mail and the cost of hashing in the test's hands. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import type { StaffRole } from '@opora/contracts';
import { Secret } from '@opora/kernel';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { cloneDatabase, quietLog, type TestDatabase } from '../../../../test/database.ts';
import { sql, type Tx } from '../../../platform/db/index.ts';
import { systemIds } from '../../../platform/ids/index.ts';
import type { Networks } from '../../../platform/network/index.ts';
import { createSealing, readSealingKeys } from '../../../platform/sealing/index.ts';
import { createTelegramOidc } from '../../../platform/telegram/index.ts';
import { OIDC_CONFIG, scriptIssuer } from '../../../platform/telegram/testing/oidc-issuer.ts';
import {
  createTokenIssuer,
  createTokenVerifier,
  readKeySet,
} from '../../../platform/tokens/index.ts';
import { createAudit, type StaffAct } from '../../audit/index.ts';
import type { By } from '../account.ts';
import { createHasher, type Hasher, type HashCost } from '../hasher.ts';
import {
  createApiKeys,
  createIdentity,
  createPasswordPolicy,
  createSessions,
  createSignIn,
  type From,
  type Notice,
  type PersonEvent,
  type SignedIn,
  IDENTITY_SEALED,
} from '../index.ts';
import type { AfterPassword } from '../password-step.ts';
import { stepOf, totpCode } from '../totp.ts';

export const PASSWORD = 'correct horse battery staple';
/** Nobody's. */
export const BOT_TOKEN = '123456789:TEST_TOKEN_FOR_VECTORS_ONLY';
const STEP_MS = 30_000;
const CHEAP: HashCost = { memoryKib: 64, passes: 1, lanes: 1 };
const NAMES = { issuer: 'opora', audience: 'opora-api' };
const keys = readKeySet(
  new Secret(
    JSON.stringify([
      { kid: 'test', ...generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }) },
    ]),
  ),
);
export const sealing = createSealing(
  readSealingKeys(new Secret(`test:${randomBytes(32).toString('base64')}`)),
  IDENTITY_SEALED,
);

/** A member of staff whose authenticator the test holds. */
export type Member = Readonly<{
  personId: string;
  email: string;
  secret: Buffer;
  signedIn: SignedIn;
  recoveryCodes: readonly string[];
}>;

export type World = Awaited<ReturnType<typeof createWorld>>;

export async function createWorld(base?: TestDatabase, staffNetworks?: Networks) {
  const database = base ?? (await cloneDatabase());
  const clock: ManualClock = createManualClock();
  const { db } = database;
  const mail: { code?: string; token?: string; to: string }[] = [];
  const notices: Notice[] = [];
  const events: PersonEvent[] = [];
  const work = { hashes: 0 };
  const keyRules = { place: 'dev' as const, forCustomers: false };
  const common = { db, clock, ids: systemIds, staffNetworks };
  const audit = createAudit(common);
  const letters = {
    sendCode: async (_tx: Tx, wish: { email: string; code: string }) =>
      void mail.push({ code: wish.code, to: wish.email }),
    sendInvitation: async (_tx: Tx, wish: { email: string; token: string }) =>
      void mail.push({ token: wish.token, to: wish.email }),
    sendReset: async (_tx: Tx, wish: { email: string; token: string }) =>
      void mail.push({ token: wish.token, to: wish.email }),
    sendNobody: async (_tx: Tx, wish: { email: string }) => void mail.push({ to: wish.email }),
    sendEmailChanged: async (_tx: Tx, wish: { email: string; token: string }) =>
      void mail.push({ token: wish.token, to: wish.email }),
    notify: async (_tx: Tx, notice: Notice) => void notices.push(notice),
  };
  const publish = async (_tx: Tx, facts: readonly PersonEvent[]) => void events.push(...facts);
  const issuer = createTokenIssuer({ ...common, keys, ...NAMES });
  const identity = createIdentity({ ...common, audit, letters, publish });
  const sessions = createSessions({ ...common, issuer, sealing });
  const telegram = scriptIssuer(clock);
  const telegramOidc = createTelegramOidc({
    ...{ config: OIDC_CONFIG, http: telegram.http, clock, log: quietLog() },
  });
  const signInWith = (cost: HashCost) =>
    createSignIn({
      ...common,
      issuer,
      sealing,
      audit,
      letters,
      hasher: counting(createHasher({ clock, cores: 5, cost }), work),
      policy: createPasswordPolicy(),
      keys: keyRules,
      telegram: { botToken: new Secret(BOT_TOKEN) },
      telegramOidc,
      webUrl: 'https://opora.example',
      productName: { ru: 'Два', en: '2GETPRO' },
    });
  const signIn = signInWith(CHEAP);
  const world = {
    base: database,
    db,
    clock,
    mail,
    notices,
    events,
    work,
    keyRules,
    /** Telegram's own sign-in, as a test scripts it. */
    telegram,
    apiKeys: createApiKeys(common),
    audit,
    identity,
    sessions,
    signInWith,
    signIn,
    accounts: signIn.accounts,
    verifier: createTokenVerifier({ keys: keys.verifying, clock, ...NAMES }),
  };
  return world;
}

/** Counts each hash, made or compared: equal work is what an attacker cannot measure. */
function counting(hasher: Hasher, work: { hashes: number }): Hasher {
  return {
    ...hasher,
    hash(password) {
      work.hashes += 1;
      return hasher.hash(password);
    },
    verify(password, phc) {
      work.hashes += 1;
      return hasher.verify(password, phc);
    },
  };
}

export const from = (changes: Partial<From> = {}): From => ({
  address: '192.0.2.1',
  userAgent: 'Firefox',
  requestId: 'req_test',
  device: undefined,
  language: 'en',
  ...changes,
});

let addresses = 0;
/** From an address nobody came from before, so that no test is braked by another. */
export const elsewhere = (): From => from({ address: `198.51.100.${String((addresses += 1))}` });

/** Whoever is signed in, as they act on their own account. */
export const own = ({ view }: Pick<SignedIn, 'view'>, sender = elsewhere()): By => ({
  personId: view.personId,
  sessionId: view.sessionId,
  from: sender,
});

/** A customer with a mailbox of their own and `PASSWORD`, signed in. */
export async function registered(world: World, email: string): Promise<SignedIn> {
  const wish = { email, password: PASSWORD, language: 'en' } as const;
  const challenge = await world.signIn.register(wish, elsewhere());
  const code = world.mail.at(-1)?.code ?? '';
  return await world.signIn.confirmRegistration({ challenge, code }, elsewhere());
}

/** All that a refusal tells, its own fields included; empty for what was not refused. */
export async function refusal(call: Promise<unknown>): Promise<object> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Error)) return {};
  return Object.assign({ name: error.name, message: error.message }, error);
}

/** A code of the next half minute: each is good once, so time moves on for every one. */
export async function freshCode(world: World, secret: Buffer): Promise<string> {
  await world.clock.advance(STEP_MS);
  return totpCode(secret, stepOf(world.clock.now()));
}

export function secretOf(step: AfterPassword): Buffer {
  if (step.next !== 'enrol') throw new Error(`expected an enrolment, got ${step.next}`);
  let bits = '';
  for (const letter of step.totp.secret) {
    bits += 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0');
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

export async function enrol(world: World, step: AfterPassword, email: string): Promise<Member> {
  const secret = secretOf(step);
  const answer = { challenge: challengeOf(step), code: await freshCode(world, secret) };
  const { signedIn, recoveryCodes } = await world.signIn.enrol(answer, from());
  return { personId: signedIn.view.personId, email, secret, signedIn, recoveryCodes };
}

export async function firstOwner(world: World, email = 'owner@example.com'): Promise<Member> {
  const code = await world.signIn.ownerCode();
  if (code === undefined) throw new Error('there is an owner already');
  const step = await world.signIn.firstOwner({ code, email, password: PASSWORD }, from());
  return enrol(world, step, email);
}

let keysMade = 0;
export const act = (by: { personId: string }, changes: Partial<StaffAct> = {}): StaffAct => ({
  actor: { id: by.personId, name: 'Owner', requestId: 'req_test', remoteAddress: '192.0.2.1' },
  reason: 'a good reason',
  key: `key-of-a-test-${String((keysMade += 1))}`,
  ...changes,
});

export async function invited(
  world: World,
  owner: Member,
  wish: { role: StaffRole; email: string },
): Promise<Member> {
  const { token = '' } = await world.identity.staff.invite(act(owner), wish);
  const joining = { token, name: 'Helper', password: PASSWORD };
  const step = await world.signIn.acceptInvitation(joining, from());
  return enrol(world, step, wish.email);
}

/** The challenge of the second step. */
export async function passPassword(world: World, email: string, who = from()): Promise<string> {
  return challengeOf(await world.signIn.password({ email, password: PASSWORD }, who));
}

export function challengeOf(step: AfterPassword): string {
  if (step.next === 'signed_in') throw new Error('no step of staff');
  return step.challenge;
}

/** Outcomes of calls made at once: how many were done, and the names of the refusals. */
export async function race<T>(
  times: number,
  call: (at: number) => Promise<T>,
): Promise<{ done: T[]; refused: string[] }> {
  const all = await Promise.allSettled(Array.from({ length: times }, (_, at) => call(at)));
  return {
    done: all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    refused: all.flatMap((one) => (one.status === 'rejected' ? [String(one.reason.name)] : [])),
  };
}

/** Every row of every table of identity as text: what a stolen copy would tell. */
export async function dump(world: World): Promise<string> {
  const tables = [
    ...['session', 'login_link', 'password_credential', 'totp_credential', 'recovery_code'],
    ...[
      'sign_in_challenge',
      'used_telegram_proof',
      'passkey',
      'api_key',
      'staff_invitation',
      'owner_code',
      'audit_entry',
    ],
  ];
  const rows = await Promise.all(
    tables.map((table) => sql`select * from ${sql.table(table)}`.execute(world.db.read)),
  );
  return JSON.stringify(
    rows.map((one) => one.rows),
    (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
}

/** Names of the acts in the log about a person, oldest first. */
export async function actsAbout(world: World, personId: string): Promise<string[]> {
  const { items } = await world.audit.list({ personId }, { limit: 100 });
  return items.toReversed().map(({ act: name, result }) => `${name} ${result}`);
}
