/** What a screen is: words and buttons. Pure; how it reaches a chat is `present.ts`. */
import type { Language } from '@opora/kernel';
import type { Keyboard, KeyboardButton } from '../platform/telegram/index.ts';
import { encodeAction, type Action } from './actions.ts';
import type { Speech } from './speech.ts';

export type Style = 'primary' | 'danger';

export type Button = Readonly<{ label: string; style?: Style }> &
  Readonly<{ action: Action } | { url: string } | { copy: string }>;

export type View = Readonly<{
  /** Telegram's HTML, values escaped. */
  html: string;
  /** Five rows at most; labels up to 28 signs alone, 14 in pairs; the way to the menu is last. */
  rows: readonly (readonly Button[])[];
}>;

/** What a screen answers: the view, and what the pressed button says for a moment. */
export type Shown = Readonly<{
  view: View;
  toast?: string;
  /** The person chose this language: whatever is said next is said in it. */
  language?: Language;
}>;

export function menuRow(speech: Speech): readonly Button[] {
  return [{ label: speech.label('menu'), action: { type: 'menu' } }];
}

export function toKeyboard(rows: View['rows']): Keyboard {
  return rows.map((row) => row.map(toButton));
}

function toButton(button: Button): KeyboardButton {
  const look = {
    text: button.label,
    ...(button.style === undefined ? {} : { style: button.style }),
  };
  if ('action' in button) return { ...look, callback_data: encodeAction(button.action) };
  if ('url' in button) return { ...look, url: button.url };
  return { ...look, copy_text: { text: button.copy } };
}

/** A label within its limit: only texts of others (names of devices) are ever this long. */
export function fitted(label: string, max = 28): string {
  const signs = Array.from(label);
  return signs.length <= max ? label : `${signs.slice(0, max - 1).join('')}…`;
}
