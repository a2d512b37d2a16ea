import type { Language } from '@opora/kernel';

const RULES: Record<Language, Intl.PluralRules> = {
  ru: new Intl.PluralRules('ru'),
  en: new Intl.PluralRules('en'),
};

type RussianForms = Readonly<{ one: string; few: string; many: string }>;
type EnglishForms = Readonly<{ one: string; other: string }>;

/** A whole count with its word: `1 день`, `2 дня`, `5 дней`. */
export function russianCount(count: number, forms: RussianForms): string {
  const rule = RULES.ru.select(count);
  const word = rule === 'one' ? forms.one : rule === 'few' ? forms.few : forms.many;
  return `${String(count)}\u00a0${word}`;
}

/** A whole count with its word: `1 day`, `2 days`. */
export function englishCount(count: number, forms: EnglishForms): string {
  const word = RULES.en.select(count) === 'one' ? forms.one : forms.other;
  return `${String(count)}\u00a0${word}`;
}
