import { expect, it } from 'vitest';
import { providerChoices, providerName } from './providers.ts';

it('calls a payment by hand in the language of whoever reads, and vendors as they call themselves', () => {
  expect(providerName('manual', 'ru')).toBe('По документу');
  expect(providerName('manual', 'en')).toBe('By hand');
  expect(providerName('tkassa', 'ru')).toBe('T-Kassa');
  for (const language of ['ru', 'en'] as const) {
    for (const [id, name] of providerChoices(language)) {
      expect(name).toBe(providerName(id, language));
    }
  }
});
