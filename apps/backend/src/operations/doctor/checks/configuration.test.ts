import { expect, it } from 'vitest';
import { loadConfig } from '../../../config/load.ts';
import { checkConfiguration } from './configuration.ts';

const look = (environment: Record<string, string>) =>
  checkConfiguration(loadConfig({ OPORA_HOME: '/nonexistent', ...environment }), environment).run();

it('is good, and says in which world', async () => {
  expect(await look({ PATH: '/bin', YOOKASSA_SECRET_KEY_FILE: import.meta.filename })).toEqual({
    state: 'good',
    says: 'development, product 2getpro, simulated world',
  });
});

it('warns of a setting that nobody reads, by its name alone', async () => {
  const found = await look({ YOOKASSA_SECRETKEY: 'canary-value', SMTP_ADRESS: 'x' });
  const says = 'nobody reads YOOKASSA_SECRETKEY, SMTP_ADRESS';
  expect(found).toMatchObject({ state: 'warning', says });
});

it('warns of a staging that everybody may look at', async () => {
  const staging = { OPORA_ENV: 'staging', OPORA_SIMULATORS: 'off' };
  expect((await look(staging)).says).toMatch(/open to everybody/);
  const closed = await look({ ...staging, OPORA_SITE_PASSWORD: 'twelve signs at least' });
  expect(closed.state).toBe('good');
});

it('warns of production on the database nobody backs up', async () => {
  const found = await look({ OPORA_ENV: 'production', OPORA_SIMULATORS: 'off' });
  expect(found.says).toMatch(/embedded database/);
});

it('says of well-known names that nothing here uses them, by their names alone (L1)', async () => {
  const found = await look({ AWS_ACCESS_KEY_ID: 'canary-value', KUBE_CONFIG_FILE: '/canary-path' });
  expect(found).toMatchObject({
    state: 'warning',
    says: 'AWS_ACCESS_KEY_ID, KUBE_CONFIG: set, and of no use to Opora',
  });
  expect(JSON.stringify(found)).not.toContain('canary');
});
