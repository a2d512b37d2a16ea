import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../platform/db/index.ts';
import { ChallengeInvalid, CodeRefused, SessionEnded, SignInRefused } from './errors.ts';
import {
  act,
  actsAbout,
  challengeOf,
  createWorld,
  dump,
  elsewhere,
  firstOwner,
  freshCode,
  from,
  invited,
  PASSWORD,
  passPassword,
  race,
  refusal,
  type Member,
  type World,
} from './testing/world.ts';
import { stepOf, totpCode } from './totp.ts';

const HOUR_MS = 3_600_000;
let world: World;
let owner: Member;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
afterAll(() => world.base.close());

async function member(email: string): Promise<Member> {
  return invited(world, owner, { role: 'support', email });
}
const wrong = (email: string, who = elsewhere()) =>
  world.signIn.password({ email, password: 'not this one' }, who);
describe('the first step', () => {
  it('opens nothing but a challenge, and the second factor opens the session', async () => {
    const one = await member('first@example.com');
    const step = await world.signIn.password({ email: one.email, password: PASSWORD }, from());
    expect(Object.keys(step).toSorted()).toEqual(['challenge', 'hasPasskey', 'next']);
    expect(step.next).toBe('second_factor');
    const code = await freshCode(world, one.secret);
    const challenge = challengeOf(step);
    const { view, access } = await world.signIn.secondFactor({ challenge, code }, from());
    expect(view).toMatchObject({ personId: one.personId, staff: { role: 'support' } });
    expect(world.verifier.verify(access.token).amr).toEqual(['pwd', 'otp']);
  });

  it('does equal work and answers alike for unknown, wrong and disabled (A5)', async () => {
    const one = await member('disabled@example.com');
    await world.identity.staff.disable(act(owner), one.personId);
    const answers: object[] = [];
    for (const email of ['nobody@example.com', 'owner@example.com', one.email, 'no address']) {
      const before = world.work.hashes;
      answers.push(await refusal(wrong(email)));
      expect(world.work.hashes - before).toBe(1);
    }
    expect(answers[0]).toMatchObject({ name: SignInRefused.name });
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    // A disabled member does not learn that the password was right.
    const right = world.signIn.password({ email: one.email, password: PASSWORD }, elsewhere());
    expect(await refusal(right)).toEqual(answers[0]);
  });

  it('brings an old hash to the parameters of today (A3)', async () => {
    const one = await member('rehash@example.com');
    const phc = async () => {
      const { rows } = await sql<{ phc: string }>`
        select phc from password_credential where person_id = ${one.personId}`.execute(
        world.db.read,
      );
      return rows[0]?.phc;
    };
    const today = world.signInWith({ memoryKib: 128, passes: 1, lanes: 1 });
    await today.password({ email: one.email, password: PASSWORD }, elsewhere());
    expect(await phc()).toContain('m=128,');
    await passPassword(world, one.email);
  });

  it('takes every spelling of the address (A10)', async () => {
    const step = await world.signIn.password(
      { email: ' OWNER@Example.COM ', password: PASSWORD },
      elsewhere(),
    );
    expect(step.next).toBe('second_factor');
  });
});

