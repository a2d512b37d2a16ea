import type { Language } from '@opora/kernel';
import type { PaymentStatus } from './payment.ts';

type Words = Readonly<{
  title: string;
  about: string;
  home: string;
  otherLanguage: string;
  payments: string;
  none: string;
  noneYet: string;
  captured: string;
  refunded: string;
  columns: Readonly<Record<'status' | 'sum' | 'payment' | 'created' | 'receipt' | 'acts', string>>;
  states: Readonly<Record<PaymentStatus, string>>;
  order: string;
  registered: string;
  refundedPart: string;
  income: string;
  refund: string;
  refundSum: string;
  capture: string;
  cancel: string;
  open: string;
  older: string;
  newest: string;
  notifications: string;
  event: string;
  object: string;
  tries: string;
  answers: string;
  resend: string;
  deliveries: Readonly<Record<'waiting' | 'done' | 'given-up', string>>;
  settings: string;
  url: string;
  receipts: string;
  fee: string;
  repeats: string;
  savedCharge: string;
  save: string;
  refused: string;
}>;

const ru: Words = {
  title: 'ЮKassa: кабинет магазина',
  about: 'Симулятор. Деньги ненастоящие, поведение как у платёжной системы.',
  home: 'Все симуляторы',
  otherLanguage: 'English',
  payments: 'Платежи',
  none: 'нет',
  noneYet: 'Пока пусто. Платежи появятся, когда магазин создаст первый через API.',
  captured: 'Получено',
  refunded: 'Возвращено',
  columns: {
    status: 'Статус',
    sum: 'Сумма',
    payment: 'Платёж',
    created: 'Создан',
    receipt: 'Чек',
    acts: 'Действия',
  },
  states: {
    pending: 'ждёт оплаты',
    waiting_for_capture: 'удержан',
    succeeded: 'оплачен',
    canceled: 'отменён',
  },
  order: 'заказ',
  registered: 'позиций',
  refundedPart: 'возвращено',
  income: 'магазину',
  refund: 'Вернуть',
  refundSum: 'Сумма возврата',
  capture: 'Списать',
  cancel: 'Отменить платёж',
  open: 'Страница оплаты',
  older: 'Раньше',
  newest: 'К новым',
  notifications: 'Уведомления',
  event: 'Событие',
  object: 'Объект',
  tries: 'Попыток',
  answers: 'Ответы',
  resend: 'Отправить ещё раз',
  deliveries: { waiting: 'в очереди', done: 'принято', 'given-up': 'не принято' },
  settings: 'Настройки',
  url: 'Адрес для уведомлений',
  receipts: 'Требовать чек (54-ФЗ) в каждом платеже',
  fee: 'Комиссия, сотые доли процента',
  repeats: 'Повторы уведомлений, мс через пробел',
  savedCharge: 'Списание с сохранённой карты',
  save: 'Сохранить настройки',
  refused: 'Не сделано, ничего не изменилось:',
};

const en: Words = {
  title: 'YooKassa: shop dashboard',
  about: 'A simulator. The money is not real, the behaviour is that of the payment service.',
  home: 'All simulators',
  otherLanguage: 'Русский',
  payments: 'Payments',
  none: 'none',
  noneYet: 'Nothing yet. Payments appear when the shop makes the first one by API.',
  captured: 'Captured',
  refunded: 'Refunded',
  columns: {
    status: 'Status',
    sum: 'Sum',
    payment: 'Payment',
    created: 'Created',
    receipt: 'Receipt',
    acts: 'Actions',
  },
  states: {
    pending: 'pending',
    waiting_for_capture: 'held',
    succeeded: 'succeeded',
    canceled: 'canceled',
  },
  order: 'order',
  registered: 'lines',
  refundedPart: 'refunded',
  income: 'to the shop',
  refund: 'Refund',
  refundSum: 'Sum to refund',
  capture: 'Capture',
  cancel: 'Cancel payment',
  open: 'Checkout page',
  older: 'Older',
  newest: 'Newest',
  notifications: 'Notifications',
  event: 'Event',
  object: 'Object',
  tries: 'Tries',
  answers: 'Answers',
  resend: 'Send again',
  deliveries: { waiting: 'queued', done: 'accepted', 'given-up': 'not accepted' },
  settings: 'Settings',
  url: 'Notification address',
  receipts: 'Require a 54-FZ receipt in every payment',
  fee: 'Fee, hundredths of a percent',
  repeats: 'Notification repeats, ms, separated by spaces',
  savedCharge: 'Charge of a saved card',
  save: 'Save settings',
  refused: 'Not done, nothing changed:',
};

export const DASHBOARD_WORDS: Readonly<Record<Language, Words>> = { ru, en };
