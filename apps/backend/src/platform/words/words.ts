import type { Language } from '@opora/kernel';
import { faultsOfLocales, PLACEHOLDER, WordsInvalid, type Locales } from './check.ts';
import { escapeHtml, toPlain } from './markup.ts';
import { formatValue, type WordValue } from './values.ts';

/** A key or a value that a template needs is not there: a bug of the caller. */
export class MissingWords extends Error {
  override readonly name = 'MissingWords';
}

export type Values = Readonly<Record<string, WordValue>>;

export interface Words {
  /** A message in Telegram's HTML; throws `MissingWords`. */
  html(language: Language, key: string, values?: Values): string;
  /** The same as plain text: for parts of messages and answers to taps. */
  plain(language: Language, key: string, values?: Values): string;
  /** A button's label; throws `MissingWords`. */
  label(language: Language, key: string, values?: Values): string;
}

/** Takes a product's words; throws `WordsInvalid` with everything that is wrong with them. */
export function createWords(product: { readonly locales: Locales }): Words {
  const { locales } = product;
  const faults = faultsOfLocales(locales);
  if (faults.length > 0) throw new WordsInvalid(faults);

  const html = (language: Language, key: string, values: Values = {}): string =>
    fill(template(language, 'messages', key), (name) =>
      escapeHtml(shown(language, key, values, name)),
    );
  const plain = (language: Language, key: string, values: Values = {}): string =>
    fill(plainOf(template(language, 'messages', key)), (name) =>
      shown(language, key, values, name),
    );

  /** Texts are a closed set, so each is read once. */
  const plainTexts = new Map<string, string>();
  const pieces = new Map<string, readonly string[]>();

  function plainOf(html: string): string {
    let text = plainTexts.get(html);
    if (text === undefined) plainTexts.set(html, (text = toPlain(html)));
    return text;
  }

  /** Words and names of values in turn. */
  function piecesOf(text: string): readonly string[] {
    let parts = pieces.get(text);
    if (parts === undefined) pieces.set(text, (parts = text.split(PLACEHOLDER)));
    return parts;
  }

  function fill(text: string, value: (name: string) => string): string {
    return piecesOf(text).reduce(
      (said, part, at) => said + (at % 2 === 0 ? part : value(part)),
      '',
    );
  }

  function template(language: Language, part: 'messages' | 'buttons', key: string): string {
    const texts = locales[language][part];
    const text = Object.hasOwn(texts, key) ? texts[key] : undefined;
    if (text === undefined) throw new MissingWords(`no words ${part}.${key} in ${language}`);
    return text;
  }

  function shown(language: Language, key: string, values: Values, name: string): string {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new MissingWords(`${key} needs a value {${name}}`);
    return formatValue(value, language, (part) => plain(language, part));
  }

  return {
    html,
    plain,
    label: (language, key, values = {}) =>
      fill(template(language, 'buttons', key), (name) => shown(language, key, values, name)),
  };
}
