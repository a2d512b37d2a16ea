import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { settingsInForce } from './describe.ts';
import { ConfigurationInvalid, loadConfig, readEnvironment } from './load.ts';

const home = mkdtempSync(join(tmpdir(), 'opora-load-'));
afterAll(() => rmSync(home, { recursive: true }));
writeFileSync(join(home, 'local.env'), "JWT_KEYS='generated'\n");
writeFileSync(join(home, 'keys'), 'chosen\n');

it('the first source wins, also when it names a file and the other one the value', () => {
  const environment = { OPORA_HOME: home, JWT_KEYS_FILE: join(home, 'keys') };
  expect(loadConfig({ OPORA_HOME: home }).jwtKeys?.reveal()).toBe('generated');
  expect(loadConfig(environment).jwtKeys?.reveal()).toBe('chosen');
  expect(settingsInForce(readEnvironment(environment))).toMatch(/^JWT_KEYS +from .*keys$/m);
});

it('receipts of the law need a mailbox for the customers who have none', () => {
  const receipts = { OPORA_HOME: home, YOOKASSA_RECEIPTS: 'on' };
  expect(() => loadConfig(receipts)).toThrow(/YOOKASSA_RECEIPT_EMAIL +customers without a mailbox/);
  const whole = loadConfig({ ...receipts, YOOKASSA_RECEIPT_EMAIL: 'receipts@example.com' });
  expect(whole.yookassa.receipts).toMatchObject({ enabled: true, email: 'receipts@example.com' });
});

it('what is no network and no token is a fault of the settings, all named at once', () => {
  const wrong = {
    ...{ OPORA_TRUSTED_PROXIES: '10.0.0.0/8,proxy', YOOKASSA_WEBHOOK_NETWORKS: '10.0.0.0/33' },
    ...{ TELEGRAM_BOT_TOKEN: 'canary' },
  };
  let thrown: unknown;
  try {
    loadConfig({ OPORA_HOME: home, ...wrong });
  } catch (error) {
    thrown = error;
  }
  if (!(thrown instanceof ConfigurationInvalid)) throw new Error('the settings were taken');
  expect(thrown.faults.map(({ key }) => key).toSorted()).toEqual(Object.keys(wrong).toSorted());
  expect(thrown.message).not.toContain('canary');
});

it('production is open to its customers, and older names are refused with what replaced them', () => {
  const faults = (more: Record<string, string>): string[] => {
    try {
      loadConfig({ OPORA_HOME: home, OPORA_SIMULATORS: 'off', ...more });
    } catch (error) {
      if (error instanceof ConfigurationInvalid) return error.faults.map(({ key }) => key);
      throw error;
    }
    return [];
  };
  const closed = { OPORA_SITE_PASSWORD: 'twelve signs at least' };
  expect(faults({ ...closed, OPORA_ENV: 'production' })).toEqual(['OPORA_SITE_PASSWORD']);
  expect(faults({ ...closed, OPORA_ENV: 'staging' })).toEqual([]);
  expect(faults({ OPORA_SITE_PASSWORD: 'short' })).toEqual(['OPORA_SITE_PASSWORD']);
  for (const old of ['JWT_SECRET', 'NEXT_PUBLIC_API_URL']) {
    expect(faults({ [old]: 'x' })).toEqual([old]);
  }
});

it('networks may be addresses, of both versions', () => {
  const list = '192.0.2.1,192.0.2.0/24,2001:db8::/32,::1';
  const config = loadConfig({ OPORA_HOME: home, OPORA_TRUSTED_PROXIES: list });
  expect(config.trustedProxies).toEqual(list.split(','));
});
