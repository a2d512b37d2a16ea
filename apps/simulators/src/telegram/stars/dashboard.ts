import type { Dashboard } from '../../providers/dashboard-page.ts';
import { markup } from '../../providers/page.ts';
import type { StarsDesk } from './desk.ts';

/** What Stars add to the common merchant's page: charges, and subscriptions charged by Telegram. */
export const dashboardOf = (desk: StarsDesk, botId: string): Dashboard => ({
  title: 'Telegram Stars',
  account: `bot ${botId}`,
  statuses: {
    unpaid: { ru: 'не оплачен', en: 'unpaid' },
    paid: { ru: 'оплачен', en: 'paid' },
  },
  notes({ id }) {
    const charges = desk.books.charges.values().filter(({ invoiceId }) => invoiceId === id);
    return markup`${charges.map((charge) => {
      const { state } = desk.books.subscriptions.get(charge.id) ?? {};
      return markup`<div class="muted small id">${charge.id}${state && ` · ${state}`}</div>`;
    })}`;
  },
  // Updates go by Telegram's own way, shown beside the chat; only forged ones are listed here.
  notice: () => ({ event: 'forged', object: '' }),
});
