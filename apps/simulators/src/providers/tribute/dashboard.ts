import type { Language } from '@opora/kernel';
import { parseJson, redirect, type Router } from '../../http.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { isFields } from '../fields.ts';
import { chooseLanguage, deskTime, markup, type Markup } from '../page.ts';
import { ActRefused } from '../till.ts';
import { RENEWALS } from './settings.ts';
import type { Shop } from './shop.ts';

const WORDS = {
  ru: {
    renew: 'Списать за следующий период',
    fail: 'Списание не прошло',
    stop: 'Покупатель отменяет подписку',
    next: 'следующее списание',
    ended: 'подписка отменена, оплачена до',
  },
  en: {
    renew: 'Charge the next period',
    fail: 'The charge fails',
    stop: 'The buyer cancels the subscription',
    next: 'next charge',
    ended: 'subscription cancelled, paid until',
  },
} as const;

/** What Tribute adds to the common merchant's page: subscriptions it charges by itself. */
export const dashboardOf = (shop: Shop): Dashboard => ({
  title: 'Tribute',
  account: 'shop 1',
  statuses: {
    pending: { ru: 'ждёт оплаты', en: 'pending' },
    paid: { ru: 'оплачен', en: 'paid' },
    failed: { ru: 'не оплачен', en: 'failed' },
  },
  notes: ({ id }, language) => subscriptionOf(shop, id, language),
  notice({ body }) {
    const sent = parseJson(Buffer.from(body));
    const { name, payload } = isFields(sent) ? sent : {};
    const id = isFields(payload) ? payload['uuid'] : undefined;
    return {
      event: typeof name === 'string' ? name : '',
      object: typeof id === 'string' ? id : '',
    };
  },
  fields: [
    {
      name: 'feeBps',
      kind: 'number',
      label: { ru: 'Комиссия, сотые доли процента', en: 'Fee, hundredths of a percent' },
    },
    {
      name: 'renewal',
      kind: RENEWALS,
      label: { ru: 'Списания подписок', en: 'Charges of subscriptions' },
    },
  ],
});

/** Buttons of a running subscription: what the vendor, the bank and the buyer do with it. */
export function registerSubscriptionButtons(router: Router, shop: Shop): void {
  const acts: Readonly<Record<string, (id: string) => unknown>> = {
    renew: (id) => shop.renew(id, 'success'),
    fail: (id) => shop.renew(id, 'failed'),
    stop: (id) => shop.cancel(id, 'user'),
  };
  router.on('POST', '/tribute/dashboard/subscriptions/:id/:act', (request) => {
    const query = new URLSearchParams({ lang: chooseLanguage(request) });
    try {
      acts[request.params['act'] ?? '']?.(request.params['id'] ?? '');
    } catch (error) {
      if (!(error instanceof ActRefused)) throw error;
      query.set('fault', error.message);
    }
    return redirect(`/tribute/?${query.toString()}`);
  });
}

function subscriptionOf(shop: Shop, id: string, language: Language): Markup | undefined {
  const { membership } = shop.order(id);
  if (membership === undefined) return undefined;
  const words = WORDS[language];
  const until = deskTime(membership.nextChargeAt, language);
  if (membership.status === 'cancelled') {
    return markup`<div class="muted small">${words.ended} ${until}</div>`;
  }
  const button = (act: 'renew' | 'fail' | 'stop'): Markup =>
    markup`<form method="post" action="/tribute/dashboard/subscriptions/${id}/${act}">
<input type="hidden" name="lang" value="${language}">
<button class="button" data-testid="${act}-${id}">${words[act]}</button></form>`;
  return markup`<div class="muted small">${words.next} ${until}</div>
<div class="acts">${(['renew', 'fail', 'stop'] as const).map(button)}</div>`;
}
