/**
 * Somebody outside is away and comes back while nobody calls: whoever is not offered while it rests gets no
 * calls, and must be found back all the same (S7, R8).
 */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { composeModules, type Modules } from '../src/compose.ts';
import { loadConfig } from '../src/config/load.ts';
import {
  startScriptedServer,
  type ScriptedServer,
} from '../src/platform/http-client/scripted-server.ts';
import { sql } from '../src/platform/db/index.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

/** A breaker waits five seconds and a fifth, then three good answers come a second apart. */
const BACK = { timeout: 30_000, interval: 100 };
const DAYS = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'];
const TOKEN = '7000000001:simulated-token-of-this-test';

let base: TestDatabase;
let outside: ScriptedServer;
let parts: Modules;

beforeAll(async () => {
  base = await cloneDatabase(2);
  outside = await startScriptedServer();
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const config = loadConfig({
    OPORA_HOME: '/nonexistent',
    OPORA_SIMULATORS: 'off',
    OPORA_LOG_LEVEL: 'error',
    DATABASE_URL: base.url,
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...key }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_SECRET_KEY: 'test_secret',
    YOOKASSA_API_URL: `${outside.url}/yookassa/`,
    TELEGRAM_BOT_TOKEN: TOKEN,
    TELEGRAM_API_URL: `${outside.url}/telegram`,
  });
  parts = await composeModules(config, 'worker', 0);
});
afterAll(async () => {
  await parts.lifecycle.stop('done');
  await outside.close();
  await base.close();
});

const standing = async (name: string) => (await parts.breakers.read(parts.db.read)).get(name);
const waitingMessages = async () => {
  const { rows } = await sql<{ isDue: boolean }>`
    select run_at <= now() as "isDue" from graphile_worker.jobs
     where task_identifier = 'messaging.send'`.execute(parts.db.read);
  return rows.map(({ isDue }) => isDue);
};

/** A message that failed once and waits an hour for its next try. */
async function leaveMessage(): Promise<void> {
  await parts.db.transaction((tx) =>
    parts.jobs.add(tx, [{ task: 'messaging.send', payload: { messageId: 'msg_1' } }]),
  );
  await sql`update graphile_worker._private_jobs
    set attempts = 1, run_at = now() + interval '1 hour'`.execute(parts.db.read);
}

it('rests while it is away, and is found back without anybody s call; what waited is due', async () => {
  outside.answer('*', { status: 503, body: 'maintenance' });
  for (const day of DAYS) {
    const run = await parts.payments.reconcile({ provider: 'yookassa', day });
    expect(run?.failure).toContain('503');
    await expect(parts.telegram?.call.sendMessage({ chat_id: 1, text: 'x' })).rejects.toThrow(
      '503',
    );
  }
  expect(await parts.payments.resting()).toEqual(new Set(['yookassa']));
  const asked = outside.requests.length;
  await expect(parts.telegram?.call.sendMessage({ chat_id: 1, text: 'x' })).rejects.toThrow(
    'telegram is open',
  );
  expect(outside.requests).toHaveLength(asked);
  await vi.waitFor(async () => expect(await standing('telegram')).toBe('open'), BACK);
  await leaveMessage();

  outside.answer('*', { status: 200, body: { type: 'list', items: [], ok: true, result: {} } });
  await vi.waitFor(async () => {
    expect(await parts.payments.resting()).toEqual(new Set());
    expect([await standing('yookassa'), await standing('telegram')]).toEqual(['closed', 'closed']);
    expect(await waitingMessages()).toEqual([true]);
  }, BACK);
});
