import type { Language } from '@opora/kernel';
import type { ActName } from './till.ts';

type Words = Readonly<{
  title: string;
  about: string;
  home: string;
  otherLanguage: string;
  payments: string;
  none: string;
  noneYet: string;
  taken: string;
  returned: string;
  columns: Readonly<Record<'status' | 'sum' | 'payment' | 'created' | 'acts', string>>;
  ours: string;
  returnedPart: string;
  acts: Readonly<Partial<Record<ActName, string>>>;
  refundSum: string;
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
  repeats: string;
  save: string;
  refused: string;
}>;

const ru: Words = {
  title: 'кабинет магазина',
  about: 'Симулятор. Деньги ненастоящие, поведение как у платёжной системы.',
  home: 'Все симуляторы',
  otherLanguage: 'English',
  payments: 'Платежи',
  none: 'нет',
  noneYet: 'Пока пусто. Платежи появятся, когда магазин создаст первый.',
  taken: 'Получено',
  returned: 'Возвращено',
  columns: {
    status: 'Статус',
    sum: 'Сумма',
    payment: 'Платёж',
    created: 'Создан',
    acts: 'Действия',
  },
  ours: 'у магазина',
  returnedPart: 'возвращено',
  acts: {
    capture: 'Списать',
    cancel: 'Отменить',
    refund: 'Вернуть',
    dispute: 'Открыть спор',
    win: 'Спор выигран',
    lose: 'Спор проигран',
  },
  refundSum: 'Сумма возврата',
  open: 'Страница оплаты',
  older: 'Раньше',
  newest: 'К новым',
  notifications: 'Уведомления',
  event: 'Событие',
  object: 'Платёж',
  tries: 'Попыток',
  answers: 'Ответы',
  resend: 'Отправить ещё раз',
  deliveries: { waiting: 'в очереди', done: 'принято', 'given-up': 'не принято' },
  settings: 'Настройки',
  url: 'Адрес для уведомлений',
  repeats: 'Повторы уведомлений, мс через пробел',
  save: 'Сохранить настройки',
  refused: 'Не сделано, ничего не изменилось:',
};

const en: Words = {
  title: 'shop dashboard',
  about: 'A simulator. The money is not real, the behaviour is that of the payment service.',
  home: 'All simulators',
  otherLanguage: 'Русский',
  payments: 'Payments',
  none: 'none',
  noneYet: 'Nothing yet. Payments appear when the shop makes the first one.',
  taken: 'Taken',
  returned: 'Refunded',
  columns: {
    status: 'Status',
    sum: 'Sum',
    payment: 'Payment',
    created: 'Created',
    acts: 'Actions',
  },
  ours: 'at the shop',
  returnedPart: 'refunded',
  acts: {
    capture: 'Capture',
    cancel: 'Cancel',
    refund: 'Refund',
    dispute: 'Open a dispute',
    win: 'Dispute won',
    lose: 'Dispute lost',
  },
  refundSum: 'Sum to refund',
  open: 'Checkout page',
  older: 'Older',
  newest: 'Newest',
  notifications: 'Notifications',
  event: 'Event',
  object: 'Payment',
  tries: 'Tries',
  answers: 'Answers',
  resend: 'Send again',
  deliveries: { waiting: 'queued', done: 'accepted', 'given-up': 'not accepted' },
  settings: 'Settings',
  url: 'Notification address',
  repeats: 'Notification repeats, ms, separated by spaces',
  save: 'Save settings',
  refused: 'Not done, nothing changed:',
};

export const DASHBOARD_WORDS: Readonly<Record<Language, Words>> = { ru, en };
