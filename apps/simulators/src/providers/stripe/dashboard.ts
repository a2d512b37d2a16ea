import { parseJson } from '../../http.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { isFields } from '../fields.ts';
import { REFUNDS, SAVED_CHARGES } from './settings.ts';

/** What Stripe adds to the common merchant's page. */
export const DASHBOARD: Dashboard = {
  title: 'Stripe',
  account: 'acct_simulated',
  statuses: {
    open: { ru: 'страница открыта', en: 'page open' },
    expired: { ru: 'срок истёк', en: 'expired' },
    requires_payment_method: { ru: 'банк отказал', en: 'declined' },
    requires_action: { ru: 'ждёт 3-D Secure', en: 'waits for 3-D Secure' },
    processing: { ru: 'деньги в пути', en: 'money on its way' },
    succeeded: { ru: 'оплачен', en: 'succeeded' },
    canceled: { ru: 'отменён', en: 'canceled' },
  },
  notice({ body }) {
    const event = parseJson(Buffer.from(body));
    if (!isFields(event)) return { event: '', object: '' };
    const data = isFields(event['data']) ? event['data']['object'] : undefined;
    const id = isFields(data) ? data['id'] : undefined;
    return { event: textOf(event['type']), object: textOf(id) };
  },
  fields: [
    {
      name: 'savedCharge',
      kind: SAVED_CHARGES,
      label: { ru: 'Списание без покупателя', en: 'Charge without the buyer' },
    },
    { name: 'refund', kind: REFUNDS, label: { ru: 'Возврат', en: 'Refund' } },
    {
      name: 'delayMs',
      kind: 'number',
      label: { ru: 'Списание со счёта идёт, мс', en: 'A bank debit takes, ms' },
    },
  ],
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
