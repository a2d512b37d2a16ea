import { generateKeyPairSync } from 'node:crypto';
import { Secret } from '@opora/kernel';
import { createManualClock, type ManualClock } from '@opora/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { cloneDatabase, type TestDatabase } from '../../../test/database.ts';
import { sql } from '../../platform/db/index.ts';
import { systemIds } from '../../platform/ids/index.ts';
import { createTokenIssuer, readKeySet } from '../../platform/tokens/index.ts';
import {
  createIdentity,
  createSessions,
  LoginLinkInvalid,
  SessionEnded,
  type Identity,
  type Sessions,
} from './index.ts';

const KEY = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
const keys = readKeySet(new Secret(JSON.stringify([{ kid: 'test', ...KEY }])));
let base: TestDatabase;
let clock: ManualClock;
let identity: Identity;
let sessions: Sessions;

beforeAll(async () => {
  base = await cloneDatabase();
});
afterAll(() => base.close());
beforeEach(() => {
  clock = createManualClock();
  const common = { db: base.db, clock, ids: systemIds };
  identity = createIdentity(common);
  const issuer = createTokenIssuer({ ...common, keys, issuer: 'opora', audience: 'opora-api' });
  sessions = createSessions({ ...common, issuer });
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

async function signIn(): Promise<string> {
  const link = await sessions.createLink('per_1');
  return (await sessions.enter(link)).refreshToken;
}

describe('a login link', () => {
  it('lets in once, of any number who use it at the same time', async () => {
    const link = await sessions.createLink('per_1');
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => sessions.enter(link)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expect(sessions.enter(link)).rejects.toThrow(LoginLinkInvalid);
  });

  it('is over after ten minutes, and an invented one was never there', async () => {
    const link = await sessions.createLink('per_1');
    await clock.advance(10 * 60_000);
    await expect(sessions.enter(link)).rejects.toThrow(LoginLinkInvalid);
    await expect(sessions.enter('invented')).rejects.toThrow(LoginLinkInvalid);
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
    await clock.advance(10_000);
    expect((await sessions.refresh(token)).refreshToken).toBe(next);
    await clock.advance(1);
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
    const end = clock.now().getTime() + 30 * 86_400_000;
    for (let week = 1; week <= 4; week += 1) {
      await clock.advance(7 * 86_400_000 - 1_000);
      const next = await sessions.refresh(token);
      token = next.refreshToken;
      expect(next.refreshExpiresAt.getTime()).toBeLessThanOrEqual(end);
    }
    await clock.advance(7 * 86_400_000);
    await expect(sessions.refresh(token)).rejects.toThrow(SessionEnded);
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
