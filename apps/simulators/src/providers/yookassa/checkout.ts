import type { Checkout, Step } from '../checkout-shell.ts';
import type { Till } from '../till.ts';
import { bankPage, payForms, receiptLines, secureButton, TEST_CARDS } from './checkout-page.ts';
import { YOOKASSA_WORDS } from './checkout-words.ts';
import type { Shop } from './shop.ts';

/** The buyer's page of YooKassa: the common one with a card form and a step at the bank. */
export const checkoutOf = (shop: Shop, till: Till): Checkout => ({
  vendor: 'yookassa',
  title: 'ЮKassa',
  shop: shop.face.shopId,
  methods: [],
  payWith: (bill, view, { query }) =>
    payForms(bill, view, {
      asked: shop.payment(bill.id).methodType,
      cardUnknown: query.get('card') === 'unknown',
    }),
  more: (_bill, view) => secureButton(view),
  details({ id }, language) {
    const { receipt } = shop.payment(id);
    return receipt === undefined ? undefined : receiptLines(receipt, language);
  },
  reason({ id }, language) {
    const { cancelReason } = shop.payment(id);
    return cancelReason === undefined ? undefined : YOOKASSA_WORDS[language].reasons[cancelReason];
  },
  step: (name) => (name === 'bank' ? bankPage : undefined),
  press({ id }, fields): Step {
    const pressed = fields.get('act') ?? '';
    const number = (fields.get('number') ?? '').replace(/\s/g, '');
    const byCard = TEST_CARDS.find((card) => card.number.replaceAll(' ', '') === number)?.outcome;
    const what = pressed === 'card' ? byCard : pressed;
    if (what === undefined) return { card: 'unknown' };
    if (what === 'secure') return { step: 'bank' };
    if (what === 'sbp') shop.pay(id, 'sbp');
    else if (what === 'bank-fail') shop.decline(id, '3d_secure_failed');
    else if (what === 'pay' || what === 'decline') till.acts[what]?.(id, {});
    return { done: what };
  },
});
