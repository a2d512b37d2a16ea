import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  EXAMPLE_FILE,
  exampleFile,
  REFERENCE_FILE,
  referencePage,
  settingsInForce,
  settingsTable,
} from './describe.ts';
import { rootFolder } from './load.ts';

const stored = (file: string): string => readFileSync(join(rootFolder, file), 'utf8');

describe('what is written about the configuration', () => {
  it('is fresh: the example file is what the schema makes', () => {
    expect(stored(EXAMPLE_FILE)).toBe(exampleFile());
  });

  it('is fresh: the reference page is what the schema makes', () => {
    expect(stored(REFERENCE_FILE)).toBe(referencePage());
  });

  it('sets nothing when the example is copied as it is', () => {
    const active = exampleFile()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(active).toEqual([]);
  });

  it('never shows a secret among the settings in force', () => {
    const shown = settingsInForce({ YOOKASSA_SECRET_KEY: 'live_canary', OPORA_PRODUCT: '2getpro' });
    expect(shown).not.toContain('live_canary');
    expect(shown).toMatch(/YOOKASSA_SECRET_KEY\s+set/);
    expect(shown).toMatch(/OPORA_PRODUCT\s+2getpro/);
    const table = JSON.stringify(settingsTable({ JWT_KEYS: 'canary', JWT_KEYS_FILE: '/keys' }));
    expect(table).not.toContain('canary');
  });

  it('knows a secret that is kept in a file as set', () => {
    const table = settingsTable({ YOOKASSA_SECRET_KEY_FILE: '/run/secrets/yookassa' });
    const secret = table.find(({ key }) => key === 'YOOKASSA_SECRET_KEY');
    expect(secret).toMatchObject({ isSecret: true, isSet: true, value: null });
  });
});
