import { describe, expect, it } from 'vitest';
import { BUTTONS_MAX, parseMarkup } from './keyboard.ts';

const button = (more: object): unknown => ({ inline_keyboard: [[{ text: 'Да', ...more }]] });

describe('buttons under a message', () => {
  it('take callback data by bytes, not by signs', () => {
    const cyrillic = 'ы'.repeat(32);
    expect(parseMarkup(button({ callback_data: cyrillic })).inline).toEqual([
      [{ text: 'Да', callback_data: cyrillic }],
    ]);
    for (const data of [`${cyrillic}x`, '', 5]) {
      expect(() => parseMarkup(button({ callback_data: data }))).toThrow('BUTTON_DATA_INVALID');
    }
  });

  it('keep links, styles and texts to copy, and refuse what has no deed', () => {
    expect(
      parseMarkup(button({ url: 'http://127.0.0.1:5050/pay', style: 'primary' })).inline,
    ).toEqual([[{ text: 'Да', style: 'primary', url: 'http://127.0.0.1:5050/pay' }]]);
    expect(() => parseMarkup(button({ url: 'javascript:alert(1)' }))).toThrow('Wrong HTTP URL');
    expect(() => parseMarkup(button({}))).toThrow('text buttons are unallowed');
    expect(() => parseMarkup(button({ url: 'a.example', style: 'pink' }))).toThrow('STYLE_INVALID');
  });

  it('are at most a hundred', () => {
    const many = Array.from({ length: BUTTONS_MAX + 1 }, () => [{ text: 'x', callback_data: 'x' }]);
    expect(() => parseMarkup({ inline_keyboard: many })).toThrow('reply markup is too long');
    expect(parseMarkup({ inline_keyboard: many.slice(1) }).inline).toHaveLength(BUTTONS_MAX);
  });

  it('may be keys of a reply keyboard, or its removal', () => {
    expect(parseMarkup({ keyboard: [['Меню', { text: 'Помощь' }]] })).toEqual({
      keys: [['Меню', 'Помощь']],
    });
    expect(parseMarkup({ remove_keyboard: true })).toEqual({ keys: [] });
  });
});
