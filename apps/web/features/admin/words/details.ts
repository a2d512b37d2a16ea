import type { Language } from '@opora/kernel';
import type { TimelineEntry } from '@opora/contracts';
import { englishCount, russianCount } from '../../../shared/words/plural.ts';
import { age } from './age.ts';

type Kind = TimelineEntry['kind'];

const ruKinds: Record<Kind, string> = {
  created: 'Создан',
  sent: 'Отправлен',
  notice: 'Уведомление',
  refused: 'Отказано',
  asked: 'Спросили платёжную систему',
  authorised: 'Деньги придержаны',
  settled: 'Зачтён',
  posted: 'Проведён',
  granted: 'Срок начислен',
  delivered: 'Выдан',
  told: 'Сообщено',
  declined: 'Отклонён',
  expired: 'Истёк',
  refund_requested: 'Запрошен возврат',
  refunded: 'Возвращён',
  act: 'Действие сотрудника',
  failed: 'Ошибка',
  other: 'Событие',
};
const enKinds: Record<Kind, string> = {
  created: 'Created',
  sent: 'Sent',
  notice: 'Notice',
  refused: 'Refused',
  asked: 'Asked the provider',
  authorised: 'Authorised',
  settled: 'Settled',
  posted: 'Posted',
  granted: 'Granted',
  delivered: 'Delivered',
  told: 'Told',
  declined: 'Declined',
  expired: 'Expired',
  refund_requested: 'Refund requested',
  refunded: 'Refunded',
  act: 'Act of staff',
  failed: 'Failed',
  other: 'Event',
};

const ru = {
  timeline: 'Что происходило',
  kinds: ruKinds,
  repeats: (count: number) =>
    `и ${russianCount(count, { one: 'повтор', few: 'повтора', many: 'повторов' })} без последствий`,
  pause: (ms: number) => `пауза ${age(ms, 'ru')}`,
  raw: 'Как пришло',
  rawHeaders: 'Заголовки',
  rawBody: 'Тело',
  rawFrom: (address: string) => `с адреса ${address}`,
  payment: 'Платёж',
  order: 'Заказ',
  person: 'Человек',
  reference: 'Номер у платёжной системы',
  refunds: 'Возвраты',
  payments: 'Платежи',
  orders: 'Заказы',
  subscriptions: 'Подписки',
  messages: 'Сообщения',
  audit: 'Действия сотрудников',
  balances: 'Баланс',
  known: 'Известен с',
  language: 'Язык',
  languages: { ru: 'русский', en: 'английский' },
  botBlocked: 'Бот заблокирован',
  noBalance: 'пусто',
  nothing: 'Пока ничего.',
  channel: { telegram: 'Telegram', email: 'почта' },
  acts: 'Что можно сделать',
};

const en: typeof ru = {
  timeline: 'What happened',
  kinds: enKinds,
  repeats: (count: number) =>
    `and ${englishCount(count, { one: 'repeat', other: 'repeats' })} without effect`,
  pause: (ms: number) => `pause of ${age(ms, 'en')}`,
  raw: 'As it came',
  rawHeaders: 'Headers',
  rawBody: 'Body',
  rawFrom: (address: string) => `from ${address}`,
  payment: 'Payment',
  order: 'Order',
  person: 'Person',
  reference: 'Id at the provider',
  refunds: 'Refunds',
  payments: 'Payments',
  orders: 'Orders',
  subscriptions: 'Subscriptions',
  messages: 'Messages',
  audit: 'Acts of staff',
  balances: 'Balance',
  known: 'Known since',
  language: 'Language',
  languages: { ru: 'Russian', en: 'English' },
  botBlocked: 'The bot is blocked',
  noBalance: 'empty',
  nothing: 'Nothing yet.',
  channel: { telegram: 'Telegram', email: 'e-mail' },
  acts: 'What can be done',
};

export type DetailWords = typeof ru;
export const detailWords: Readonly<Record<Language, DetailWords>> = { ru, en };
