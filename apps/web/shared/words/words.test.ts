import { describe, expect, it } from 'vitest';
import { accountWords } from '../../features/account/words.ts';
import { moneyWords } from '../../features/cabinet/money-words.ts';
import { cabinetWords } from '../../features/cabinet/words.ts';
import { checkoutWords } from '../../features/checkout/words.ts';
import { productWords } from '../../features/product/words.ts';
import { signInWords } from '../../features/sign-in/words.ts';
import { siteWords } from '../../features/site/words.ts';
import { statusWords } from '../../features/status/words.ts';

/** Words of the staff that a customer must never read. */
const STAFF_WORDS =
  /webhook|provider|gateway|panel|вебхук|провайдер|шлюз|панел|n't work|something went/i;
const SAMPLE = '5';

/** Every text of a dictionary by its path; functions are asked with a sample value. */
function texts(value: unknown, path = ''): [path: string, text: string][] {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') {
    const spoken: unknown = Reflect.apply(value, undefined, [
      path.includes('ays') ? 5 : SAMPLE,
      SAMPLE,
    ]);
    return texts(spoken, `${path}()`);
  }
  if (typeof value !== 'object' || value === null) throw new Error(`${path} is no text`);
  return Object.entries(value).flatMap(([key, part]) => texts(part, `${path}.${key}`));
}

describe.each([
  ['product', productWords],
  ['site', siteWords],
  ['cabinet', cabinetWords],
  ['money', moneyWords],
  ['checkout', checkoutWords],
  ['sign-in', signInWords],
  ['account', accountWords],
  ['status', statusWords],
])('the words of %s', (_name, words) => {
  const ru = texts(words.ru);
  const en = texts(words.en);

  it('are the same set in both languages', () => {
    expect(ru.map(([path]) => path)).toEqual(en.map(([path]) => path));
  });

  it('are never empty, never shout and never use words of the staff', () => {
    for (const [path, text] of [...ru, ...en]) {
      expect(text.trim(), path).not.toBe('');
      expect(text, path).not.toMatch(/!|\(s\)|дн\./);
      expect(text, path).not.toMatch(STAFF_WORDS);
    }
  });

  it('are in their own language: no Cyrillic in English but the name of Russian', () => {
    const mixed = en.filter(
      ([path, text]) => /[а-яё]/i.test(text) && !path.startsWith('.languages'),
    );
    expect(mixed).toEqual([]);
  });

  it('carry the value they are given', () => {
    const spoken = [...ru, ...en].filter(([path]) => path.endsWith('()'));
    for (const [path, text] of spoken) expect(text, path).toContain(SAMPLE);
  });
});

it.each([
  [1, '1 день', '1 day', 'до 1 устройства', 'up to 1 device'],
  [2, '2 дня', '2 days', 'до 2 устройств', 'up to 2 devices'],
  [5, '5 дней', '5 days', 'до 5 устройств', 'up to 5 devices'],
  [21, '21 день', '21 days', 'до 21 устройства', 'up to 21 devices'],
])('%i takes its right form', (count, ...expected) => {
  const { ru, en } = productWords;
  const spoken = [ru.days, en.days, ru.devicesUpTo, en.devicesUpTo].map((word) => word(count));
  expect(spoken.map((text) => text.replaceAll('\u00a0', ' '))).toEqual(expected);
});
