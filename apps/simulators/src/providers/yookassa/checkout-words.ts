import type { Language } from '@opora/kernel';
import type { CancelReason } from './payment.ts';

type Words = Readonly<{
  receipt: string;
  receiptTo: string;
  card: string;
  cardNumber: string;
  cardExpiry: string;
  cardCode: string;
  cards: Readonly<Record<'pay' | 'decline' | 'secure', string>>;
  cardUnknown: string;
  orBySbp: string;
  secure: string;
  secureHint: string;
  bankAsks: string;
  bankHint: string;
  bankConfirm: string;
  bankFail: string;
  bankLeave: string;
  reasons: Readonly<Record<CancelReason, string>>;
}>;

const ru: Words = {
  receipt: 'Чек',
  receiptTo: 'Чек придёт на',
  card: 'Банковская карта',
  cardNumber: 'Номер карты',
  cardExpiry: 'Срок, ММ/ГГ',
  cardCode: 'CVC',
  cards: { pay: 'оплата проходит', decline: 'нет денег', secure: 'банк просит подтвердить' },
  cardUnknown: 'Это не тестовая карта. Деньги не списаны: введите одну из карт под полем номера.',
  orBySbp: 'Оплатить через СБП',
  secure: 'Подтвердить в банке (3-D Secure)',
  secureHint: 'Откроется страница банка',
  bankAsks: 'Банк просит подтвердить оплату',
  bankHint: 'На телефон отправлен код 1234. Здесь можно решить исход одной кнопкой.',
  bankConfirm: 'Подтвердить',
  bankFail: 'Не подтвердить',
  bankLeave: 'Уйти, не ответив',
  reasons: {
    insufficient_funds: 'На карте недостаточно денег.',
    '3d_secure_failed': 'Банк не получил подтверждения.',
    card_expired: 'Срок действия карты истёк.',
    permission_revoked: 'Согласие на списания отозвано.',
    expired_on_confirmation: 'Время на оплату истекло.',
    expired_on_capture: 'Магазин не подтвердил оплату вовремя.',
    canceled_by_merchant: 'Магазин отменил оплату.',
  },
};

const en: Words = {
  receipt: 'Receipt',
  receiptTo: 'The receipt goes to',
  card: 'Bank card',
  cardNumber: 'Card number',
  cardExpiry: 'Expiry, MM/YY',
  cardCode: 'CVC',
  cards: { pay: 'succeeds', decline: 'no money', secure: 'the bank asks to confirm' },
  cardUnknown: 'This is not a test card. You were not charged: use a card named under the number.',
  orBySbp: 'Pay with SBP',
  secure: 'Confirm at the bank (3-D Secure)',
  secureHint: 'Opens the page of the bank',
  bankAsks: 'The bank asks you to confirm',
  bankHint: 'Code 1234 was sent to the phone. Here one button decides the outcome.',
  bankConfirm: 'Confirm',
  bankFail: 'Fail to confirm',
  bankLeave: 'Leave without an answer',
  reasons: {
    insufficient_funds: 'There is not enough money on the card.',
    '3d_secure_failed': 'The bank got no confirmation.',
    card_expired: 'The card has expired.',
    permission_revoked: 'The consent to charges was withdrawn.',
    expired_on_confirmation: 'The time to pay is over.',
    expired_on_capture: 'The shop did not confirm the payment in time.',
    canceled_by_merchant: 'The shop canceled the payment.',
  },
};

export const YOOKASSA_WORDS: Readonly<Record<Language, Words>> = { ru, en };
