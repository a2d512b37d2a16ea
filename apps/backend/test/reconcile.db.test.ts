/** `opora payments reconcile` as an operator runs it: a program, a vendor over HTTP, exit codes. */
import { execFile } from 'node:child_process';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { inheritedEnvironment, rootFolder } from '../src/config/load.ts';
import objects from '../src/modules/payments/providers/yookassa/fixtures/payments.json' with { type: 'json' };
import {
  startScriptedServer,
  type ScriptedServer,
} from '../src/platform/http-client/scripted-server.ts';
import { cloneDatabase, type TestDatabase } from './database.ts';

const DAY = '2026-11-20';
const PAYMENTS = 'GET /v3/payments';

// A program starts in half a second, on a machine that is busy with others in ten.
vi.setConfig({ testTimeout: 60_000 });

let base: TestDatabase;
let vendor: ScriptedServer;
beforeAll(async () => {
  [base, vendor] = [await cloneDatabase(2), await startScriptedServer()];
});
afterAll(async () => {
  await Promise.all([base.close(), vendor.close()]);
});

async function reconcile(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const program = [join(rootFolder, 'apps/backend/src/main.ts'), 'payments', 'reconcile', ...args];
  const { privateKey } = generateKeyPairSync('ed25519');
  const env = inheritedEnvironment({
    ...{ OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off', OPORA_LOG_LEVEL: 'error' },
    DATABASE_URL: base.url,
    JWT_KEYS: JSON.stringify([{ kid: 'test', ...privateKey.export({ format: 'jwk' }) }]),
    ENCRYPTION_KEYS: `test:${randomBytes(32).toString('base64')}`,
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_SECRET_KEY: 'test_canary_of_the_secret_key',
    YOOKASSA_API_URL: `${vendor.url}/v3/`,
  });
  return await new Promise((resolve) => {
    execFile(process.execPath, program, { env }, (error, out, err) => {
      resolve({ code: error === null ? 0 : Number(error.code), out, err });
    });
  });
}

it('says that the books agree, and exits with 0', async () => {
  vendor.answer(PAYMENTS, { status: 200, body: { type: 'list', items: [objects.pending] } });
  const { code, out, err } = await reconcile('--provider', 'all', '--date', DAY);
  expect(err).toBe('');
  expect(out).toBe(
    `yookassa ${DAY}: 1 objects there, 0 payments here; 0 differences, 0 repaired\n`,
  );
  expect(code).toBe(0);
});

it('prints a difference per line in plain words, or all as JSON, and exits with 1', async () => {
  vendor.answer(PAYMENTS, { status: 200, body: { type: 'list', items: [objects.succeeded] } });
  const wish = ['--provider', 'yookassa', '--date', DAY];
  const { code, out } = await reconcile(...wish);
  expect(out.split('\n')[0]).toBe(
    `yookassa ${DAY}: open     money there under an id we do not have: ` +
      `there 499.00 RUB settled, here nothing (object ${objects.succeeded.id})`,
  );
  expect(code).toBe(1);
  const again = await reconcile(...wish, '--json');
  expect(again.code).toBe(1);
  expect(JSON.parse(again.out)).toMatchObject({
    runs: [
      {
        provider: 'yookassa',
        day: DAY,
        state: 'differs',
        left: 1,
        differences: [{ kind: 'unknown_here', state: 'open', reference: objects.succeeded.id }],
      },
    ],
  });
});

it('says that a provider failed in the middle, and exits with 1', async () => {
  vendor.answer(PAYMENTS, { status: 503 });
  const { code, out } = await reconcile('--provider', 'yookassa', '--date', DAY);
  expect(out).toContain(`yookassa ${DAY}: NOT READ TO THE END: yookassa:`);
  expect(code).toBe(1);
});

it.each([
  [[]],
  [['--provider', 'yookassa']],
  [['--provider', 'yookassa', '--date', '2026-02-30']],
  [['--provider', 'yookassa', '--date', 'yesterday']],
  [['--provider', 'yookassa', '--date', '2199-01-01']],
  [['--provider', 'moon', '--date', DAY]],
  [['--provider', 'yookassa', '--date', DAY, '--fast']],
])('does not understand %j, and exits with 64', async (args) => {
  const { code, out, err } = await reconcile(...args);
  expect([code, out]).toEqual([64, '']);
  expect(err).not.toBe('');
});
