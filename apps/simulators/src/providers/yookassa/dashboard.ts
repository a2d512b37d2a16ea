import type { Language } from '@opora/kernel';
import { parseJson } from '../../http.ts';
import type { Dashboard } from '../dashboard-page.ts';
import { isFields } from '../fields.ts';
import { exactSum, markup, type Markup } from '../page.ts';
import { lineTotal } from './receipt.ts';
import { SAVED_CHARGES } from './settings.ts';
import type { Shop } from './shop.ts';

const WORDS = {
  ru: { income: 'магазину', registered: 'чек, позиций' },
  en: { income: 'to the shop', registered: 'receipt, lines' },
} as const;

/** What YooKassa adds to the common merchant's page: receipts, the fee, saved cards. */
export const dashboardOf = (shop: Shop): Dashboard => ({
  title: 'ЮKassa',
  account: `shopId ${shop.face.shopId}`,
  statuses: {
    pending: { ru: 'ждёт оплаты', en: 'pending' },
    waiting_for_capture: { ru: 'удержан', en: 'held' },
    succeeded: { ru: 'оплачен', en: 'succeeded' },
    canceled: { ru: 'отменён', en: 'canceled' },
  },
  notes: ({ id }, language) => notesOf(shop, id, language),
  notice({ body }) {
    const sent = parseJson(Buffer.from(body));
    const object = isFields(sent) && isFields(sent['object']) ? sent['object'] : {};
    return { event: isFields(sent) ? textOf(sent['event']) : '', object: textOf(object['id']) };
  },
  fields: [
    {
      name: 'feeBps',
      kind: 'number',
      label: { ru: 'Комиссия, сотые доли процента', en: 'Fee, hundredths of a percent' },
    },
    {
      name: 'savedCharge',
      kind: SAVED_CHARGES,
      label: { ru: 'Списание с сохранённой карты', en: 'Charge of a saved card' },
    },
    {
      name: 'autopayments',
      kind: 'flag',
      label: { ru: 'Автоплатежи разрешены', en: 'Automatic payments are allowed' },
    },
    {
      name: 'receiptsRequired',
      kind: 'flag',
      label: {
        ru: 'Требовать чек (54-ФЗ) в каждом платеже',
        en: 'Require a 54-FZ receipt in every payment',
      },
    },
  ],
});

function notesOf(shop: Shop, id: string, language: Language): Markup {
  const words = WORDS[language];
  const { receipt, income, cancelReason } = shop.payment(id);
  const note = (text: string): Markup => markup`<div class="muted small">${text}</div>`;
  return markup`${cancelReason && note(cancelReason)}
${income && note(`${words.income} ${exactSum(income, language)}`)}
${receipt && receiptNote(receipt, words.registered, language)}`;
}

function receiptNote(
  receipt: NonNullable<ReturnType<Shop['payment']>['receipt']>,
  title: string,
  language: Language,
): Markup {
  const lines = receipt.items.map((item) => {
    const sum = exactSum(lineTotal(item), language);
    const vat = `vat_code ${String(item.vatCode)}`;
    return markup`<div class="small">${item.description} × ${item.quantity}, ${sum}, ${vat}</div>`;
  });
  const { email, phone = '' } = receipt.customer;
  return markup`<details><summary>${title}: ${String(lines.length)}</summary>
${lines}<div class="muted small">${email ?? phone}</div></details>`;
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
