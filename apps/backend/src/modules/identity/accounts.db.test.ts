/** A person's own ways in: proofs, changes, what stays, and what is never joined. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { By } from './account.ts';
import {
  CodeRefused,
  EmailNeeded,
  LastWay,
  MailLinkInvalid,
  PersonIsStaff,
  SessionEnded,
  SignInRefused,
  StepUpRequired,
  TelegramRefused,
  WayPresent,
  WayTaken,
} from './errors.ts';
import { initDataOf, loginOf } from './testing/telegram.ts';
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

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const OTHER_PASSWORD = 'nine calm herons at dusk';
let world: World;
let owner: Member;
let telegramId = 700;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
afterAll(() => world.base.close());

const codeSent = () => world.mail.at(-1)?.code ?? '';
const word = (id: number) => ({ fields: loginOf({ id, at: world.clock.now() }) });
const nextId = () => (telegramId += 1);

const withPassword = (email: string) => registered(world, email);
const withTelegram = (id = nextId()) =>
  world.signIn.telegram({ initData: initDataOf({ id, at: world.clock.now() }) }, elsewhere());

async function giveEmail(whose: By, email: string): Promise<void> {
  const challenge = await world.accounts.askEmail(whose, email);
  await world.accounts.confirmEmail(whose, { challenge, code: codeSent() });
}

describe('a change of the ways in', () => {
  it('asks for a proof of the last five minutes, whatever it changes (C7)', async () => {
    const one = own(await withPassword('stale@example.com'));
    await world.clock.advance(5 * MINUTE_MS - 1);
    await world.accounts.setPassword(one, OTHER_PASSWORD);
    await world.clock.advance(1);
    expect(await world.accounts.read(one)).toMatchObject({ freshUntil: undefined });
    const answer = { challenge: 'x'.repeat(43), code: '000000' };
    for (const call of [
      () => world.accounts.setPassword(one, PASSWORD),
      () => world.accounts.removePassword(one),
      () => world.accounts.askEmail(one, 'a@example.com'),
      () => world.accounts.removeEmail(one),
      () => world.accounts.connectTelegram(one, word(nextId())),
      () => world.accounts.disconnectTelegram(one),
    ]) {
      await expect(call()).rejects.toThrow(StepUpRequired);
    }
    await expect(world.accounts.confirmEmail(one, answer)).rejects.toThrow(/unknown/);
    const proved = await world.accounts.prove(one, { password: OTHER_PASSWORD });
    expect(proved.freshUntil?.getTime()).toBe(world.clock.now().getTime() + 5 * MINUTE_MS);
    await world.accounts.removePassword(one);
  });

  it('takes password, code or Telegram for a proof, of this person alone', async () => {
    const signedIn = await withPassword('proof@example.com');
    const one = own(signedIn);
    const id = nextId();
    await world.accounts.connectTelegram(one, word(id));
    const other = own(await withPassword('proof-other@example.com'));
    await world.clock.advance(10 * MINUTE_MS);
    const wrong = world.accounts.prove(one, { password: OTHER_PASSWORD });
    await expect(wrong).rejects.toThrow(SignInRefused);
    const theirs = await world.accounts.sendProofCode(other);
    const stolen = { answer: { challenge: theirs, code: codeSent() } };
    await expect(world.accounts.prove(one, stolen)).rejects.toThrow(CodeRefused);
    const strange = { word: word(nextId()) };
    await expect(world.accounts.prove(one, strange)).rejects.toThrow(TelegramRefused);
    expect(await world.accounts.read(one)).toMatchObject({ freshUntil: undefined });
    const challenge = await world.accounts.sendProofCode(one);
    for (const proof of [
      { password: PASSWORD },
      { answer: { challenge, code: codeSent() } },
      { word: word(id) },
    ]) {
      await world.clock.advance(MINUTE_MS);
      const { freshUntil } = await world.accounts.prove(one, proof);
      expect(freshUntil?.getTime()).toBe(world.clock.now().getTime() + 5 * MINUTE_MS);
    }
    const acts = await actsAbout(world, one.personId);
    expect(acts.filter((name) => name === 'session.proved done')).toHaveLength(3);
    expect(acts).toContain('session.proof_refused refused');
  });

  it('ends the other sessions and keeps its own, is told and written down (B4, A7)', async () => {
    const other = await withPassword('ends@example.com');
    const step = await world.signIn.password(
      { email: 'ends@example.com', password: PASSWORD },
      elsewhere(),
    );
    if (step.next !== 'signed_in') throw new Error('expected a session');
    const one = own(step.signedIn);
    await world.accounts.setPassword(one, OTHER_PASSWORD);
    await expect(world.sessions.view(other.view.sessionId)).rejects.toThrow(SessionEnded);
    await world.sessions.view(one.sessionId);
    expect(world.notices.at(-1)).toMatchObject({
      kind: 'password_changed',
      personId: one.personId,
    });
    expect(await actsAbout(world, one.personId)).toContain('person.password_set done');
    const again = { email: 'ends@example.com', password: PASSWORD };
    await expect(world.signIn.password(again, elsewhere())).rejects.toThrow(SignInRefused);
  });

  it('of staff asks for the second factor, in a session of staff', async () => {
    const link = await world.sessions.createLink(owner.personId);
    const customer = own(await world.signIn.enter(link, from()));
    const call = world.accounts.setPassword(customer, OTHER_PASSWORD);
    await expect(call).rejects.toThrow(StepUpRequired);
    const proof = world.accounts.prove(customer, { password: PASSWORD });
    await expect(proof).rejects.toThrow(PersonIsStaff);
    const staff = own(owner.signedIn);
    await world.signIn.stepUp(
      { sessionId: staff.sessionId, code: await freshCode(world, owner.secret) },
      from(),
    );
    await expect(world.accounts.removeEmail(staff)).rejects.toThrow(PersonIsStaff);
    await world.accounts.connectTelegram(staff, word(nextId()));
  });
});

describe('the last way in', () => {
  it('stays: mailbox, Telegram, and of both one', async () => {
    const alone = own(await withTelegram());
    await expect(world.accounts.disconnectTelegram(alone)).rejects.toThrow(LastWay);
    await expect(world.accounts.setPassword(alone, PASSWORD)).rejects.toThrow(EmailNeeded);
    const mail = own(await withPassword('last@example.com'));
    await expect(world.accounts.removeEmail(mail)).rejects.toThrow(LastWay);
    await world.accounts.removePassword(mail);
    await expect(world.accounts.removeEmail(mail)).rejects.toThrow(LastWay);
    await world.accounts.connectTelegram(mail, word(nextId()));
    const { refused } = await race(2, (at) =>
      at === 0 ? world.accounts.removeEmail(mail) : world.accounts.disconnectTelegram(mail),
    );
    expect(refused).toEqual([LastWay.name]);
  });

  it('takes the password with the mailbox, which is nothing without it', async () => {
    const one = own(await withPassword('gone@example.com'));
    const id = nextId();
    await world.accounts.connectTelegram(one, word(id));
    await world.accounts.removeEmail(one);
    expect(await world.accounts.read(one)).toMatchObject({ email: undefined, hasPassword: false });
    const again = { email: 'gone@example.com', password: PASSWORD };
    await expect(world.signIn.password(again, elsewhere())).rejects.toThrow(SignInRefused);
    const back = await withTelegram(id);
    expect(back.view.personId).toBe(one.personId);
  });
});

describe('two accounts', () => {
  it('are never joined by Telegram: who has one already keeps it', async () => {
    const id = nextId();
    const theirs = await withTelegram(id);
    const one = own(await withPassword('two@example.com'));
    await expect(world.accounts.connectTelegram(one, word(id))).rejects.toThrow(WayTaken);
    expect((await withTelegram(id)).view.personId).toBe(theirs.view.personId);
    await world.accounts.connectTelegram(one, word(nextId()));
    const second = world.accounts.connectTelegram(one, word(nextId()));
    await expect(second).rejects.toThrow(WayPresent);
  });

  it('are never joined by a mailbox, and only its reader learns that there is another', async () => {
    await withPassword('two-mail@example.com');
    const one = own(await withTelegram());
    const challenge = await world.accounts.askEmail(one, 'two-mail@example.com');
    const wrong = codeSent() === '000000' ? '000001' : '000000';
    const guess = world.accounts.confirmEmail(one, { challenge, code: wrong });
    await expect(guess).rejects.toThrow(CodeRefused);
    const right = world.accounts.confirmEmail(one, { challenge, code: codeSent() });
    await expect(right).rejects.toThrow(WayTaken);
    expect(await world.accounts.read(one)).toMatchObject({ email: undefined });
  });
});

describe('a changed mailbox', () => {
  it('is proved first, and the former one is told how to take it back (A7)', async () => {
    const one = own(await withPassword('before@example.com'));
    const challenge = await world.accounts.askEmail(one, 'After@example.com');
    expect(await world.accounts.read(one)).toMatchObject({
      email: { address: 'before@example.com' },
    });
    await world.accounts.confirmEmail(one, { challenge, code: codeSent() });
    expect(world.mail.at(-1)).toMatchObject({
      to: 'before@example.com',
      token: expect.any(String),
    });
    expect(world.notices.at(-1)).toMatchObject({
      kind: 'email_changed',
      email: 'After@example.com',
    });
    const entry = { email: 'after@example.com', password: PASSWORD };
    expect(await world.signIn.password(entry, elsewhere())).toMatchObject({ next: 'signed_in' });
  });

  it('is taken back within 72 hours with all that came since, once', async () => {
    const first = await withPassword('victim@example.com');
    const one = own(first);
    await giveEmail(one, 'thief@example.com');
    const { token = '' } = world.mail.at(-1) ?? {};
    const id = nextId();
    await world.accounts.setPassword(one, OTHER_PASSWORD);
    await world.accounts.connectTelegram(one, word(id));
    await world.clock.advance(72 * HOUR_MS - 1);
    const { done } = await race(10, () => world.signIn.undoEmail(token, elsewhere()));
    expect(done).toHaveLength(1);
    await expect(world.sessions.view(one.sessionId)).rejects.toThrow(SessionEnded);
    const thief = { email: 'thief@example.com', password: OTHER_PASSWORD };
    await expect(world.signIn.password(thief, elsewhere())).rejects.toThrow(SignInRefused);
    expect((await withTelegram(id)).view.personId).not.toBe(one.personId);
    await world.signIn.askReset({ email: 'victim@example.com', language: 'en' }, elsewhere());
    const { token: reset = '' } = world.mail.at(-1) ?? {};
    await world.signIn.reset({ token: reset, password: PASSWORD }, elsewhere());
    const back = { email: 'victim@example.com', password: PASSWORD };
    const step = await world.signIn.password(back, elsewhere());
    expect(step).toMatchObject({ signedIn: { view: { personId: one.personId } } });
  });

  it('stays after 72 hours', async () => {
    await giveEmail(own(await withPassword('late@example.com')), 'later@example.com');
    const { token = '' } = world.mail.at(-1) ?? {};
    await world.clock.advance(72 * HOUR_MS);
    await expect(world.signIn.undoEmail(token, elsewhere())).rejects.toThrow(MailLinkInvalid);
  });
});
