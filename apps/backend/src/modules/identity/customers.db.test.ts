/** How customers come in: Telegram's word, a password of their own, and a way back to one. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sql } from '../../platform/db/index.ts';
import {
  ChallengeInvalid,
  CodeRefused,
  MailLinkInvalid,
  PasswordWeak,
  PersonBanned,
  SessionEnded,
  SignInRefused,
  TelegramRefused,
  TelegramStale,
  WayTaken,
} from './errors.ts';
import { initDataOf, loginOf } from './testing/telegram.ts';
import {
  act,
  actsAbout,
  createWorld,
  dump,
  elsewhere,
  firstOwner,
  freshCode,
  from,
  PASSWORD,
  race,
  refusal,
  type Member,
  type World,
} from './testing/world.ts';

const MINUTE_MS = 60_000;
const OTHER_PASSWORD = 'nine calm herons at dusk';
let world: World;
let owner: Member;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
afterAll(() => world.base.close());

const now = () => world.clock.now();
const lastMail = () => world.mail.at(-1) ?? { to: '' };
const olga = (id: number) => ({
  id: BigInt(id),
  firstName: 'Olga',
  username: undefined,
  languageCode: 'ru',
});

async function register(email: string, password = PASSWORD) {
  const challenge = await world.signIn.register({ email, password, language: 'en' }, elsewhere());
  return { challenge, code: lastMail().code ?? '' };
}
const joined = async (email: string) =>
  world.signIn.confirmRegistration(await register(email), elsewhere());
const enter = (email: string, password = PASSWORD, who = elsewhere()) =>
  world.signIn.password({ email, password }, who);

describe('the word of Telegram', () => {
  it('opens a session of the person the bot knows, by both of its forms', async () => {
    const known = await world.identity.resolveTelegram(olga(501));
    const words = [
      { initData: initDataOf({ id: 501, at: now() }) },
      { fields: loginOf({ id: 501, at: now() }) },
    ];
    for (const word of words) {
      const { view, access } = await world.signIn.telegram(word, from());
      expect(view).toMatchObject({ personId: known.id, staff: undefined });
      expect(world.verifier.verify(access.token).amr).toEqual(['mca']);
    }
    expect(await actsAbout(world, known.id)).toEqual([
      'session.signed_in done',
      'session.signed_in done',
    ]);
  });

  it('makes the person whom the bot meets later, once of twenty at the same time', async () => {
    const { done } = await race(20, (at) =>
      world.signIn.telegram(
        { initData: initDataOf({ id: 502, name: `n${String(at)}`, at: now() }) },
        from(),
      ),
    );
    expect(done).toHaveLength(20);
    const met = await world.identity.resolveTelegram(olga(502));
    expect(new Set(done.map(({ view }) => view.personId))).toEqual(new Set([met.id]));
  });

  it('opens one session, of fifty who bring it at the same time (B13)', async () => {
    const initData = initDataOf({ id: 503, at: now() });
    const { done, refused } = await race(50, () => world.signIn.telegram({ initData }, from()));
    expect(done).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set([TelegramRefused.name]));
  });

  it('opens nothing when it is of another bot, changed, or old', async () => {
    const at = now();
    const call = (initData: string) => world.signIn.telegram({ initData }, from());
    const good = initDataOf({ id: 504, at });
    await expect(call(initDataOf({ id: 504, at, token: '1:another' }))).rejects.toThrow(
      TelegramRefused,
    );
    await expect(call(good.replace('504', '505'))).rejects.toThrow(TelegramRefused);
    await world.clock.advance(11 * MINUTE_MS);
    await expect(call(good)).rejects.toThrow(TelegramStale);
  });

  it('opens nothing for who is banned, and no rights for who is staff', async () => {
    const { view } = await world.signIn.telegram(
      { initData: initDataOf({ id: 506, at: now() }) },
      from(),
    );
    await world.identity.ban(act(owner), view.personId);
    const again = world.signIn.telegram({ fields: loginOf({ id: 506, at: now() }) }, from());
    await expect(again).rejects.toThrow(PersonBanned);
    await sql`insert into person_identity (provider, subject, person_id, created_at)
      values ('telegram', '507', ${owner.personId}, now())`.execute(world.db.read);
    const signedIn = await world.signIn.telegram(
      { fields: loginOf({ id: 507, at: now() }) },
      from(),
    );
    expect(signedIn.view).toMatchObject({ personId: owner.personId, staff: undefined });
  });
});

describe('an account with a password', () => {
  it('exists when the code from the mail comes back, and not before', async () => {
    const answer = await register('new@example.com');
    await expect(enter('new@example.com')).rejects.toThrow(SignInRefused);
    const wrong = answer.code === '000000' ? '000001' : '000000';
    const guess = world.signIn.confirmRegistration({ ...answer, code: wrong }, elsewhere());
    await expect(guess).rejects.toThrow(CodeRefused);
    const { view } = await world.signIn.confirmRegistration(answer, elsewhere());
    expect(view).toMatchObject({ email: 'new@example.com', staff: undefined });
    await expect(world.signIn.confirmRegistration(answer, elsewhere())).rejects.toThrow(
      ChallengeInvalid,
    );
    const step = await enter('NEW@example.com');
    expect(step).toMatchObject({
      next: 'signed_in',
      signedIn: { view: { personId: view.personId } },
    });
    expect(await actsAbout(world, view.personId)).toEqual([
      'person.registered done',
      'session.signed_in done',
      'session.password_accepted done',
      'session.signed_in done',
    ]);
  });

  it('is not told from one that is there: same answer, same work, and the mailbox learns it (A5)', async () => {
    const { view } = await joined('taken@example.com');
    const before = world.work.hashes;
    const answer = await register('taken@example.com', OTHER_PASSWORD);
    const known = world.work.hashes - before;
    await register('free@example.com', OTHER_PASSWORD);
    expect(world.work.hashes - before).toBe(2 * known);
    expect(answer.challenge).toHaveLength(43);
    const confirm = world.signIn.confirmRegistration(answer, elsewhere());
    await expect(confirm).rejects.toThrow(WayTaken);
    // The password of the account is the one it had.
    await expect(enter('taken@example.com', OTHER_PASSWORD)).rejects.toThrow(SignInRefused);
    expect(await enter('taken@example.com')).toMatchObject({
      signedIn: { view: { personId: view.personId } },
    });
  });

  it('is made once, of two who prove one mailbox at the same time', async () => {
    const answers = [
      await register('twice@example.com'),
      await register('twice@example.com', OTHER_PASSWORD),
    ];
    const { done, refused } = await race(2, async (at) => {
      const answer = answers[at];
      if (answer === undefined) throw new Error('two only');
      return world.signIn.confirmRegistration(answer, elsewhere());
    });
    expect(done).toHaveLength(1);
    expect(refused).toEqual([WayTaken.name]);
  });

  it.each(['short phrase 1', 'xxxxxxxxxxxxxxxx', 'mailbox-ann@example.com'])(
    'takes no weak password: %s (A1, A2)',
    async (password) => {
      await expect(register('mailbox-ann@example.com', password)).rejects.toThrow(PasswordWeak);
    },
  );

  it('answers alike for unknown, wrong and banned, and a stranger cannot lock its owner out (A5, A6)', async () => {
    const { view } = await joined('braked@example.com');
    const first = await enter('braked@example.com');
    const device = first.next === 'signed_in' ? first.signedIn.device : undefined;
    const { view: gone } = await joined('banned@example.com');
    await world.identity.ban(act(owner), gone.personId);
    const answers = [];
    for (const [email, password] of [
      ['nobody@example.com', PASSWORD],
      ['braked@example.com', OTHER_PASSWORD],
      ['banned@example.com', PASSWORD],
    ] as const) {
      const before = world.work.hashes;
      answers.push(JSON.stringify(await refusal(enter(email, password))));
      expect(world.work.hashes - before).toBe(1);
    }
    expect(new Set(answers).size).toBe(1);
    for (let times = 0; times < 150; times += 1) {
      await refusal(
        enter(
          'braked@example.com',
          OTHER_PASSWORD,
          from({ address: `203.0.113.${String(times)}` }),
        ),
      );
    }
    expect(await refusal(enter('braked@example.com'))).toMatchObject({ name: 'TooManyTries' });
    const own = await enter('braked@example.com', PASSWORD, from({ device }));
    expect(own).toMatchObject({ signedIn: { view: { personId: view.personId } } });
  });

  it('is told by the bot to whom no mail can reach (A7)', async () => {
    const at = now();
    const said = { initData: initDataOf({ id: 9_900, at }) };
    const { view } = await world.signIn.telegram(said, elsewhere());
    const told = world.notices.filter(({ personId }) => personId === view.personId);
    expect(told).toMatchObject([{ kind: 'new_device', email: undefined, isStaff: false }]);
  });

  it('is told of a sign-in from a device it does not know (A7)', async () => {
    const { view } = await joined('told@example.com');
    const told = () => world.notices.filter(({ personId }) => personId === view.personId);
    expect(told()).toEqual([]);
    const step = await enter('told@example.com');
    expect(told()).toMatchObject([
      { kind: 'new_device', email: 'told@example.com', isStaff: false },
    ]);
    const device = step.next === 'signed_in' ? step.signedIn.device : undefined;
    await enter('told@example.com', PASSWORD, from({ device }));
    expect(told()).toHaveLength(1);
  });
});

describe('a forgotten password', () => {
  const askFor = async (email: string) => {
    await world.signIn.askReset({ email, language: 'en' }, elsewhere());
    return lastMail();
  };
  const reset = (token: string, password = OTHER_PASSWORD) =>
    world.signIn.reset({ token, password }, elsewhere());

  it('is replaced by the link of the mail: every session ends, nobody is signed in (A8)', async () => {
    const { view, refreshToken } = await joined('forgot@example.com');
    const { token = '', to } = await askFor('forgot@example.com');
    expect(to).toBe('forgot@example.com');
    expect(await refusal(reset(token, 'short'))).toMatchObject({ name: PasswordWeak.name });
    await reset(token);
    await expect(world.sessions.view(view.sessionId)).rejects.toThrow(SessionEnded);
    await expect(world.sessions.refresh(refreshToken)).rejects.toThrow(SessionEnded);
    await expect(enter('forgot@example.com')).rejects.toThrow(SignInRefused);
    expect(await enter('forgot@example.com', OTHER_PASSWORD)).toMatchObject({ next: 'signed_in' });
    expect(await actsAbout(world, view.personId)).toContain('person.password_reset done');
    const told = world.notices.filter(({ personId }) => personId === view.personId);
    expect(told.map(({ kind }) => kind)).toContain('password_changed');
  });

  it('has a link that works once of fifty, for fifteen minutes, and only the newest', async () => {
    await joined('link@example.com');
    const { token: first = '' } = await askFor('link@example.com');
    const { token = '' } = await askFor('link@example.com');
    await expect(reset(first)).rejects.toThrow(MailLinkInvalid);
    const { done } = await race(15, () => reset(token));
    expect(done).toHaveLength(1);
    await expect(reset(token)).rejects.toThrow(MailLinkInvalid);
    const { token: late = '' } = await askFor('link@example.com');
    await world.clock.advance(15 * MINUTE_MS);
    await expect(reset(late)).rejects.toThrow(MailLinkInvalid);
  });

  it('sends a letter to who has no account too, and to who is banned no link (A5)', async () => {
    expect(await askFor('nobody-here@example.com')).toEqual({ to: 'nobody-here@example.com' });
    const { view } = await joined('banned-too@example.com');
    await world.identity.ban(act(owner), view.personId);
    expect(await askFor('banned-too@example.com')).toEqual({ to: 'banned-too@example.com' });
  });

  it('opens no way round the second factor of staff (A8)', async () => {
    const { token = '' } = await askFor(owner.email);
    await reset(token);
    const step = await enter(owner.email, OTHER_PASSWORD);
    if (step.next !== 'second_factor')
      throw new Error(`expected a second factor, got ${step.next}`);
    const code = await freshCode(world, owner.secret);
    await world.signIn.secondFactor({ challenge: step.challenge, code }, from());
  });

  it('leaves no secret in any table', async () => {
    const answer = await register('dumped-too@example.com');
    const { token = '' } = await askFor('link@example.com');
    const text = await dump(world);
    for (const secret of [answer.challenge, token, PASSWORD, OTHER_PASSWORD]) {
      expect(secret.length).toBeGreaterThan(8);
      expect(text).not.toContain(secret);
    }
  });
});
