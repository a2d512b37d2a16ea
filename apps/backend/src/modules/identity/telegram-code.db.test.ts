/** Signing in by Telegram's OpenID Connect (B14): what a browser began, only that browser finishes, once. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { By } from './account.ts';
import {
  PersonBanned,
  StepUpRequired,
  TelegramRefused,
  TelegramStale,
  TelegramUnreachable,
  TooManyTries,
  WayTaken,
} from './errors.ts';
import { TELEGRAM_ASKED_LIFE_MS, type TelegramCode, type TelegramPlace } from './telegram-code.ts';
import { initDataOf } from './testing/telegram.ts';
import {
  act,
  actsAbout,
  createWorld,
  dump,
  elsewhere,
  firstOwner,
  own,
  race,
  registered,
  type Member,
  type World,
} from './testing/world.ts';

const MINUTE_MS = 60_000;
const OTHER_SECRET = 'another_secret_of_forty_three_signs_at_least';
let world: World;
let owner: Member;
let telegramId = 9_000;

beforeAll(async () => {
  world = await createWorld();
  owner = await firstOwner(world);
});
beforeEach(() => {
  Object.assign(world.telegram.script, { claims: {}, tokenStatus: 200 });
  world.telegram.script.away.clear();
});
afterAll(() => world.base.close());

const nextId = () => (telegramId += 1);

/** A browser begins; Telegram will say that it is this person. */
async function begin(id = nextId(), place: TelegramPlace = 'sign-in') {
  const { url, begun } = await world.signIn.askTelegram(place);
  const asked = new URL(url).searchParams;
  const nonce = asked.get('nonce') ?? '';
  Object.assign(world.telegram.script, { nonce, claims: { id } });
  const word: TelegramCode = { code: 'c1', state: asked.get('state') ?? '', begun };
  return { id, asked, word };
}
type Begun = Awaited<ReturnType<typeof begin>>;
const enter = ({ word }: Pick<Begun, 'word'>, who = elsewhere()) =>
  world.signIn.telegram(word, who);
const exchanges = () => world.telegram.asked('token');

