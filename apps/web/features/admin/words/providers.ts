import type { Language } from '@opora/kernel';

/** Providers are called as they call themselves, in both languages. */
const NAMES: Readonly<Record<string, string>> = {
  yookassa: 'YooKassa',
  tkassa: 'T-Kassa',
  stripe: 'Stripe',
  paypal: 'PayPal',
  cryptopay: 'CryptoPay',
  freekassa: 'FreeKassa',
  stars: 'Telegram Stars',
  tribute: 'Tribute',
};

/** What staff enters from a document: the one that needs words. */
const BY_HAND: Readonly<Record<Language, string>> = { ru: 'По документу', en: 'By hand' };

export function providerName(id: string, language: Language): string {
  return id === 'manual' ? BY_HAND[language] : (NAMES[id] ?? id);
}

/** Choices of a filter by provider: also those that are not configured now may have a past. */
export function providerChoices(language: Language): [id: string, name: string][] {
  return [...Object.entries(NAMES), ['manual', BY_HAND[language]]];
}
