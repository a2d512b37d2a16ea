/**
 * What the product says, in two languages: templates with `{placeholders}`, values formatted by the
 * language and ALWAYS escaped, labels of buttons. Pure; the texts are the product's data.
 * States: a book is checked when `createWords` takes it (same keys, same placeholders, allowed and
 * balanced tags, lengths, no staff words); a wrong book does not start.
 * Limits: a message 700 characters without its values, a button 28, a subject of a mail 60, a
 * value 1,024.
 */
export { faultsOfLocales, placeholdersIn, type Locale, type Locales } from './check.ts';
export { escapeHtml, toPlain } from './markup.ts';
export { formatValue, formatVolume, type WordValue } from './values.ts';
export { createWords, MissingWords, type Values, type Words } from './words.ts';
