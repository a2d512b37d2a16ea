import type { Language } from '@opora/kernel';
import type { World } from '../../world.ts';
import type { Checkout } from '../checkout-shell.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { exactSum, markup, type Markup } from '../page.ts';
import type { Bank } from './bank.ts';
import { readMessage, textOf } from '../exact-json.ts';
import type { Status } from './payment.ts';
import type { Receipt } from './receipt.ts';
import { REFUND_AMOUNTS, SAME_ORDER, SAVED_CHARGES } from './settings.ts';
import { decimal } from './till.ts';

type Worded = Readonly<Record<Language, string>>;

const STATUSES: Readonly<Record<Status, Worded>> = {
  NEW: { ru: 'новый', en: 'new' },
  FORM_SHOWED: { ru: 'форма открыта', en: 'form shown' },
  AUTHORIZED: { ru: 'удержан', en: 'held' },
  CONFIRMED: { ru: 'оплачен', en: 'confirmed' },
  REJECTED: { ru: 'банк отказал', en: 'rejected' },
  PARTIAL_REVERSED: { ru: 'часть разблокирована', en: 'partly reversed' },
  REVERSED: { ru: 'разблокирован', en: 'reversed' },
  PARTIAL_REFUNDED: { ru: 'возвращён частично', en: 'partly refunded' },
  REFUNDED: { ru: 'возвращён', en: 'refunded' },
  CANCELED: { ru: 'отменён', en: 'canceled' },
  DEADLINE_EXPIRED: { ru: 'срок истёк', en: 'expired' },
};
const REASONS: Readonly<Partial<Record<Status, Worded>>> = {
  REJECTED: { ru: 'На карте недостаточно денег.', en: 'There is not enough money on the card.' },
  CANCELED: { ru: 'Магазин отменил счёт.', en: 'The shop canceled the bill.' },
  REVERSED: { ru: 'Удержание снято.', en: 'The hold was released.' },
  DEADLINE_EXPIRED: { ru: 'Время на оплату истекло.', en: 'The time to pay is over.' },
};

/** The buyer's form: opening it is a fact this vendor remembers. */
export const checkoutOf = (world: World, bank: Bank): Checkout => ({
  vendor: 'tkassa',
  title: 'Т-Касса',
  shop: world.config.payments.tkassa.terminalKey,
  methods: [
    { id: 'card', label: { ru: 'Картой', en: 'By card' } },
    { id: 'sbp', label: { ru: 'Оплатить через СБП', en: 'Pay with SBP' } },
    { id: 'tpay', label: { ru: 'Оплатить через T-Pay', en: 'Pay with T-Pay' } },
  ],
  opened: ({ id }) => void bank.show(id),
  reason: ({ id }, language) => REASONS[bank.payment(id).status]?.[language],
  details({ id }, language) {
    const { receipt } = bank.payment(id);
    return receipt === undefined ? undefined : receiptLines(receipt, language);
  },
});

export const dashboardOf = (world: World, bank: Bank): Dashboard => ({
  title: 'Т-Касса',
  account: `TerminalKey ${world.config.payments.tkassa.terminalKey}`,
  statuses: STATUSES,
  notes({ id }, language) {
    const { receipt } = bank.payment(id);
    return receipt === undefined ? undefined : receiptLines(receipt, language);
  },
  notice({ body }) {
    const message = readMessage(Buffer.from(body)) ?? {};
    const [event = '', object = ''] = [textOf(message['Status']), textOf(message['PaymentId'])];
    return { event, object };
  },
  fields: [
    flag('receiptsRequired', 'Подключена касса: требовать чек', 'Cash register: require a receipt'),
    flag('dataInNotices', 'Data в уведомлениях', 'Data in notices'),
    flag('expiryNotices', 'Уведомлять об истёкшем сроке', 'Tell of a passed deadline'),
    flag('chargeAllowed', 'Разрешить Charge', 'Allow Charge'),
    {
      name: 'savedCharge',
      kind: SAVED_CHARGES,
      label: { ru: 'Списание с сохранённой карты', en: 'Charge of a saved card' },
    },
    {
      name: 'sameOrderId',
      kind: SAME_ORDER,
      label: { ru: 'Второй Init с тем же OrderId', en: 'A second Init with the same OrderId' },
    },
    {
      name: 'refundAmount',
      kind: REFUND_AMOUNTS,
      label: { ru: 'Amount в уведомлении о возврате', en: 'Amount of a refund notice' },
    },
  ],
});

const flag = (name: string, ru: string, en: string) =>
  ({ name, kind: 'flag', label: { ru, en } }) as const;

function receiptLines({ items, email, phone = '' }: Receipt, language: Language): Markup {
  const title = language === 'ru' ? 'Чек' : 'Receipt';
  const lines = items.map(({ name, quantity, amount, tax }) => {
    const sum = exactSum({ value: decimal(amount), currency: 'RUB' }, language);
    return markup`<li>${name} × ${String(quantity)}, ${sum}, ${tax}</li>`;
  });
  return markup`<details class="receipt"><summary>${title}</summary><ul>${lines}</ul>
<p class="muted small">${email ?? phone}</p></details>`;
}
