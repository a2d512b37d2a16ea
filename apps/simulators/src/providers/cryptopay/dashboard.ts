import { parseJson } from '../../http.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { isFields } from '../fields.ts';
import { markup } from '../page.ts';
import type { CryptoApp } from './app.ts';

/** What Crypto Pay adds to the common merchant's page: the coin a bill was paid in. */
export const dashboardOf = (app: CryptoApp, appId: string): Dashboard => ({
  title: 'Crypto Pay',
  account: `app_id ${appId}`,
  statuses: {
    active: { ru: 'ждёт оплаты', en: 'active' },
    paid: { ru: 'оплачен', en: 'paid' },
    expired: { ru: 'истёк', en: 'expired' },
    deleted: { ru: 'удалён', en: 'deleted' },
  },
  notes({ id }) {
    const { paid } = app.invoice(id);
    if (paid === undefined) return undefined;
    return markup`<div class="muted small">${paid.amount} ${paid.asset}, fee ${paid.fee}</div>`;
  },
  notice({ body }) {
    const sent = parseJson(Buffer.from(body));
    const { update_type: event, payload } = isFields(sent) ? sent : {};
    const id = isFields(payload) ? payload['invoice_id'] : undefined;
    return {
      event: typeof event === 'string' ? event : '',
      object: typeof id === 'number' ? String(id) : '',
    };
  },
  fields: [
    {
      name: 'feeBps',
      kind: 'number',
      label: { ru: 'Комиссия, сотые доли процента', en: 'Fee, hundredths of a percent' },
    },
  ],
});
