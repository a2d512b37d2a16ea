import type { World } from '../../world.ts';
import type { Checkout } from '../checkout-shell.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { AMOUNT_FORMS, NOTICE_FORMS } from './settings.ts';

export const checkoutOf = (world: World): Checkout => ({
  vendor: 'freekassa',
  title: 'FreeKassa',
  shop: world.config.payments.freekassa.shopId,
  methods: [
    { id: 'card', label: { ru: 'Картой', en: 'By card' } },
    { id: 'sbp', label: { ru: 'Оплатить через СБП', en: 'Pay with SBP' } },
    { id: 'usdt', label: { ru: 'Оплатить в USDT (TRC20)', en: 'Pay with USDT (TRC20)' } },
  ],
});

export const dashboardOf = (world: World): Dashboard => ({
  title: 'FreeKassa',
  account: `MERCHANT_ID ${world.config.payments.freekassa.shopId}`,
  statuses: {
    0: { ru: '0: новый', en: '0: new' },
    1: { ru: '1: оплачен', en: '1: paid' },
    6: { ru: '6: возвращён', en: '6: refunded' },
    8: { ru: '8: ошибка', en: '8: error' },
    9: { ru: '9: отменён', en: '9: cancelled' },
  },
  notice({ body, about = '' }) {
    const fields = new URLSearchParams(body);
    return { event: fields.get('AMOUNT') ?? '', object: fields.get('intid') ?? about };
  },
  fields: [
    {
      name: 'noticeForm',
      kind: NOTICE_FORMS,
      label: { ru: 'Метод уведомления', en: 'Method of the notice' },
    },
    {
      name: 'amountForm',
      kind: AMOUNT_FORMS,
      label: { ru: 'Вид AMOUNT в уведомлении', en: 'How a notice writes AMOUNT' },
    },
    {
      name: 'refundsAllowed',
      kind: 'flag',
      label: { ru: 'Разрешить возвраты по API', en: 'Allow refunds by API' },
    },
  ],
});
