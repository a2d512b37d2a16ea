import type { Language } from '@opora/kernel';
import type { Checkout } from '../checkout-shell.ts';
import { markup } from '../page.ts';
import type { Period } from './request.ts';
import type { Shop } from './shop.ts';

const EVERY: Readonly<Record<Exclude<Period, 'onetime'>, Readonly<Record<Language, string>>>> = {
  weekly: { ru: 'каждую неделю', en: 'every week' },
  monthly: { ru: 'каждый месяц', en: 'every month' },
  quarterly: { ru: 'каждые 3 месяца', en: 'every 3 months' },
  halfyearly: { ru: 'каждые полгода', en: 'every 6 months' },
  yearly: { ru: 'каждый год', en: 'every year' },
};
const CHARGED: Readonly<Record<Language, string>> = {
  ru: 'Tribute списывает эту сумму',
  en: 'Tribute charges this amount',
};

/** The buyer's page of Tribute: a card or a wallet; a subscription says how often it is charged. */
export const checkoutOf = (shop: Shop): Checkout => ({
  vendor: 'tribute',
  title: 'Tribute',
  shop: '1',
  methods: [
    { id: 'card', label: { ru: 'Банковской картой', en: 'With a bank card' } },
    { id: 'wallet', label: { ru: 'Через Wallet (TON)', en: 'With Wallet (TON)' } },
  ],
  details({ id }, language) {
    const { period } = shop.order(id);
    if (period === 'onetime') return undefined;
    return markup`<p class="muted small">${CHARGED[language]} ${EVERY[period][language]}.</p>`;
  },
});
