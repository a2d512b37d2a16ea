import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../../platform/db/index.ts';
import { LoginLinkInvalid, SessionEnded, type Identity, type Sessions } from './index.ts';
import { createWorld, from, race, sealing, type World } from './testing/world.ts';

let base: TestDatabase;
let world: World;
let identity: Identity;
let sessions: Sessions;

beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());
beforeEach(async () => {
  world = await createWorld(base);
  ({ identity, sessions } = world);
});

const telegramUser = (id: bigint, firstName = 'Ann') => ({
  id,
  firstName,
  username: undefined,
  languageCode: 'ru',
});

describe('a person', () => {
  it('is one, though thirty first messages come at once', async () => {
    const met = await Promise.all(
      Array.from({ length: 30 }, () => identity.resolveTelegram(telegramUser(1n))),
    );
    expect(new Set(met.map(({ id }) => id)).size).toBe(1);
    const { rows } = await sql<{ count: bigint }>`select count(*) from person`.execute(
      base.db.read,
    );
    expect(rows).toEqual([{ count: 1n }]);
  });

  it('stays the same one under another name, with a Telegram id beyond 32 bits', async () => {
    const first = await identity.resolveTelegram(telegramUser(7_000_000_000n));
    const again = await identity.resolveTelegram(telegramUser(7_000_000_000n, 'Bob'));
    expect(again).toMatchObject({ id: first.id, name: 'Bob' });
    expect(await identity.contact(first.id)).toMatchObject({ telegramId: 7_000_000_000n });
    expect(await identity.setBlocked(7_000_000_000n, true)).toBe(first.id);
    expect(await identity.contact(first.id)).toMatchObject({ isBlocked: true });
  });
});

async function linkOf(telegramId = 77n): Promise<string> {
  const { id } = await identity.resolveTelegram(telegramUser(telegramId));
  return sessions.createLink(id);
}

async function signIn(): Promise<string> {
  return (await world.signIn.enter(await linkOf(), from())).refreshToken;
}

describe('a login link', () => {
  it('lets in once, of any number who use it at the same time', async () => {
    const link = await linkOf();
    const { done } = await race(50, () => world.signIn.enter(link, from()));
    expect(done).toHaveLength(1);
    await expect(world.signIn.enter(link, from())).rejects.toThrow(LoginLinkInvalid);
  });

  it('is over after ten minutes, and an invented one was never there', async () => {
    const link = await linkOf();
    await world.clock.advance(10 * 60_000);
    await expect(world.signIn.enter(link, from())).rejects.toThrow(LoginLinkInvalid);
    await expect(world.signIn.enter('invented', from())).rejects.toThrow(LoginLinkInvalid);
  });
});

describe('a refresh token', () => {
  it('used fifty times at once gives one and the same successor', async () => {
    const token = await signIn();
    const all = await Promise.all(Array.from({ length: 50 }, () => sessions.refresh(token)));
    expect(new Set(all.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    const next = all[0]?.refreshToken ?? '';
    expect(next).not.toBe(token);
    await expect(sessions.refresh(next)).resolves.toBeDefined();
  });

  it('used again ten seconds later ends the whole session', async () => {
    const token = await signIn();
    const { refreshToken: next } = await sessions.refresh(token);
    await world.clock.advance(10_000);
    expect((await sessions.refresh(token)).refreshToken).toBe(next);
    await world.clock.advance(1);
    await expect(sessions.refresh(token)).rejects.toThrow(SessionEnded);
    await expect(sessions.refresh(next)).rejects.toThrow(SessionEnded);
  });

  it('older than the one before the current ends the session at once', async () => {
    const token = await signIn();
    const second = (await sessions.refresh(token)).refreshToken;
    const third = (await sessions.refresh(second)).refreshToken;
    await expect(sessions.refresh(token)).rejects.toThrow(SessionEnded);
    await expect(sessions.refresh(third)).rejects.toThrow(SessionEnded);
  });

  it('says truly how long it lasts, up to the end of the session', async () => {
    let token = await signIn();
    const end = world.clock.now().getTime() + 30 * 86_400_000;
    for (let week = 1; week <= 4; week += 1) {
      await world.clock.advance(7 * 86_400_000 - 1_000);
      const next = await sessions.refresh(token);
      token = next.refreshToken;
      expect(next.refreshExpiresAt.getTime()).toBeLessThanOrEqual(end);
    }
    await world.clock.advance(7 * 86_400_000);
    await expect(sessions.refresh(token)).rejects.toThrow(SessionEnded);
  });

  it('that somebody made up for a known session neither ends nor touches it', async () => {
    const token = await signIn();
    const [id = '', secret = '', tag = ''] = token.split('.');
    const before = await sql`select * from session where id = ${id}`.execute(base.db.read);
    for (const made of [
      `${id}.${'x'.repeat(43)}`,
      `${id}.${'x'.repeat(43)}.${tag}`,
      `${id}.${secret}`,
      `${id}.${secret}.${'A'.repeat(22)}`,
      `${id}.${'x'.repeat(43)}.${sealing.mac('csrf', `${id}.${'x'.repeat(43)}`)}`,
      id,
      '',
    ]) {
      await expect(sessions.refresh(made)).rejects.toThrow(SessionEnded);
      await sessions.leave(made);
    }
    const after = await sql`select * from session where id = ${id}`.execute(base.db.read);
    expect(after.rows).toEqual(before.rows);
    await expect(sessions.refresh(token)).resolves.toBeDefined();
  });

  it('is worth nothing after leaving, and in a copy of the table', async () => {
    const token = await signIn();
    await sessions.refresh(token);
    const { rows } = await sql`select * from session where revoked_at is null`.execute(
      base.db.read,
    );
    expect(JSON.stringify(rows)).not.toContain(token.split('.')[1]);
    const other = await signIn();
    await sessions.leave(other);
    await expect(sessions.refresh(other)).rejects.toThrow(SessionEnded);
  });
});
