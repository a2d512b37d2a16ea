import { STAFF_ROLES } from '@opora/contracts';
import { beforeEach, describe, expect, it } from 'vitest';
import { asOwner, cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { AuditKeyReused } from '../audit/index.ts';
import {
  AlreadyStaff,
  ChallengeInvalid,
  InvitationInvalid,
  LastOwner,
  OwnerCodeInvalid,
  OwnRights,
  PasswordWeak,
  PersonBanned,
  PersonIsStaff,
  PersonNotFound,
  SessionEnded,
  SignInRefused,
  StaffNotFound,
  TooManyTries,
} from './errors.ts';
import {
  act,
  actsAbout,
  createWorld,
  enrol,
  firstOwner,
  freshCode,
  from,
  invited,
  PASSWORD,
  passPassword,
  race,
  type Member,
  type World,
} from './testing/world.ts';

const HOUR_MS = 3_600_000;
const EMAIL = 'owner@example.com';
const staffOf = (sessionId: string) => world.sessions.staff(sessionId, '192.0.2.1');
let base: TestDatabase;
let world: World;

// Each test has a platform of its own: whether there is an owner is the question here.
beforeEach(async () => {
  base = await cloneDatabase();
  world = await createWorld(base);
  return () => base.close();
});

async function customer(telegramId = 9n) {
  return world.identity.resolveTelegram({
    id: telegramId,
    firstName: 'Ann',
    username: undefined,
    languageCode: 'en',
  });
}

describe('the first owner', () => {
  const claim = (code: string, who = from()) =>
    world.signIn.firstOwner({ code, email: EMAIL, password: PASSWORD }, who);

  it('is whoever enters the code first, of fifty at once, and nobody after (A9)', async () => {
    const code = (await world.signIn.ownerCode()) ?? '';
    expect(code).toMatch(/^([0-9A-Z]{4}-){6}[0-9A-Z]{4}$/);
    const { done } = await race(50, (at) =>
      claim(code, from({ address: `192.0.2.${String(at)}` })),
    );
    expect(done).toHaveLength(1);
    const { members } = await world.identity.staff.list();
    expect(members).toMatchObject([{ role: 'owner', email: EMAIL, hasSecondFactor: false }]);
    expect(await world.signIn.ownerCode()).toBeUndefined();
    await expect(claim(code, from({ address: '198.51.100.1' }))).rejects.toThrow(OwnerCodeInvalid);
  });

  it('needs the newest code, within 24 hours; there is no default one (A9)', async () => {
    const old = (await world.signIn.ownerCode()) ?? '';
    const newer = (await world.signIn.ownerCode()) ?? '';
    await expect(claim(old)).rejects.toThrow(OwnerCodeInvalid);
    await expect(claim('')).rejects.toThrow(OwnerCodeInvalid);
    await world.clock.advance(24 * HOUR_MS);
    await expect(claim(newer)).rejects.toThrow(OwnerCodeInvalid);
    await expect(
      world.signIn.password({ email: EMAIL, password: PASSWORD }, from()),
    ).rejects.toThrow(SignInRefused);
  });

  it('keeps the code when the password was weak, and pays no hash for a wrong one', async () => {
    const code = (await world.signIn.ownerCode()) ?? '';
    const weak = { code, email: EMAIL, password: 'owner-1' };
    await expect(world.signIn.firstOwner(weak, from())).rejects.toThrow(PasswordWeak);
    await expect(claim('AAAA-BBBB')).rejects.toThrow(OwnerCodeInvalid);
    expect(world.work.hashes).toBe(0);
    await claim(code);
  });

  it('may not be guessed: twenty codes an hour from one address', async () => {
    const { refused } = await race(30, () => claim('AAAA'));
    expect(refused.filter((name) => name === TooManyTries.name)).toHaveLength(10);
  });

  it('can do nothing before the authenticator is confirmed (C5)', async () => {
    const step = await claim((await world.signIn.ownerCode()) ?? '');
    expect(step.next).toBe('enrol');
    const again = await world.signIn.password({ email: EMAIL, password: PASSWORD }, from());
    expect(again.next).toBe('enrol');
    const owner = await enrol(world, again, EMAIL);
    expect(await staffOf(owner.signedIn.view.sessionId)).toMatchObject({
      role: 'owner',
    });
    // The first secret was forgotten with the second confirmed.
    await expect(enrol(world, step, EMAIL)).rejects.toThrow(ChallengeInvalid);
    expect(await actsAbout(world, owner.personId)).toContain('staff.first_owner done');
  });
});

describe('an owner who lost the way in', () => {
  it('gets a code on the server, and nothing of before counts after it', async () => {
    const owner = await firstOwner(world);
    await expect(world.signIn.ownerCode('nobody@example.com')).rejects.toThrow(StaffNotFound);
    const pending = await passPassword(world, EMAIL);
    const code = (await world.signIn.ownerCode(EMAIL)) ?? '';
    const wish = { code, password: 'a new and better one' };
    await expect(
      world.signIn.firstOwner({ ...wish, email: 'thief@example.com' }, from()),
    ).rejects.toThrow(OwnerCodeInvalid);
    const step = await world.signIn.firstOwner({ ...wish, email: EMAIL }, from());
    await expect(staffOf(owner.signedIn.view.sessionId)).rejects.toThrow(SessionEnded);
    await expect(passPassword(world, EMAIL)).rejects.toThrow(SignInRefused);
    const old = { challenge: pending, code: await freshCode(world, owner.secret) };
    await expect(world.signIn.secondFactor(old, from())).rejects.toThrow(ChallengeInvalid);
    const back = await enrol(world, step, EMAIL);
    expect(back.personId).toBe(owner.personId);
    expect(await actsAbout(world, owner.personId)).toEqual(
      expect.arrayContaining(['staff.owner_reset_begun done', 'staff.owner_reset done']),
    );
    expect(world.notices.map(({ kind }) => kind)).toContain('password_changed');
  });
});

describe('an invitation', () => {
  let owner: Member;
  beforeEach(async () => {
    owner = await firstOwner(world);
  });
  const wish = { email: 'Helper@example.com', role: 'support' } as const;
  const accept = (token: string, who = from()) =>
    world.signIn.acceptInvitation({ token, name: 'Helper', password: PASSWORD }, who);

  it('goes by mail, says what it is for, and is taken by one of fifty at once', async () => {
    const { token = '' } = await world.identity.staff.invite(act(owner), wish);
    expect(world.mail).toEqual([{ token, to: wish.email }]);
    const offered = await world.signIn.invitation(token, from());
    expect(offered).toMatchObject({ display: wish.email, role: 'support' });
    const { done } = await race(50, (at) =>
      accept(token, from({ address: `192.0.2.${String(at)}` })),
    );
    expect(done.map(({ next }) => next)).toEqual(['enrol']);
    const { members, invitations } = await world.identity.staff.list();
    expect(members.map(({ role }) => role)).toEqual(['owner', 'support']);
    expect(invitations).toEqual([]);
    await expect(world.identity.staff.invite(act(owner), wish)).rejects.toThrow(AlreadyStaff);
  });

  it('is one act for two presses, and shows its token to the first only', async () => {
    const press = act(owner);
    const first = await world.identity.staff.invite(press, wish);
    const second = await world.identity.staff.invite(press, wish);
    expect(second).toEqual({ auditId: first.auditId, isFirst: false, token: undefined });
    expect(world.mail).toHaveLength(1);
    const another = { ...press, reason: 'another reason' };
    await expect(world.identity.staff.invite(another, wish)).rejects.toThrow(AuditKeyReused);
    const asAdmin = { ...wish, role: 'admin' as const };
    await expect(world.identity.staff.invite(press, asAdmin)).rejects.toThrow(AuditKeyReused);
  });

  it('lives 72 hours, and until a newer one to the same mailbox', async () => {
    const { token: old = '' } = await world.identity.staff.invite(act(owner), wish);
    const { token = '' } = await world.identity.staff.invite(act(owner), {
      ...wish,
      email: 'helper@EXAMPLE.com',
    });
    await expect(accept(old)).rejects.toThrow(InvitationInvalid);
    await world.clock.advance(72 * HOUR_MS);
    await expect(world.signIn.invitation(token, from())).rejects.toThrow(InvitationInvalid);
    await expect(accept(token)).rejects.toThrow(InvitationInvalid);
  });

  it('of an owner who is none any more is void', async () => {
    const second = await invited(world, owner, { email: 'second@example.com', role: 'owner' });
    const { token = '' } = await world.identity.staff.invite(act(second), wish);
    await world.identity.staff.setRole(act(owner), { personId: second.personId, role: 'finance' });
    await expect(accept(token)).rejects.toThrow(InvitationInvalid);
  });
});

describe('a change of rights', () => {
  let owner: Member;
  beforeEach(async () => {
    owner = await firstOwner(world);
  });
  const { staff } = { staff: () => world.identity.staff };

  it('counts at the next call, and ends every session of the person (B4, D6)', async () => {
    const one = await invited(world, owner, { email: 'a@example.com', role: 'support' });
    const { refreshToken, view } = one.signedIn;
    const pending = await passPassword(world, one.email);
    const press = act(owner);
    await staff().setRole(press, { personId: one.personId, role: 'finance' });
    // A key that stands for one role is no "done" for another.
    await expect(staff().setRole(press, { personId: one.personId, role: 'admin' })).rejects.toThrow(
      AuditKeyReused,
    );
    await expect(staffOf(view.sessionId)).rejects.toThrow(SessionEnded);
    await expect(world.sessions.refresh(refreshToken)).rejects.toThrow(SessionEnded);
    const code = await freshCode(world, one.secret);
    await expect(world.signIn.secondFactor({ challenge: pending, code }, from())).rejects.toThrow(
      ChallengeInvalid,
    );
    const challenge = await passPassword(world, one.email);
    const { view: now } = await world.signIn.secondFactor(
      { challenge, code: await freshCode(world, one.secret) },
      from(),
    );
    expect(now.staff?.role).toBe('finance');
    const { items } = await world.audit.list({ act: 'staff.set_role' }, { limit: 1 });
    expect(items[0]).toMatchObject({
      actorId: owner.personId,
      before: { role: 'support', state: 'active' },
      after: { role: 'finance', state: 'active' },
    });
  });

  it('of a disabled member leaves no way back but an invitation', async () => {
    const one = await invited(world, owner, { email: 'a@example.com', role: 'admin' });
    const press = act(owner);
    const first = await staff().disable(press, one.personId);
    expect(await staff().disable(press, one.personId)).toEqual({ ...first, isFirst: false });
    await expect(staff().disable(act(owner), one.personId)).rejects.toThrow(StaffNotFound);
    await expect(passPassword(world, one.email)).rejects.toThrow(SignInRefused);
    await expect(staffOf(one.signedIn.view.sessionId)).rejects.toThrow(SessionEnded);
    const back = await invited(world, owner, { email: one.email, role: 'support' });
    expect(back.personId).toBe(one.personId);
    expect(await staffOf(back.signedIn.view.sessionId)).toMatchObject({
      role: 'support',
    });
  });

  it('never goes to oneself (D4)', async () => {
    for (const role of STAFF_ROLES) {
      await expect(staff().setRole(act(owner), { personId: owner.personId, role })).rejects.toThrow(
        OwnRights,
      );
    }
    await expect(staff().disable(act(owner), owner.personId)).rejects.toThrow(OwnRights);
    await expect(staff().disable(act(owner), 'per_unknown')).rejects.toThrow(StaffNotFound);
  });

  it('leaves one of two owners who demote each other at the same moment (D4)', async () => {
    const second = await invited(world, owner, { email: 'b@example.com', role: 'owner' });
    const { done, refused } = await race(2, (at) => {
      const [by, whom] = at === 0 ? [owner, second] : [second, owner];
      return staff().setRole(act(by), { personId: whom.personId, role: 'support' });
    });
    expect(done).toHaveLength(1);
    expect(refused).toEqual([LastOwner.name]);
    const { members } = await staff().list();
    expect(members.filter(({ role }) => role === 'owner')).toHaveLength(1);
  });

  it('never takes the last owner, whoever asks the database', async () => {
    for (const statement of [
      `update staff_member set role = 'admin'`,
      `update staff_member set state = 'disabled'`,
      'delete from staff_member',
    ]) {
      const asked = asOwner(base.ownerUrl, (client) => client.query(statement));
      await expect(asked).rejects.toThrow('the last owner stays');
    }
  });

  it('shows who is staff and when they were seen', async () => {
    const seenAt = owner.signedIn.view.staff?.secondFactorAt;
    expect(await staff().list()).toEqual({
      invitations: [],
      members: [
        {
          personId: owner.personId,
          name: 'owner',
          email: EMAIL,
          role: 'owner',
          state: 'active',
          hasSecondFactor: true,
          lastSeenAt: seenAt,
          createdAt: expect.any(Date),
        },
      ],
    });
  });
});

describe('a ban', () => {
  let owner: Member;
  beforeEach(async () => {
    owner = await firstOwner(world);
  });
  const enter = async (personId: string) =>
    world.signIn.enter(await world.sessions.createLink(personId), from());

  it('ends all sessions, lets nobody in, is told to others, and is lifted again', async () => {
    const { id } = await customer();
    const [one, other] = [await enter(id), await enter(id)];
    const press = act(owner);
    const { isFirst, auditId } = await world.identity.ban(press, id);
    expect(isFirst).toBe(true);
    expect(await world.identity.ban(press, id)).toEqual({ auditId, isFirst: false });
    for (const { refreshToken, view } of [one, other]) {
      await expect(world.sessions.refresh(refreshToken)).rejects.toThrow(SessionEnded);
      await expect(world.sessions.view(view.sessionId)).rejects.toThrow(SessionEnded);
    }
    await expect(enter(id)).rejects.toThrow(PersonBanned);
    await world.identity.unban(act(owner), id);
    await enter(id);
    expect(world.events).toMatchObject([
      { type: 'person.banned', personId: id },
      { type: 'person.unbanned', personId: id },
    ]);
    const { items } = await world.audit.list({ act: 'people.ban' }, { limit: 1 });
    expect(items[0]).toMatchObject({ before: { state: 'active' }, after: { state: 'banned' } });
  });

  it('misses no session that is opened at the same moment', async () => {
    const { id } = await customer();
    const links = await Promise.all(
      Array.from({ length: 20 }, () => world.sessions.createLink(id)),
    );
    const [opened] = await Promise.all([
      race(20, (at) => world.signIn.enter(links[at] ?? '', from())),
      world.identity.ban(act(owner), id),
    ]);
    for (const { refreshToken } of opened.done) {
      await expect(world.sessions.refresh(refreshToken)).rejects.toThrow(SessionEnded);
    }
  });

  it('is not for staff, whose rights only an owner ends, nor for nobody', async () => {
    await expect(world.identity.ban(act(owner), owner.personId)).rejects.toThrow(PersonIsStaff);
    await expect(world.identity.ban(act(owner), 'per_unknown')).rejects.toThrow(PersonNotFound);
    const { items } = await world.audit.list({ act: 'people.ban' }, { limit: 9 });
    expect(items).toEqual([]);
  });
});

describe('a code by mail', () => {
  const wish = { email: 'Olga@example.com', language: 'ru' } as const;
  const send = async () => {
    const challenge = await world.signIn.sendCode(wish, from());
    return { challenge, code: world.mail.at(-1)?.code ?? '' };
  };

  it('lets in the person of the mailbox, the same one next time, and once', async () => {
    const answer = await send();
    const { done } = await race(50, () => world.signIn.enterCode(answer, from()));
    expect(done).toHaveLength(1);
    expect(done[0]?.view).toMatchObject({ email: 'Olga@example.com', staff: undefined });
    const again = await world.signIn.enterCode(await send(), from());
    expect(again.view.personId).toBe(done[0]?.view.personId);
  });

  it('makes one person of a mailbox, though two browsers prove it at once', async () => {
    const answers = [await send(), await send(), await send()];
    const { done } = await race(3, (at) =>
      world.signIn.enterCode(answers[at] ?? { challenge: '', code: '' }, from()),
    );
    expect(new Set(done.map(({ view }) => view.personId)).size).toBe(1);
    expect(done).toHaveLength(3);
  });

  it('is asked for five times an hour per mailbox, and tried five times per mail', async () => {
    const { challenge, code } = await send();
    const other = code === '000000' ? '000001' : '000000';
    await race(5, () => world.signIn.enterCode({ challenge, code: other }, from()));
    await expect(world.signIn.enterCode({ challenge, code }, from())).rejects.toThrow(
      ChallengeInvalid,
    );
    const { refused } = await race(6, () => send());
    expect(refused).toEqual([TooManyTries.name, TooManyTries.name]);
  });

  it('goes to the spelling its owner gave, and never opens rights of staff', async () => {
    const owner = await firstOwner(world);
    await world.signIn.sendCode({ email: 'OWNER@EXAMPLE.COM', language: 'en' }, from());
    expect(world.mail.at(-1)?.to).toBe(EMAIL);
    const challenge = await world.signIn.sendCode({ email: EMAIL, language: 'en' }, from());
    const code = world.mail.at(-1)?.code ?? '';
    const { view } = await world.signIn.enterCode({ challenge, code }, from());
    expect(view).toMatchObject({ personId: owner.personId, staff: undefined });
  });
});
