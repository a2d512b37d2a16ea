import type { Language } from '@opora/kernel';
import type { CancelReason, PaymentStatus } from './payment.ts';

type Words = Readonly<{
  rehearsal: string;
  shop: string;
  toPay: string;
  validUntil: string;
  receipt: string;
  receiptTo: string;
  card: string;
  cardNumber: string;
  cardExpiry: string;
  cardCode: string;
  pay: string;
  cards: Readonly<Record<'pay' | 'decline' | 'secure', string>>;
  cardUnknown: string;
  orBySbp: string;
  rehearse: string;
  rehearseHint: string;
  decline: string;
  declineHint: string;
  secure: string;
  secureHint: string;
  late: string;
  lateHint: string;
  lateNow: string;
  lateMinutes: (minutes: number) => string;
  again: string;
  againHint: string;
  payOther: string;
  bankAsks: string;
  bankHint: string;
  bankConfirm: string;
  bankFail: string;
  bankLeave: string;
  states: Readonly<Record<PaymentStatus, readonly [title: string, text: string]>>;
  reasons: Readonly<Record<CancelReason, string>>;
  promised: readonly [title: string, text: string];
  returning: string;
  returnToShop: string;
  backToPayment: string;
  unknown: string;
  otherLanguage: string;
}>;

const ru: Words = {
  rehearsal: 'Тестовый магазин: деньги не списываются',
  shop: 'Магазин',
  toPay: 'К оплате',
  validUntil: 'Счёт действует до',
  receipt: 'Чек',
  receiptTo: 'Чек придёт на',
  card: 'Банковская карта',
  cardNumber: 'Номер карты',
  cardExpiry: 'Срок, ММ/ГГ',
  cardCode: 'CVC',
  pay: 'Оплатить',
  cards: { pay: 'оплата проходит', decline: 'нет денег', secure: 'банк просит подтвердить' },
  cardUnknown: 'Это не тестовая карта. Деньги не списаны: введите одну из карт под полем номера.',
  orBySbp: 'Оплатить через СБП',
  rehearse: 'Другие исходы',
  rehearseHint: 'Каждая кнопка разыгрывает один исход сразу, без данных карты.',
  decline: 'Отказать: нет денег',
  declineHint: 'Банк отказывает, платёж отменён',
  secure: 'Подтвердить в банке (3-D Secure)',
  secureHint: 'Откроется страница банка',
  late: 'Оплатить после срока',
  lateHint: 'Покупатель платит, когда магазин уже закрыл заказ, а ссылка ещё работает.',
  lateNow: 'сейчас',
  lateMinutes: (minutes) => `через ${String(minutes)} мин`,
  again: 'Другие счета этого заказа',
  againHint: 'Магазин выставил ещё один счёт. Оплатите и его, чтобы заказ был оплачен дважды.',
  payOther: 'Оплатить и этот:',
  bankAsks: 'Банк просит подтвердить оплату',
  bankHint: 'На телефон отправлен код 1234. Здесь можно решить исход одной кнопкой.',
  bankConfirm: 'Подтвердить',
  bankFail: 'Не подтвердить',
  bankLeave: 'Уйти, не ответив',
  states: {
    pending: ['Оплата не завершена', 'Счёт ждёт оплаты. Деньги не списаны.'],
    waiting_for_capture: ['Деньги удержаны', 'Магазин подтвердит оплату или вернёт деньги.'],
    succeeded: ['Оплачено', 'Деньги получены, этот счёт закрыт. Платить ещё раз не нужно.'],
    canceled: ['Оплата не прошла', 'Деньги не списаны.'],
  },
  reasons: {
    insufficient_funds: 'На карте недостаточно денег.',
    '3d_secure_failed': 'Банк не получил подтверждения.',
    permission_revoked: 'Согласие на списания отозвано.',
    expired_on_confirmation: 'Время на оплату истекло.',
    expired_on_capture: 'Магазин не подтвердил оплату вовремя.',
    canceled_by_merchant: 'Магазин отменил оплату.',
  },
  promised: ['Оплата придёт позже', 'Деньги поступят'],
  returning: 'Через несколько секунд вернём вас в магазин.',
  returnToShop: 'Вернуться в магазин',
  backToPayment: 'Вернуться к оплате',
  unknown: 'Такого платежа нет. Проверьте ссылку или вернитесь в магазин и начните оплату снова.',
  otherLanguage: 'English',
};

const en: Words = {
  rehearsal: 'Test shop: no money is taken',
  shop: 'Shop',
  toPay: 'To pay',
  validUntil: 'The bill works until',
  receipt: 'Receipt',
  receiptTo: 'The receipt goes to',
  card: 'Bank card',
  cardNumber: 'Card number',
  cardExpiry: 'Expiry, MM/YY',
  cardCode: 'CVC',
  pay: 'Pay',
  cards: { pay: 'succeeds', decline: 'no money', secure: 'the bank asks to confirm' },
  cardUnknown: 'This is not a test card. You were not charged: use a card named under the number.',
  orBySbp: 'Pay with SBP',
  rehearse: 'Other outcomes',
  rehearseHint: 'Each button plays one outcome at once, without card details.',
  decline: 'Decline: no money',
  declineHint: 'The bank refuses, the payment is canceled',
  secure: 'Confirm at the bank (3-D Secure)',
  secureHint: 'Opens the page of the bank',
  late: 'Pay after the deadline',
  lateHint: 'The buyer pays when the shop has closed the order but the link still works.',
  lateNow: 'now',
  lateMinutes: (minutes) => `in ${String(minutes)} min`,
  again: 'Other bills of this order',
  againHint: 'The shop made one more bill. Pay it too, and the order is paid twice.',
  payOther: 'Pay this one too:',
  bankAsks: 'The bank asks you to confirm',
  bankHint: 'Code 1234 was sent to the phone. Here one button decides the outcome.',
  bankConfirm: 'Confirm',
  bankFail: 'Fail to confirm',
  bankLeave: 'Leave without an answer',
  states: {
    pending: ['The payment is not finished', 'The bill waits. You were not charged.'],
    waiting_for_capture: ['The money is held', 'The shop will take it or give it back.'],
    succeeded: ['Paid', 'The money has arrived and this bill is closed. No need to pay again.'],
    canceled: ['The payment did not go through', 'You were not charged.'],
  },
  reasons: {
    insufficient_funds: 'There is not enough money on the card.',
    '3d_secure_failed': 'The bank got no confirmation.',
    permission_revoked: 'The consent to charges was withdrawn.',
    expired_on_confirmation: 'The time to pay is over.',
    expired_on_capture: 'The shop did not confirm the payment in time.',
    canceled_by_merchant: 'The shop canceled the payment.',
  },
  promised: ['The payment comes later', 'The money arrives'],
  returning: 'We take you back to the shop in a few seconds.',
  returnToShop: 'Back to the shop',
  backToPayment: 'Back to the payment',
  unknown: 'There is no such payment. Check the link, or start again from the shop.',
  otherLanguage: 'Русский',
};

export const CHECKOUT_WORDS: Readonly<Record<Language, Words>> = { ru, en };
