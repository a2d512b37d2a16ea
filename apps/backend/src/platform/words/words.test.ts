import { describe, expect, it } from 'vitest';
import {
  createWords,
  escapeHtml,
  faultsOfLocales,
  formatValue,
  formatVolume,
  toPlain,
  type Locales,
} from './index.ts';

const NBSP = '\u00a0';
const noWords = (): string => '';
const book = (ru: string, en = ru): Locales => ({
  ru: { messages: { a: ru }, buttons: {} },
  en: { messages: { a: en }, buttons: {} },
});

describe('values', () => {
  it('name the zone of a moment, because the reader’s own is not known', () => {
    const date = { date: '2026-12-24T11:00:00Z' };
    expect(formatValue(date, 'ru', noWords)).toBe(`24${NBSP}декабря${NBSP}2026, 14:00${NBSP}МСК`);
    expect(formatValue(date, 'en', noWords)).toBe(`24${NBSP}December${NBSP}2026, 11:00${NBSP}UTC`);
  });

  it('write midnight as 00:00', () => {
    const date = { date: '2026-12-24T21:00:00Z' };
    expect(formatValue(date, 'ru', noWords)).toContain('25\u00a0декабря\u00a02026, 00:00');
  });

  it.each([
    [0, 'меньше суток', 'less than a day'],
    [1, `1${NBSP}день`, `1${NBSP}day`],
    [3, `3${NBSP}дня`, `3${NBSP}days`],
    [5, `5${NBSP}дней`, `5${NBSP}days`],
    [11, `11${NBSP}дней`, `11${NBSP}days`],
    [21, `21${NBSP}день`, `21${NBSP}days`],
    [365, `365${NBSP}дней`, `365${NBSP}days`],
  ])('count %i days as people do', (days, ru, en) => {
    expect(formatValue({ days }, 'ru', noWords)).toBe(ru);
    expect(formatValue({ days }, 'en', noWords)).toBe(en);
  });

  it('write sums and volumes the language’s way', () => {
    const sum = { money: { minor: '178800', currency: 'RUB' } };
    expect(formatValue(sum, 'ru', noWords)).toBe(`1${NBSP}788${NBSP}₽`);
    expect(formatValue({ bytes: (100n * 1024n ** 3n).toString() }, 'ru', noWords)).toBe(
      `100${NBSP}ГБ`,
    );
    expect(formatValue({ bytes: '0' }, 'ru', noWords)).toBe('без ограничений');
    expect(formatValue({ bytes: '0' }, 'en', noWords)).toBe('unlimited');
    expect(formatVolume(0n, 'en')).toBe(`0${NBSP}MB`);
  });

  it('refuse a currency that does not exist', () => {
    const sum = { money: { minor: '1', currency: 'XXX' } };
    expect(() => formatValue(sum, 'ru', noWords)).toThrow('not a currency');
  });

  it('lose signs that break other people’s screens, and their length is bounded', () => {
    expect(formatValue({ text: 'a\u202Eb\u0000c\nd' }, 'en', noWords)).toBe('abc\nd');
    expect(formatValue({ text: 'x'.repeat(10_000) }, 'en', noWords)).toHaveLength(1024);
  });
});

describe('words', () => {
  it('escape every value, and never read a value as a template', () => {
    const words = createWords({ locales: book('<b>{name}</b>') });
    const html = words.html('ru', 'a', { name: { text: '</b><a href="tg://x">&{name}' } });
    expect(html).toBe('<b>&lt;/b&gt;&lt;a href=&quot;tg://x&quot;&gt;&amp;{name}</b>');
    expect(toPlain(html)).toBe('</b><a href="tg://x">&{name}');
  });

  it('fail on a missing key and on a missing value', () => {
    const words = createWords({ locales: book('{x}') });
    expect(() => words.html('ru', 'nothing')).toThrow('no words messages.nothing in ru');
    expect(() => words.html('ru', 'constructor')).toThrow('no words');
    expect(() => words.html('ru', 'a')).toThrow('a needs a value {x}');
    expect(() => words.label('en', 'a')).toThrow('no words buttons.a');
  });

  it('put a translated part inside a message', () => {
    const both = { messages: { a: 'It failed: {why}.', bank: 'the bank' }, buttons: {} };
    const words = createWords({ locales: { ru: both, en: both } });
    expect(words.plain('en', 'a', { why: { words: 'bank' } })).toBe('It failed: the bank.');
  });
});

describe('the check of a book', () => {
  it.each([
    [
      'a key of one language only',
      { ...book('x'), en: { messages: {}, buttons: {} } },
      'missing in en',
    ],
    ['other placeholders', book('{a}', '{b}'), 'other placeholders'],
    ['an unknown tag', book('<u>x</u>'), 'not allowed'],
    ['an unbalanced tag', book('<b>x'), 'not balanced'],
    ['crossed tags', book('<b><i>x</b></i>'), 'not balanced'],
    ['a bare ampersand', book('a & b'), 'ampersand'],
    ['a link of another kind', book('<a href="tg://x">x</a>'), 'not allowed'],
    ['a word of the staff', book('Вебхук пришёл'), 'word of the staff'],
    ['a broken placeholder', book('{ name }'), 'broken placeholder'],
    ['a text that is too long', book('x'.repeat(701)), 'longer'],
  ])('finds %s', (_what, locales, fault) => {
    expect(faultsOfLocales(locales).join()).toContain(fault);
    expect(() => createWords({ locales })).toThrow(fault);
  });

  it('counts a label in signs, not in bytes', () => {
    const label = (text: string) => ({ messages: {}, buttons: { a: text } });
    const long = label('я'.repeat(29));
    const fits = label('я'.repeat(28));
    expect(faultsOfLocales({ ru: long, en: long }).join()).toContain('too long');
    expect(faultsOfLocales({ ru: fits, en: fits })).toEqual([]);
  });

  it.each(['<b>x</b>', 'x\ny', 'x'.repeat(61)])('wants a subject plain and short: %j', (text) => {
    const subject = { messages: { 'a.subject': text }, buttons: {} };
    expect(faultsOfLocales({ ru: subject, en: subject })).not.toEqual([]);
  });

  it('escapes what HTML reads', () => {
    expect(escapeHtml(`<&">'`)).toBe(`&lt;&amp;&quot;&gt;'`);
  });
});