describe('a sign-in by code', () => {
  it('opens the account of the person whom the bot knows, or makes one', async () => {
    const id = nextId();
    const user = { id: BigInt(id), firstName: 'Olga', username: undefined, languageCode: 'ru' };
    const known = await world.identity.resolveTelegram(user);
    const { view, access } = await enter(await begin(id));
    expect(view).toMatchObject({ personId: known.id, staff: undefined });
    expect(access.claims.amr).toEqual(['mca']);
    expect(await actsAbout(world, known.id)).toEqual(['session.signed_in done']);
    const made = await enter(await begin());
    const contact = await world.identity.contact(made.view.personId);
    expect(contact?.telegramId).toBe(BigInt(telegramId));
  });

  it('comes back to an exact page of the site, and keeps its verifier from browser and database', async () => {
    const { asked, word } = await begin();
    expect(asked.get('redirect_uri')).toBe('https://opora.example/sign-in/telegram');
    expect((await begin(1, 'account')).asked.get('redirect_uri')).toBe(
      'https://opora.example/cabinet/account/telegram',
    );
    await enter({ word }).catch(() => undefined);
    const sent = new URLSearchParams(String(world.telegram.calls.at(-1)?.body));
    const kept = await dump(world);
    for (const secret of [word.begun, word.state, asked.get('nonce'), sent.get('code_verifier')]) {
      expect(secret).toMatch(/^[\w-]{43}$/);
      expect(kept).not.toContain(secret);
    }
    expect(asked.toString()).not.toContain(sent.get('code_verifier'));
  });

  it('is refused to another browser, before Telegram is asked about the code', async () => {
    const [victim, thief] = [await begin(), await begin()];
    const before = exchanges();
    for (const begun of [undefined, '', OTHER_SECRET, victim.word.state, thief.word.begun]) {
      const word = { ...victim.word, begun };
      await expect(enter({ word })).rejects.toThrow(TelegramRefused);
    }
    expect(exchanges()).toBe(before);
  });

  it('is refused with the state of another sign-in, which uses up the one that was begun', async () => {
    const begun = await begin();
    const word = { ...begun.word, state: OTHER_SECRET };
    await expect(enter({ word })).rejects.toThrow(TelegramRefused);
    await expect(enter(begun)).rejects.toThrow(TelegramRefused);
  });

  it('is refused where it was not begun for', async () => {
    const account = await begin(nextId(), 'account');
    await expect(enter(account)).rejects.toThrow(TelegramRefused);
  });

  it('is refused when the answer says it is of another issuer, and taken when it says ours', async () => {
    const wrong = await begin();
    const word = { ...wrong.word, iss: 'https://elsewhere.example' };
    await expect(enter({ word })).rejects.toThrow(TelegramRefused);
    const right = await begin();
    await enter({ word: { ...right.word, iss: 'https://oauth.telegram.test' } });
  });

  it('happens once, also when fifty come at once', async () => {
    const begun = await begin();
    const before = exchanges();
    const { done, refused } = await race(50, () => enter(begun));
    expect(done).toHaveLength(1);
    expect(new Set(refused)).toEqual(new Set([TelegramRefused.name]));
    expect(exchanges()).toBe(before + 1);
  });

  it('lives ten minutes from its beginning', async () => {
    const late = await begin();
    await world.clock.advance(TELEGRAM_ASKED_LIFE_MS);
    await expect(enter(late)).rejects.toThrow(TelegramRefused);
    const early = await begin();
    await world.clock.advance(TELEGRAM_ASKED_LIFE_MS - 1);
    await enter(early);
  });

  it.each([
    ['another nonce', { nonce: OTHER_SECRET }, TelegramRefused],
    ['no nonce', { nonce: undefined }, TelegramRefused],
    ['another issuer', { iss: 'https://elsewhere.example' }, TelegramRefused],
    ['another audience', { aud: '987654321' }, TelegramRefused],
    ['an end that is over', { exp: 1 }, TelegramStale],
  ] as const)('is refused when the token has %s', async (_what, claims, refusal) => {
    const begun = await begin();
    world.telegram.script.claims = { ...claims, id: begun.id };
    await expect(enter(begun)).rejects.toThrow(refusal);
  });

  it('is refused for a code that Telegram does not take, and cannot be told while it is away', async () => {
    const used = await begin();
    world.telegram.script.tokenStatus = 400;
    await expect(enter(used)).rejects.toThrow(TelegramRefused);
    const unlucky = await begin();
    world.telegram.script.tokenStatus = 503;
    await expect(enter(unlucky)).rejects.toThrow(TelegramUnreachable);
  });

  it('goes through while Telegram tells no keys, by those it told before', async () => {
    await world.clock.advance(2 * 3_600_000);
    for (const path of ['jwks.json', 'openid-configuration']) world.telegram.script.away.add(path);
    await enter(await begin());
  });

  it('never opens rights of staff, and nothing to who is banned', async () => {
    const { view } = await enter(await begin());
    await world.identity.ban(act(owner), view.personId);
    await expect(enter(await begin(telegramId))).rejects.toThrow(PersonBanned);
  });

  it('is braked by its network: right ones cost nothing, wrong ones sixty an hour', async () => {
    const who = elsewhere();
    for (let time = 0; time < 3; time += 1) await enter(await begin(), who);
    const wrong = { word: { code: 'c1', state: OTHER_SECRET, begun: OTHER_SECRET } };
    for (let time = 0; time < 60; time += 1) {
      await expect(enter(wrong, who)).rejects.toThrow(TelegramRefused);
    }
    await expect(enter(await begin(), who)).rejects.toThrow(TooManyTries);
    await enter(await begin());
    await world.clock.advance(61 * MINUTE_MS);
    await enter(await begin(), who);
  });
});

describe('a way to sign in', () => {
  let mailboxes = 0;
  const withPassword = async (): Promise<By> =>
    own(await registered(world, `oidc${String((mailboxes += 1))}@example.com`));

  it('becomes Telegram by a code, after a proof of late, and proves from then on', async () => {
    const one = await withPassword();
    const begun = await begin(nextId(), 'account');
    await world.accounts.connectTelegram(one, begun.word);
    const again = { initData: initDataOf({ id: begun.id, at: world.clock.now() }) };
    expect((await world.signIn.telegram(again, elsewhere())).view.personId).toBe(one.personId);
    expect(await actsAbout(world, one.personId)).toContain('person.telegram_connected done');
    await world.clock.advance(6 * MINUTE_MS);
    const stranger = await begin(nextId(), 'account');
    const strange = world.accounts.prove(one, { word: stranger.word });
    await expect(strange).rejects.toThrow(TelegramRefused);
    const { word } = await begin(begun.id, 'account');
    const proved = await world.accounts.prove(one, { word });
    expect(proved.freshUntil).toBeInstanceOf(Date);
  });

  it('stays as it is without a proof of late, and for a Telegram that has an account', async () => {
    const one = await withPassword();
    const theirs = await begin();
    await enter(theirs);
    const { word } = await begin(theirs.id, 'account');
    await expect(world.accounts.connectTelegram(one, word)).rejects.toThrow(WayTaken);
    await world.clock.advance(6 * MINUTE_MS);
    const late = await begin(nextId(), 'account');
    const connecting = world.accounts.connectTelegram(one, late.word);
    await expect(connecting).rejects.toThrow(StepUpRequired);
  });
});
