import type { Language } from '@opora/kernel';

const ru = {
  title: 'Ключи API',
  lead: 'Ключ даёт программе те права, что вы отметите, и ни на что важное их не хватит: деньги, права и выгрузки ключу закрыты.',
  none: 'Ключей пока нет.',
  add: 'Создать ключ',
  make: 'Создать',
  name: 'Название',
  nameHint: 'Для чего ключ: «Отчёт для бухгалтера»',
  days: 'Действует, дней',
  daysHint: 'От 1 до 365',
  networks: 'С каких адресов',
  networksHint: 'Адреса или сети через пробел: 192.0.2.7 198.51.100.0/24. Пусто: с любых',
  networksWrong:
    'Каждый адрес вида 192.0.2.7, сеть вида 192.0.2.0/24 или 2001:db8::/32, не больше 16',
  from: 'только с',
  anywhere: 'с любых адресов',
  bind: 'Адреса…',
  bound: 'Адреса ключа изменены',
  scopes: 'Что ему можно',
  own: 'Читать мои подписки, платежи и баланс',
  shownOnce: 'Ключ виден один раз',
  keepIt: 'Скопируйте его сейчас: у нас остаётся только отпечаток.',
  key: 'Ключ API',
  ready: 'Я сохранил ключ',
  copy: {
    copy: 'Скопировать',
    copied: 'Скопировано',
    byHand: 'Ключ выделен: скопируйте его вручную',
  },
  until: 'до',
  used: 'последний вызов',
  neverUsed: 'ещё не вызывали',
  removed: 'Ключ отозван',
  failed: 'Не получилось. Повторите через минуту.',
  keep: 'Оставить',
  remove: {
    of: 'Отозвать',
    title: 'Отозвать ключ?',
    text: ['Программа с этим ключом перестанет работать за секунду.', 'Вернуть его нельзя.'],
  },
};

const en: typeof ru = {
  title: 'API keys',
  lead: 'A key gives a program the rights you mark, and none of weight: money, rights and exports are closed to keys.',
  none: 'There are no keys yet.',
  add: 'Make a key',
  make: 'Make the key',
  name: 'Name',
  nameHint: 'What it is for: “Figures for the bookkeeper”',
  days: 'Lives for, days',
  daysHint: 'From 1 to 365',
  networks: 'From which addresses',
  networksHint: 'Addresses or networks with blanks between: 192.0.2.7 198.51.100.0/24. Empty: any',
  networksWrong:
    'Each address like 192.0.2.7, each network like 192.0.2.0/24 or 2001:db8::/32, at most 16',
  from: 'only from',
  anywhere: 'from any address',
  bind: 'Addresses…',
  bound: 'The addresses of the key are changed',
  scopes: 'What it may do',
  own: 'Read my subscriptions, payments and balance',
  shownOnce: 'The key is shown once',
  keepIt: 'Copy it now: we keep a fingerprint of it and nothing else.',
  key: 'API key',
  ready: 'I have kept the key',
  copy: {
    copy: 'Copy',
    copied: 'Copied',
    byHand: 'The key is selected: copy it yourself',
  },
  until: 'until',
  used: 'last call',
  neverUsed: 'never called',
  removed: 'The key is revoked',
  failed: 'This did not work. Try again in a minute.',
  keep: 'Keep',
  remove: {
    of: 'Revoke',
    title: 'Revoke the key?',
    text: [
      'The program with this key stops working within a second.',
      'It cannot be brought back.',
    ],
  },
};

export type KeyWords = typeof ru;

/** What is said about API keys, to customers and to staff. */
export const keyWords: Readonly<Record<Language, KeyWords>> = { ru, en };
