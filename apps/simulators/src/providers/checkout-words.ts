import type { Language } from '@opora/kernel';
import type { BillState } from './till.ts';

type Titled = readonly [title: string, text: string];
type Words = Readonly<{
  rehearsal: string;
  shop: string;
  toPay: string;
  validUntil: string;
  pay: string;
  rehearse: string;
  rehearseHint: string;
  decline: Titled;
  abandon: Titled;
  twice: Titled;
  late: string;
  lateHint: string;
  lateNow: string;
  lateMinutes: (minutes: number) => string;
  other: string;
  otherHint: string;
  otherSum: string;
  again: string;
  againHint: string;
  payOther: string;
  states: Readonly<Record<BillState, Titled>>;
  declined: Titled;
  promised: Titled;
  refused: string;
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
  pay: 'Оплатить',
  rehearse: 'Другие исходы',
  rehearseHint: 'Каждая кнопка разыгрывает один исход сразу, без данных карты.',
  decline: ['Отказать: нет денег', 'Банк отказывает, деньги не списаны'],
  abandon: ['Уйти, не заплатив', 'Счёт остаётся открытым'],
  twice: ['Оплатить дважды', 'Деньги за один заказ придут два раза'],
  late: 'Оплатить после срока',
  lateHint: 'Покупатель платит, когда магазин уже закрыл заказ, а ссылка ещё работает.',
  lateNow: 'сейчас',
  lateMinutes: (minutes) => `через ${String(minutes)} мин`,
  other: 'Оплатить другую сумму',
  otherHint: 'Покупатель переводит больше или меньше, чем в счёте.',
  otherSum: 'Сумма',
  again: 'Другие счета этого заказа',
  againHint: 'Магазин выставил ещё один счёт. Оплатите и его, чтобы заказ был оплачен дважды.',
  payOther: 'Оплатить и этот:',
  states: {
    open: ['Оплата не завершена', 'Счёт ждёт оплаты. Деньги не списаны.'],
    held: ['Деньги удержаны', 'Магазин подтвердит оплату или вернёт деньги.'],
    paid: ['Оплачено', 'Деньги получены, этот счёт закрыт. Платить ещё раз не нужно.'],
    closed: ['Оплата не прошла', 'Деньги не списаны.'],
    disputed: ['Оплата оспорена', 'Банк разбирает спор, деньги пока заморожены.'],
  },
  declined: ['Банк отказал', 'Деньги не списаны. Можно попробовать ещё раз.'],
  promised: ['Оплата придёт позже', 'Деньги поступят'],
  refused: 'Не получилось, деньги не списаны:',
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
  pay: 'Pay',
  rehearse: 'Other outcomes',
  rehearseHint: 'Each button plays one outcome at once, without card details.',
  decline: ['Decline: no money', 'The bank refuses, you are not charged'],
  abandon: ['Leave without paying', 'The bill stays open'],
  twice: ['Pay twice', 'The money for one order arrives two times'],
  late: 'Pay after the deadline',
  lateHint: 'The buyer pays when the shop has closed the order but the link still works.',
  lateNow: 'now',
  lateMinutes: (minutes) => `in ${String(minutes)} min`,
  other: 'Pay another amount',
  otherHint: 'The buyer sends more or less than the bill says.',
  otherSum: 'Amount',
  again: 'Other bills of this order',
  againHint: 'The shop made one more bill. Pay it too, and the order is paid twice.',
  payOther: 'Pay this one too:',
  states: {
    open: ['The payment is not finished', 'The bill waits. You were not charged.'],
    held: ['The money is held', 'The shop will take it or give it back.'],
    paid: ['Paid', 'The money has arrived and this bill is closed. No need to pay again.'],
    closed: ['The payment did not go through', 'You were not charged.'],
    disputed: ['The payment is disputed', 'The bank looks into it; the money is locked for now.'],
  },
  declined: ['The bank declined', 'You were not charged. You can try again.'],
  promised: ['The payment comes later', 'The money arrives'],
  refused: 'This did not work, you were not charged:',
  returning: 'We take you back to the shop in a few seconds.',
  returnToShop: 'Back to the shop',
  backToPayment: 'Back to the payment',
  unknown: 'There is no such payment. Check the link, or start again from the shop.',
  otherLanguage: 'Русский',
};

export const CHECKOUT_WORDS: Readonly<Record<Language, Words>> = { ru, en };
