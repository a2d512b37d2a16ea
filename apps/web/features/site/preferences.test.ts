import { describe, expect, it } from 'vitest';
import {
  chooseLanguage,
  chooseTheme,
  chooseZone,
  safeReturnPath,
  withoutLanguage,
} from './preferences.ts';

describe('going back after a choice', () => {
  it.each(['/', '/plans', '/?a=1&b=%D1%8F', '/a//b'])('returns to %s', (path) => {
    expect(safeReturnPath(path)).toBe(path);
  });

  it.each([
    '//evil.example',
    '/\\evil.example',
    'https:evil.example',
    'https://evil.example',
    '%2f%2fevil.example',
    '/%2fevil.example',
    '/%5cevil.example',
    '/%09/evil.example',
    '@evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    '/\r\nSet-Cookie: a=b',
    '/%0d%0aSet-Cookie: a=b',
    'data:text/html,x',
    'javascript:alert(1)',
    '/%',
    '',
    null,
    ['/'],
    `/${'a'.repeat(2001)}`,
  ])('stays at home for %j', (path) => {
    expect(safeReturnPath(path)).toBe('/');
  });
});

describe('the language of a page', () => {
  const none = { query: null, cookie: undefined, acceptLanguage: null };

  it('follows the address, then the cookie, then the browser, then Russian', () => {
    expect(chooseLanguage({ query: 'en', cookie: 'ru', acceptLanguage: 'ru' })).toBe('en');
    expect(chooseLanguage({ ...none, cookie: 'en', acceptLanguage: 'ru' })).toBe('en');
    expect(chooseLanguage({ ...none, acceptLanguage: 'en-GB,ru;q=0.8' })).toBe('en');
    expect(chooseLanguage(none)).toBe('ru');
  });

  it('obeys the weights of the browser and skips what we do not speak', () => {
    expect(chooseLanguage({ ...none, acceptLanguage: 'de, ru;q=0.2, en;q=0.7' })).toBe('en');
    expect(chooseLanguage({ ...none, acceptLanguage: 'en;q=0, fr' })).toBe('ru');
  });

  it('ignores values that are not a language', () => {
    expect(chooseLanguage({ query: 'xx', cookie: '<b>', acceptLanguage: 'en' })).toBe('en');
  });
});

it('an unknown theme is the system', () => {
  expect(chooseTheme('dark')).toBe('dark');
  expect(chooseTheme('pink')).toBe('system');
  expect(chooseTheme(undefined)).toBe('system');
});

it('the switch of language leaves the rest of the address alone', () => {
  expect(withoutLanguage('/x?lang=en&a=1')).toBe('/x?a=1');
  expect(withoutLanguage('/?lang=en')).toBe('/');
});

it("a zone is the reader's when their browser has named one that exists", () => {
  expect(chooseZone('Asia%2FTokyo')).toEqual({ name: 'Asia/Tokyo', isTheirs: true });
  for (const cookie of [undefined, '', 'Mars/Base', '%', '<b>']) {
    expect(chooseZone(cookie)).toEqual({ name: 'Europe/Moscow', isTheirs: false });
  }
});
