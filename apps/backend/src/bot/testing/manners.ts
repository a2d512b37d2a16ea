import { expect } from 'vitest';
import { toPlain } from '../../platform/words/index.ts';
import { CALLBACK_BYTES_MAX } from '../actions.ts';
import { toKeyboard, type View } from '../view.ts';

const signs = (text: string): number => Array.from(text).length;

/** The limits every message keeps: text, rows, labels, data of buttons. */
export function expectManners(view: View): void {
  expect(signs(toPlain(view.html))).toBeLessThanOrEqual(700);
  expect(view.rows.length).toBeLessThanOrEqual(5);
  for (const row of toKeyboard(view.rows)) {
    expect([1, 2]).toContain(row.length);
    for (const button of row) {
      expect(signs(button.text), button.text).toBeLessThanOrEqual(row.length === 1 ? 28 : 14);
      if ('callback_data' in button) {
        expect(Buffer.byteLength(button.callback_data)).toBeLessThanOrEqual(CALLBACK_BYTES_MAX);
      }
    }
  }
}

/** What the eye reads under a message: labels, row by row. */
export function labels(view: View): string[] {
  return view.rows.map((row) => row.map(({ label }) => label).join(' · '));
}
