/** `opora doctor` as an operator runs it: a program with settings that are wrong in every way. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { inheritedEnvironment, rootFolder } from '../src/config/load.ts';
import { cloneDatabase } from './database.ts';
import { freePort } from './database-setup.ts';

const CANARIES = {
  TELEGRAM_BOT_TOKEN: '7000000001:canary-of-telegram-canary-of-telegram',
  TELEGRAM_WEBHOOK_SECRET: 'canary-of-webhook',
  YOOKASSA_SECRET_KEY: 'live_canary-of-yookassa',
  REMNAWAVE_TOKEN: 'canary-of-remnawave',
  REMNAWAVE_HEADERS: '{"x-key":"canary-of-headers"}',
  REMNAWAVE_COOKIE: 'canary-of-cookie',
  JWT_KEYS: '[{"canary":"of-keys"}]',
  SERVICE_KEYS: 'canary-of-the-inner-link-of-32-signs',
};

type Said = Readonly<{ code: number; out: string; err: string }>;

async function doctor(settings: Record<string, string>, ...args: string[]): Promise<Said> {
  const program = [join(rootFolder, 'apps/backend/src/main.ts'), 'doctor', ...args];
  const env = inheritedEnvironment({
    ...{ OPORA_HOME: '/nonexistent', OPORA_SIMULATORS: 'off' },
    ...settings,
  });
  return await new Promise((resolve) => {
    execFile(process.execPath, program, { env }, (error, out, err) => {
      const code = error === null ? 0 : Number(error.code);
      resolve({ code, out, err });
    });
  });
}

it('says everything that is wrong, one finding each, no secret, no stack; exit 1', async () => {
  const base = await cloneDatabase(2);
  const nobody = `http://127.0.0.1:${String(await freePort())}`;
  const settings = {
    ...CANARIES,
    DATABASE_URL: base.url,
    DATABASE_OWNER_URL: base.ownerUrl.replace('@', ':canary-of-the-owner@'),
    TELEGRAM_API_URL: nobody,
    YOOKASSA_SHOP_ID: '100500',
    YOOKASSA_API_URL: `${nobody}/v3/`,
    REMNAWAVE_URL: nobody,
    OPORA_PUBLIC_URL: 'https://nowhere.invalid',
    OPORA_PORT_BASE: '30000',
  };
  const [forPeople, forMachines] = [await doctor(settings), await doctor(settings, '--json')];
  expect([forPeople.code, forMachines.code, forPeople.err, forMachines.err]).toEqual([
    1,
    1,
    '',
    '',
  ]);
  const report = JSON.parse(forMachines.out);
  const states = Object.fromEntries(
    report.checks.map(({ name, state }: Record<string, string>) => [name, state]),
  );
  expect(report.verdict).toBe('wrong');
  expect(states).toMatchObject({
    ...{ configuration: 'good', database: 'good', migrations: 'good', 'database roles': 'good' },
    ...{ bot: 'wrong', updates: 'skipped', 'payments yookassa': 'wrong', panel: 'wrong' },
    ...{ 'public address': 'wrong', 'web address': 'skipped' },
  });
  for (const { name, state, mend, page } of report.checks) {
    if (state !== 'wrong' && state !== 'warning') continue;
    expect([name, mend]).toEqual([name, expect.stringMatching(/\w/)]);
    expect([name, page]).toEqual([name, expect.stringMatching(/^docs\//)]);
  }
  for (const { out } of [forPeople, forMachines]) {
    expect(out).not.toMatch(/canary/);
    expect(out).not.toMatch(/\n\s+at |node:internal/);
  }
  await base.close();
});

it('refuses settings that cannot be read with 78, all of them at once, as JSON too', async () => {
  const settings = { OPORA_PORT_BASE: 'many', TELEGRAM_BOT_TOKEN: 'canary-without-colon' };
  const forPeople = await doctor(settings);
  expect(forPeople.code).toBe(78);
  expect(forPeople.err).toMatch(/OPORA_PORT_BASE[^]*TELEGRAM_BOT_TOKEN/);
  const forMachines = await doctor(settings, '--json');
  expect(forMachines.code).toBe(78);
  const { verdict, faults } = JSON.parse(forMachines.out);
  expect(verdict).toBe('wrong');
  expect(faults.map(({ key }: Record<string, string>) => key)).toEqual([
    'OPORA_PORT_BASE',
    'TELEGRAM_BOT_TOKEN',
  ]);
  expect(forPeople.err + forMachines.out).not.toMatch(/canary/);
});

it('explains itself to a wrong call with 64', async () => {
  expect(await doctor({}, 'everything')).toMatchObject({ code: 64, out: '' });
});

it('allows warnings: with nothing set but a database it ends with 0', async () => {
  const base = await cloneDatabase(2);
  const urls = { DATABASE_URL: base.url, DATABASE_OWNER_URL: base.ownerUrl };
  const { code, out } = await doctor({ ...urls, OPORA_PORT_BASE: '30000' });
  expect(out).toMatch(/WARNING +bot +TELEGRAM_BOT_TOKEN is not set/);
  expect(code).toBe(0);
  await base.close();
});
