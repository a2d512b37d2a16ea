/** The manners every book of words keeps, checked before anybody reads it. */
import type { Language } from '@opora/kernel';
import { ALLOWED_TAG, toPlain } from './markup.ts';

export type Locale = Readonly<{
  /** Templates of messages and of parts inside them; `<key>.subject` heads the mail of `<key>`. */
  messages: Readonly<Record<string, string>>;
  /** Labels under messages; plain text. */
  buttons: Readonly<Record<string, string>>;
}>;

export type Locales = Readonly<Record<Language, Locale>>;

/** The book breaks a rule: all its faults at once. A mistake in the product's data. */
export class WordsInvalid extends Error {
  override readonly name = 'WordsInvalid';
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(`wrong words:\n  ${faults.join('\n  ')}`);
    this.faults = faults;
  }
}

export const MESSAGE_MAX = 700;
export const BUTTON_MAX = 28;
/** What a list of mails shows of a subject on a phone, and a bit. */
export const SUBJECT_MAX = 60;
const SUBJECT = '.subject';
export const PLACEHOLDER = /\{([a-z][A-Za-z0-9]*)\}/g;

const STAFF_WORDS = /webhook|provider|panel|вебхук|провайдер|панел/i;

/** Everything wrong with the words, in sentences for the one who mends them; empty when sound. */
export function faultsOfLocales(locales: Locales): string[] {
  const faults: string[] = [];
  for (const part of ['messages', 'buttons'] as const) {
    const [ru, en] = [locales.ru[part], locales.en[part]];
    for (const key of new Set([...Object.keys(ru), ...Object.keys(en)])) {
      const [russian, english] = [ru[key], en[key]];
      if (russian === undefined || english === undefined) {
        faults.push(`${part}.${key}: missing in ${russian === undefined ? 'ru' : 'en'}`);
        continue;
      }
      if (placeholdersIn(russian).join() !== placeholdersIn(english).join()) {
        faults.push(`${part}.${key}: other placeholders in ru than in en`);
      }
      for (const [language, text] of Object.entries({ ru: russian, en: english })) {
        const wrong =
          part === 'buttons'
            ? faultsOfPlain(text, BUTTON_MAX)
            : key.endsWith(SUBJECT)
              ? faultsOfPlain(text, SUBJECT_MAX)
              : faultsOfMessage(text);
        faults.push(...wrong.map((fault) => `${part}.${key} (${language}): ${fault}`));
      }
    }
  }
  return faults;
}

/** Names of the placeholders, each once, sorted. */
export function placeholdersIn(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name]) => name ?? ''))].sort();
}

function faultsOfMessage(text: string): string[] {
  const faults = faultsOfText(text);
  const unknown = text.replace(ALLOWED_TAG, '');
  if (/[<>]/.test(unknown)) faults.push('a tag that is not allowed, or a bare angle bracket');
  if (/&(?!(?:lt|gt|amp|quot);)/.test(unknown)) faults.push('a bare ampersand');
  if (!isBalanced(text)) faults.push('tags are not balanced');
  if (Array.from(toPlain(text)).length > MESSAGE_MAX) faults.push('longer than a message may be');
  return faults;
}

/** Labels and subjects: one line without tags. */
function faultsOfPlain(text: string, max: number): string[] {
  const faults = faultsOfText(text);
  if (/[<>&\n]/.test(text)) faults.push('plain text of one line is wanted');
  if (Array.from(text.replace(PLACEHOLDER, '')).length > max) faults.push('too long');
  return faults;
}

function faultsOfText(text: string): string[] {
  const faults: string[] = [];
  if (text.trim() === '') faults.push('empty');
  if (/[{}]/.test(text.replace(PLACEHOLDER, ''))) faults.push('a broken placeholder');
  if (STAFF_WORDS.test(text)) faults.push('a word of the staff');
  return faults;
}

function isBalanced(text: string): boolean {
  const open: string[] = [];
  for (const [, slash, tag = ''] of text.matchAll(ALLOWED_TAG)) {
    if (slash === '') open.push(tag);
    else if (open.pop() !== tag) return false;
  }
  return open.length === 0;
}
