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
  manual: 'По документу / By hand',
};

export function providerName(id: string): string {
  return NAMES[id] ?? id;
}

/** Choices of a filter by provider: also those that are not configured now may have a past. */
export const providerChoices = Object.entries(NAMES);