describe('the second factor', () => {
  it('counts once, of fifty who use one code at the same time (C1)', async () => {
    const one = await member('race@example.com');
    const challenges = await Promise.all(
      Array.from({ length: 15 }, () => passPassword(world, one.email, elsewhere())),
    );
    const code = await freshCode(world, one.secret);
    const { done } = await race(50, (at) =>
      world.signIn.secondFactor({ challenge: challenges[at % 15] ?? '', code }, from()),
    );
    expect(done).toHaveLength(1);
  });

  it('of the same step, or of an earlier one than the last, is refused (C1)', async () => {
    const one = await member('replay@example.com');
    const enter = async (code: string) =>
      world.signIn.secondFactor(
        { challenge: await passPassword(world, one.email, elsewhere()), code },
        from(),
      );
    const code = await freshCode(world, one.secret);
    await enter(code);
    await expect(enter(code)).rejects.toThrow(CodeRefused);
    const previous = totpCode(one.secret, stepOf(world.clock.now()) - 1);
    await expect(enter(previous)).rejects.toThrow(CodeRefused);
  });

  it('may be tried five times for one challenge, which lives five minutes (C2)', async () => {
    const one = await member('tries@example.com');
    const challenge = await passPassword(world, one.email, elsewhere());
    const answer = (code: string) => world.signIn.secondFactor({ challenge, code }, from());
    const { refused } = await race(20, () => answer('000000'));
    expect(refused.filter((name) => name === CodeRefused.name)).toHaveLength(5);
    await expect(answer(await freshCode(world, one.secret))).rejects.toThrow(ChallengeInvalid);
    const late = await passPassword(world, one.email, elsewhere());
    await world.clock.advance(5 * 60_000);
    const code = totpCode(one.secret, stepOf(world.clock.now()));
    await expect(world.signIn.secondFactor({ challenge: late, code }, from())).rejects.toThrow(
      ChallengeInvalid,
    );
  });

  it('may be guessed 480 times a day at most, however often the password is right (C2)', async () => {
    const one = await member('day@example.com');
    const device = one.signedIn.device;
    let guesses = 0;
    for (let minute = 0; minute < 24 * 60; minute += 10) {
      for (let again = 0; again < 2; again += 1) {
        const challenge = await passPassword(world, one.email, from({ device }));
        const { refused } = await race(6, () =>
          world.signIn.secondFactor({ challenge, code: '000000' }, from()),
        );
        guesses += refused.filter((name) => name === CodeRefused.name).length;
      }
      await world.clock.advance(10 * 60_000);
    }
    expect(guesses).toBeGreaterThan(400);
    expect(guesses).toBeLessThanOrEqual(480);
  });

  it('belongs to its challenge: another account, purpose or an invented one is refused', async () => {
    const one = await member('bound@example.com');
    const other = await member('bound-too@example.com');
    const challenge = await passPassword(world, one.email, elsewhere());
    const code = await freshCode(world, other.secret);
    await expect(world.signIn.secondFactor({ challenge, code }, from())).rejects.toThrow(
      CodeRefused,
    );
    const own = await freshCode(world, one.secret);
    const calls = [
      world.signIn.enrol({ challenge, code: own }, from()),
      world.signIn.enterCode({ challenge, code: own }, from()),
      world.signIn.secondFactor({ challenge: 'x'.repeat(43), code: own }, from()),
    ];
    const { refused } = await race(calls.length, async (at) => calls[at]);
    expect(new Set(refused)).toEqual(new Set([ChallengeInvalid.name]));
    expect(refused).toHaveLength(calls.length);
  });
});

describe('a recovery code', () => {
  it('lets in once, of fifty who use it at the same time, however it is typed (C4)', async () => {
    const one = await member('recovery@example.com');
    expect(one.recoveryCodes).toHaveLength(10);
    expect(new Set(one.recoveryCodes).size).toBe(10);
    const [code = '', next = ''] = one.recoveryCodes;
    // 28 letters of five bits.
    expect(code).toMatch(/^([0-9a-z]{4}-){6}[0-9a-z]{4}$/);
    const challenges = await Promise.all(
      Array.from({ length: 10 }, () => passPassword(world, one.email, elsewhere())),
    );
    const { done } = await race(50, (at) =>
      world.signIn.secondFactor({ challenge: challenges[at % 10] ?? '', code }, from()),
    );
    expect(done).toHaveLength(1);
    await world.clock.advance(HOUR_MS);
    const typed = ` ${next.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O')} `;
    const challenge = await passPassword(world, one.email, elsewhere());
    await world.signIn.secondFactor({ challenge, code: typed }, from());
    expect(await actsAbout(world, one.personId)).toContain('session.recovery_code_used done');
    expect(world.notices.filter(({ personId }) => personId === one.personId)).toContainEqual(
      expect.objectContaining({ kind: 'recovery_code_used', email: one.email }),
    );
  });

  it('of somebody else opens nothing', async () => {
    const [one, other] = [await member('codes-a@example.com'), await member('codes-b@example.com')];
    const challenge = await passPassword(world, one.email, elsewhere());
    const [code = ''] = other.recoveryCodes;
    await expect(world.signIn.secondFactor({ challenge, code }, from())).rejects.toThrow(
      CodeRefused,
    );
  });
});

