import { parseJson } from '../../http.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { isFields } from '../fields.ts';
import { REFUNDS, SAVED_CHARGES } from './settings.ts';

/** What PayPal adds to the common merchant's page. */
export const DASHBOARD: Dashboard = {
  title: 'PayPal',
  account: 'merchant@business.example.com',
  statuses: {
    CREATED: { ru: 'создан', en: 'created' },
    PAYER_ACTION_REQUIRED: { ru: 'ждёт покупателя', en: 'waits for the payer' },
    APPROVED: { ru: 'одобрен, ждёт списания', en: 'approved, to be captured' },
    VOIDED: { ru: 'забыт', en: 'forgotten' },
    PENDING: { ru: 'на проверке', en: 'under review' },
    COMPLETED: { ru: 'оплачен', en: 'completed' },
    DECLINED: { ru: 'отказ', en: 'declined' },
    PARTIALLY_REFUNDED: { ru: 'возвращён частично', en: 'partly refunded' },
    REFUNDED: { ru: 'возвращён', en: 'refunded' },
  },
  notice({ body }) {
    const event = parseJson(Buffer.from(body));
    if (!isFields(event)) return { event: '', object: '' };
    const resource = isFields(event['resource']) ? event['resource'] : {};
    const id = resource['id'] ?? resource['dispute_id'];
    return { event: textOf(event['event_type']), object: textOf(id) };
  },
  fields: [
    {
      name: 'savedCharge',
      kind: SAVED_CHARGES,
      label: { ru: 'Списание с сохранённого кошелька', en: 'Charge of a saved wallet' },
    },
    { name: 'refund', kind: REFUNDS, label: { ru: 'Возврат', en: 'Refund' } },
    {
      name: 'reviewMs',
      kind: 'number',
      label: { ru: 'Проверка идёт, мс', en: 'A review takes, ms' },
    },
  ],
};

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
