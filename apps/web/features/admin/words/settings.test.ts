import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { settingAbout, settingSection } from './settings.ts';

/** The reference is made of the schema, and a test holds it to that. */
const [reference = ''] = readFileSync(
  new URL('../../../../../docs/reference/configuration.md', import.meta.url),
  'utf8',
).split('## Removed keys');
const keys = [...reference.matchAll(/^\| `([A-Z0-9_]+)` /gm)].map(([, key = '']) => key);

const setting = (key: string) => ({
  ...{ section: '', key, about: 'The English sentence.' },
  ...{ isSecret: false, isSet: true, value: null },
});

it('every setting is told in Russian, in one sentence or two', () => {
  expect(keys.length).toBeGreaterThan(60);
  for (const key of keys) {
    expect([key, settingAbout(setting(key), 'ru')]).toEqual([
      key,
      expect.stringMatching(/[а-яё].*\.$/i),
    ]);
  }
});

it('a setting that is not known yet, and the English page, have the sentence of the schema', () => {
  for (const language of ['ru', 'en'] as const) {
    expect(settingAbout(setting('OPORA_OF_TOMORROW'), language)).toBe('The English sentence.');
  }
  expect(settingAbout(setting('OPORA_ENV'), 'en')).toBe('The English sentence.');
  expect(settingSection('Platform', 'ru')).toBe('Платформа');
  expect(settingSection('Stripe', 'ru')).toBe('Stripe');
});
