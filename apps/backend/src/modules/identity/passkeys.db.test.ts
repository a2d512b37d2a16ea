/** Passkeys against an authenticator in software: what opens, what does not, and what stays. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { By } from './account.ts';
import {
  ChallengeInvalid,
  LastWay,
  PasskeyRefused,
  PersonIsStaff,
  StepUpRequired,
  WayNotFound,
} from './errors.ts';
import { passkeySite } from './passkey-site.ts';
import type { SignedIn } from './sessions.ts';
import { SoftKey, type Lie } from './testing/authenticator.ts';
import {
  actsAbout,
  createWorld,
  elsewhere,
  firstOwner,
  freshCode,
  from,
  own,
  PASSWORD,
  race,
  registered,
  type Member,
  type World,
} from './testing/world.ts';

const SITE = { origin: 'https://opora.example', rpId: 'opora.example' };
let world: World;
let owner: Member;
let people = 0;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
afterAll(() => world.base.close());

async function somebody(): Promise<By> {
  people += 1;
  return own(await registered(world, `key-${String(people)}@example.com`), from());
}

async function addKey(by: By, lie?: Lie): Promise<SoftKey> {
  const key = new SoftKey(SITE);
  const asked = await world.accounts.askNewPasskey(by);
  await world.accounts.addPasskey(by, { name: 'Phone', answer: key.make(asked, lie) });
  return key;
}

async function enter(key: SoftKey, lie?: Lie): Promise<SignedIn> {
  return world.signIn.passkey(key.answer(await world.signIn.askPasskey(), lie), elsewhere());
}

describe('a passkey', () => {
  it('opens the account it was made in, without a name typed (C6)', async () => {
    const by = await somebody();
    const key = await addKey(by);
    const { view, access } = await enter(key);
    expect(view).toMatchObject({ personId: by.personId, staff: undefined });
    expect(world.verifier.verify(access.token).amr).toEqual(['pop', 'user']);
    const { keys } = await world.accounts.read(by);
    expect(keys).toMatchObject([{ name: 'Phone', counter: 1, usedAt: world.clock.now() }]);
    const acts = await actsAbout(world, by.personId);
    expect(acts).toEqual(expect.arrayContaining(['person.passkey_added done']));
    expect(world.notices.map(({ kind }) => kind)).toContain('passkey_changed');
  });

  it.each<[string, Lie]>([
    ['for another site', { origin: 'https://evil.example' }],
    ['for a sibling of the site', { origin: 'https://shop.opora.example' }],
    ['for another name', { rpId: 'evil.example' }],
    ['without recognising anybody', { isRecognised: false }],
    ['as if a key were made', { type: 'webauthn.create' }],
    ['to a question nobody asked', { challenge: 'A'.repeat(43) }],
    ['under the name of somebody else', { userHandle: 'cGVyX290aGVy' }],
  ])('that answers %s is refused, and so is a key made like that', async (_how, lie) => {
    const by = await somebody();
    const key = await addKey(by);
    await expect(enter(key, lie)).rejects.toThrow(PasskeyRefused);
    const { userHandle, type, ...made } = lie;
    if (userHandle === undefined && type === undefined) {
      await expect(addKey(by, made)).rejects.toThrow(PasskeyRefused);
    }
  });

  it('answers a question once, of ten at the same time, within five minutes', async () => {
    const key = await addKey(await somebody());
    const answer = key.answer(await world.signIn.askPasskey());
    const { done, refused } = await race(10, () => world.signIn.passkey(answer, elsewhere()));
    expect(done).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set([PasskeyRefused.name]));
    const late = key.answer(await world.signIn.askPasskey());
    await world.clock.advance(5 * 60_000);
    await expect(world.signIn.passkey(late, elsewhere())).rejects.toThrow(PasskeyRefused);
  });

  it('is refused with a changed signature, and the refusal is written down', async () => {
    const by = await somebody();
    const key = await addKey(by);
    const { response, ...rest } = key.answer(await world.signIn.askPasskey());
    const other = key.answer(await world.signIn.askPasskey()).response.signature;
    const call = world.signIn.passkey(
      { ...rest, response: { ...response, signature: other } },
      from(),
    );
    await expect(call).rejects.toThrow(PasskeyRefused);
    expect(await actsAbout(world, by.personId)).toContain('session.passkey_refused refused');
  });

  it('that counts back is written down, and nobody is locked out for it', async () => {
    const by = await somebody();
    const key = await addKey(by);
    await enter(key, { counter: 7 });
    await enter(key, { counter: 3 });
    expect(await actsAbout(world, by.personId)).toContain('session.passkey_counter_back done');
    const copied = await somebody();
    const synced = await addKey(copied);
    await enter(synced, { counter: 0 });
    await enter(synced, { counter: 0 });
    expect(await actsAbout(world, copied.personId)).not.toContain(
      'session.passkey_counter_back done',
    );
  });

  it('of nobody, or taken away, opens nothing', async () => {
    await expect(enter(new SoftKey(SITE))).rejects.toThrow(PasskeyRefused);
    const by = await somebody();
    const key = await addKey(by);
    const id = key.id.toString('base64url');
    const other = await somebody();
    await expect(world.accounts.removePasskey(other, id)).rejects.toThrow(WayNotFound);
    await world.accounts.removePasskey(by, id);
    await expect(enter(key)).rejects.toThrow(PasskeyRefused);
  });

  it('is a way in like any other: it may be the last one, which stays', async () => {
    const by = await somebody();
    const key = await addKey(by);
    await world.accounts.removeEmail(by);
    const remove = world.accounts.removePasskey(by, key.id.toString('base64url'));
    await expect(remove).rejects.toThrow(LastWay);
    expect((await enter(key)).view.personId).toBe(by.personId);
  });

  it('is made for who asked, after a proof of late (C7)', async () => {
    const [by, other] = [await somebody(), await somebody()];
    const asked = await world.accounts.askNewPasskey(other);
    const answer = new SoftKey(SITE).make(asked);
    const stolen = world.accounts.addPasskey(by, { name: 'x', answer });
    await expect(stolen).rejects.toThrow(PasskeyRefused);
    await world.clock.advance(5 * 60_000);
    await expect(world.accounts.askNewPasskey(by)).rejects.toThrow(StepUpRequired);
  });
});

describe('a passkey as a proof in an open session (C7)', () => {
  const prove = async (by: By, key: SoftKey, lie?: Lie) =>
    world.accounts.prove(by, {
      passkey: key.answer(await world.accounts.askProofPasskey(by), lie),
    });

  it('makes the session fresh again, by a key of its own person, once per question', async () => {
    const [by, other] = [await somebody(), await somebody()];
    const [key, foreign] = [await addKey(by), await addKey(other)];
    await world.clock.advance(6 * 60_000);
    expect((await world.accounts.read(by)).freshUntil).toBeUndefined();
    await expect(prove(by, foreign)).rejects.toThrow(PasskeyRefused);
    await expect(prove(by, key, { isRecognised: false })).rejects.toThrow(PasskeyRefused);
    const entering = key.answer(await world.signIn.askPasskey());
    await expect(world.accounts.prove(by, { passkey: entering })).rejects.toThrow(PasskeyRefused);
    expect((await world.accounts.read(by)).freshUntil).toBeUndefined();
    const answer = { passkey: key.answer(await world.accounts.askProofPasskey(by)) };
    expect((await world.accounts.prove(by, answer)).freshUntil).toBeDefined();
    await expect(world.accounts.prove(by, answer)).rejects.toThrow(PasskeyRefused);
    expect(await actsAbout(world, by.personId)).toContain('session.proved done');
    // The question of a proof opens no session.
    const asked = key.answer(await world.accounts.askProofPasskey(by));
    await expect(world.signIn.passkey(asked, elsewhere())).rejects.toThrow(PasskeyRefused);
  });

  it('is not asked of who has none', async () => {
    const call = world.accounts.askProofPasskey(await somebody());
    await expect(call).rejects.toThrow(PasskeyRefused);
  });
});

describe('a passkey of staff', () => {
  it('stands in for the authenticator after the password, and opens no rights alone', async () => {
    const by = own(owner.signedIn, from());
    const code = await freshCode(world, owner.secret);
    await world.signIn.stepUp({ sessionId: by.sessionId, code }, from());
    const key = await addKey(by);
    expect((await enter(key)).view).toMatchObject({ personId: owner.personId, staff: undefined });
    const begin = async (): Promise<string> => {
      const step = await world.signIn.password(
        { email: owner.email, password: PASSWORD },
        elsewhere(),
      );
      if (step.next !== 'second_factor') throw new Error(`got ${step.next}`);
      expect(step.hasPasskey).toBe(true);
      return step.challenge;
    };
    const challenge = await begin();
    // The key of a customer, asked for a sign-in, is no second factor.
    const stranger = await addKey(await somebody());
    const foreign = stranger.answer(await world.signIn.askPasskeyFactor(challenge));
    const call = world.signIn.passkeyFactor({ challenge, answer: foreign }, from());
    await expect(call).rejects.toThrow(PasskeyRefused);
    const bare = key.answer(await world.signIn.askPasskey());
    const crossed = world.signIn.passkeyFactor({ challenge, answer: bare }, from());
    await expect(crossed).rejects.toThrow(PasskeyRefused);
    const answer = key.answer(await world.signIn.askPasskeyFactor(challenge));
    const { view, access } = await world.signIn.passkeyFactor({ challenge, answer }, from());
    expect(view).toMatchObject({ staff: { role: 'owner', secondFactorAt: world.clock.now() } });
    expect(world.verifier.verify(access.token).amr).toEqual(['pwd', 'pop']);
    await expect(world.signIn.askPasskeyFactor(challenge)).rejects.toThrow(ChallengeInvalid);
  });

  it('is a fresh second factor in a session of staff, and nothing in one of a customer (C7)', async () => {
    const by = own(owner.signedIn, from());
    const code = await freshCode(world, owner.secret);
    await world.signIn.stepUp({ sessionId: by.sessionId, code }, from());
    const key = await addKey(by);
    const prove = async (own: By) =>
      world.accounts.prove(own, { passkey: key.answer(await world.accounts.askProofPasskey(own)) });
    await world.clock.advance(6 * 60_000);
    expect((await world.accounts.read(by)).freshUntil).toBeUndefined();
    await expect(prove(own(await enter(key), from()))).rejects.toThrow(PersonIsStaff);
    expect((await world.accounts.read(by)).freshUntil).toBeUndefined();
    expect((await prove(by)).freshUntil).toBeDefined();
    const { secondFactorAt } = await world.sessions.staff(by.sessionId, '192.0.2.1');
    expect(secondFactorAt).toEqual(world.clock.now());
  });
});

it.each([
  ['https://opora.example', 'opora.example', 'https://opora.example'],
  ['https://shop.example:8443/x', 'shop.example', 'https://shop.example:8443'],
  ['http://127.0.0.1:5000', 'localhost', 'http://localhost:5000'],
  ['http://[::1]:5000', 'localhost', 'http://localhost:5000'],
])('keys of %s are bound to %s', (webUrl, rpId, origin) => {
  expect(passkeySite(webUrl)).toEqual({ rpId, origin });
});