describe('a session of staff', () => {
  it('ends half an hour after the last call, and twelve hours after the sign-in (B3)', async () => {
    const one = await member('idle@example.com');
    const id = one.signedIn.view.sessionId;
    await world.clock.advance(HOUR_MS / 2 - 1_000);
    await world.sessions.staff(id, '192.0.2.1');
    for (let half = 0; half < 23; half += 1) {
      await world.clock.advance(HOUR_MS / 2 - 1_000);
      await world.sessions.staff(id, '192.0.2.1');
    }
    await world.clock.advance(24_000 - 1_000);
    await world.sessions.staff(id, '192.0.2.1');
    await world.clock.advance(1_000);
    await expect(world.sessions.staff(id, '192.0.2.1')).rejects.toThrow(SessionEnded);
  });

  it('that was idle gives no new tokens either, and a refresh is no call (B3)', async () => {
    const one = await member('idle-too@example.com');
    const { refreshToken, view } = one.signedIn;
    await world.clock.advance(20 * 60_000);
    const next = await world.sessions.refresh(refreshToken);
    expect(next.refreshExpiresAt.getTime()).toBeLessThanOrEqual(
      world.clock.now().getTime() + 12 * HOUR_MS,
    );
    await world.clock.advance(10 * 60_000);
    await expect(world.sessions.staff(view.sessionId, '192.0.2.1')).rejects.toThrow(SessionEnded);
    await expect(world.sessions.refresh(next.refreshToken)).rejects.toThrow(SessionEnded);
    await expect(world.sessions.view(view.sessionId)).rejects.toThrow(SessionEnded);
  });

  it('is not opened by the link of the bot, whoever the person is', async () => {
    const link = await world.sessions.createLink(owner.personId);
    const { view } = await world.signIn.enter(link, from());
    expect(view).toMatchObject({ personId: owner.personId, staff: undefined });
    await expect(world.sessions.staff(view.sessionId, '192.0.2.1')).rejects.toThrow(SessionEnded);
    const code = await freshCode(world, owner.secret);
    await expect(world.signIn.stepUp({ sessionId: view.sessionId, code }, from())).rejects.toThrow(
      SessionEnded,
    );
  });

  it('is stepped up by a fresh code, which counts once', async () => {
    const one = await member('stepup@example.com');
    const { sessionId } = one.signedIn.view;
    await world.clock.advance(10 * 60_000);
    const code = await freshCode(world, one.secret);
    const { done } = await race(50, () => world.signIn.stepUp({ sessionId, code }, from()));
    expect(done).toHaveLength(1);
    expect(done[0]?.staff?.secondFactorAt).toEqual(world.clock.now());
    await expect(world.signIn.stepUp({ sessionId, code }, from())).rejects.toThrow(
      /wrong|too many/,
    );
  });
});

describe('what stays of a sign-in', () => {
  it('is an entry for every step and every refusal of staff (H1)', async () => {
    const one = await member('audited@example.com');
    await refusal(wrong(one.email));
    const challenge = await passPassword(world, one.email, elsewhere());
    await refusal(world.signIn.secondFactor({ challenge, code: '000000' }, from()));
    const code = await freshCode(world, one.secret);
    await world.signIn.secondFactor({ challenge, code }, from());
    expect(await actsAbout(world, one.personId)).toEqual([
      'staff.invitation_accepted done',
      'session.enrolled done',
      'session.password_refused refused',
      'session.password_accepted done',
      'session.second_factor_refused refused',
      'session.signed_in done',
    ]);
  });

  it('is a word to the person about a new device, and none about a known one (A7)', async () => {
    const one = await member('device@example.com');
    const told = () =>
      world.notices.filter(
        ({ kind, personId }) => kind === 'new_device' && personId === one.personId,
      ).length;
    expect(told()).toBe(1);
    const enter = async (who = from()) => {
      const challenge = await passPassword(world, one.email, who);
      return world.signIn.secondFactor(
        { challenge, code: await freshCode(world, one.secret) },
        who,
      );
    };
    await enter(from({ device: one.signedIn.device }));
    expect(told()).toBe(1);
    await enter(from({ device: owner.signedIn.device }));
    expect(told()).toBe(2);
  });

  it('is no secret in any table', async () => {
    const one = await member('dumped@example.com');
    const challenge = await passPassword(world, one.email, elsewhere());
    const { token = '' } = await world.identity.staff.invite(act(owner), {
      email: 'pending@example.com',
      role: 'admin',
    });
    const text = await dump(world);
    for (const secret of [
      PASSWORD,
      challenge,
      token,
      one.signedIn.refreshToken.split('.')[1] ?? '',
      one.secret.toString('base64url'),
      one.secret.toString('hex'),
      ...one.recoveryCodes,
    ]) {
      expect(secret.length).toBeGreaterThan(8);
      expect(text).not.toContain(secret);
    }
  });

  it('goes a month after it ended', async () => {
    await refusal(wrong('swept@example.com'));
    await world.clock.advance(31 * 24 * HOUR_MS);
    expect(await world.signIn.sweep()).toBeGreaterThan(0);
    expect(await world.signIn.sweep()).toBe(0);
  });
});
