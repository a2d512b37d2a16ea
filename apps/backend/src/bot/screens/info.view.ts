/** Screens that only say something: language, support, terms, refusals. */
import type { Speech } from '../speech.ts';
import { menuRow, type Button, type View } from '../view.ts';

export function languageView(speech: Speech): View {
  return {
    html: speech.html('language'),
    rows: [
      [
        { label: speech.label('russian'), action: { type: 'speak', id: 'ru' } },
        { label: speech.label('english'), action: { type: 'speak', id: 'en' } },
      ],
      menuRow(speech),
    ],
  };
}

export function supportView(speech: Speech, supportUrl: string): View {
  return {
    html: speech.html('support'),
    rows: [[write(speech, supportUrl)], menuRow(speech)],
  };
}

export function termsView(speech: Speech, terms: { ru: string; en: string }): View {
  return {
    html: speech.html('terms', { terms: { text: terms[speech.language] } }),
    rows: [[{ label: speech.label('support'), action: { type: 'support' } }], menuRow(speech)],
  };
}

export function bannedView(speech: Speech, supportUrl: string): View {
  return { html: speech.html('banned'), rows: [[write(speech, supportUrl)]] };
}

/** Only for a final failure of something that moved no money: the words promise that. */
export function errorView(speech: Speech, requestId: string): View {
  return {
    html: speech.html('error', { what: { words: 'what.open' }, id: { text: requestId } }),
    rows: [[{ label: speech.label('support'), action: { type: 'support' } }], menuRow(speech)],
  };
}

function write(speech: Speech, supportUrl: string): Button {
  return { label: speech.label('write'), url: supportUrl, style: 'primary' };
}
