import type { Request } from '../../http.ts';
import type { Fate } from '../box.ts';

export type Language = 'ru' | 'en';

const EN = {
  title: 'Mailbox',
  simulated: 'Simulated mail',
  home: 'All simulators',
  faults: 'Faults of the mail server',
  searchHint: 'Part of an address',
  search: 'Search',
  to: 'To',
  from: 'From',
  subject: 'Subject',
  taken: 'Taken',
  state: 'State',
  total: 'in all',
  emptyTitle: 'No mail yet',
  emptyText: 'Whatever the platform sends by mail appears here, whoever it is for.',
  nothingFound: 'No mail to such an address.',
  noSubject: 'No subject',
  all: 'All mail',
  plain: 'Plain text',
  html: 'As a mail program shows it',
  noHtml: 'This mail has plain text only.',
  headers: 'Headers',
  acts: 'What becomes of it',
  actsText: 'The service reports it to the platform, signed.',
  addresses: 'Addresses with manners',
  addressesText: 'Mail to such an address is not simply taken. All others take mail.',
  address: 'Address',
  manner: 'What it does',
  set: 'Set',
  normal: 'Make ordinary',
  missing: 'There is no such mail',
  missingText: 'A thousand mails are kept; older ones are gone.',
  fates: {
    delivered: 'delivered',
    bounce: 'bounced',
    blocked: 'blocked for now',
    dropped: 'dropped',
    spamreport: 'marked as spam',
    unsubscribe: 'unsubscribed',
  },
  events: {
    bounce: 'Bounce it',
    blocked: 'Block it for now',
    spamreport: 'Mark as spam',
    unsubscribe: 'Unsubscribe',
  },
  manners: {
    refuse: 'refuses at once: nobody is there',
    bounce: 'bounces later: nobody is there',
    block: 'blocks for now',
    complain: 'takes it and marks it as spam',
  },
};

export type Words = typeof EN;

const RU: Words = {
  title: 'Почтовый ящик',
  simulated: 'Почта, имитация',
  home: 'Все симуляторы',
  faults: 'Сбои почтового сервера',
  searchHint: 'Часть адреса',
  search: 'Найти',
  to: 'Кому',
  from: 'От кого',
  subject: 'Тема',
  taken: 'Принято',
  state: 'Состояние',
  total: 'всего',
  emptyTitle: 'Писем пока нет',
  emptyText: 'Здесь появится всё, что платформа отправит почтой, кому бы оно ни шло.',
  nothingFound: 'На такой адрес писем нет.',
  noSubject: 'Без темы',
  all: 'Все письма',
  plain: 'Простой текст',
  html: 'Как покажет почтовая программа',
  noHtml: 'В этом письме только простой текст.',
  headers: 'Заголовки',
  acts: 'Что с ним станет',
  actsText: 'Сервис сообщит об этом платформе с подписью.',
  addresses: 'Адреса с нравом',
  addressesText: 'Такой адрес не просто принимает письма. Все остальные принимают.',
  address: 'Адрес',
  manner: 'Что делает',
  set: 'Задать',
  normal: 'Сделать обычным',
  missing: 'Такого письма нет',
  missingText: 'Хранится тысяча писем, более старых уже нет.',
  fates: {
    delivered: 'доставлено',
    bounce: 'вернулось',
    blocked: 'пока не принято',
    dropped: 'не отправлялось',
    spamreport: 'отмечено как спам',
    unsubscribe: 'отписка',
  },
  events: {
    bounce: 'Вернуть',
    blocked: 'Пока не принять',
    spamreport: 'Отметить как спам',
    unsubscribe: 'Отписаться',
  },
  manners: {
    refuse: 'отказывает сразу: никого нет',
    bounce: 'возвращает позже: никого нет',
    block: 'пока не принимает',
    complain: 'принимает и отмечает как спам',
  },
};

export const wordsOf = (language: Language): Words => (language === 'ru' ? RU : EN);

/** `?lang=` wins, then the browser's wish, then English. */
export function languageOf(request: Request): Language {
  const asked = request.query.get('lang') ?? new URLSearchParams(String(request.body)).get('lang');
  if (asked === 'ru' || asked === 'en') return asked;
  return /^ru\b/.test(request.headers['accept-language'] ?? '') ? 'ru' : 'en';
}

const TONES: Readonly<Record<Fate, 'good' | 'warn' | 'bad' | ''>> = {
  delivered: 'good',
  bounce: 'bad',
  blocked: 'warn',
  dropped: 'bad',
  spamreport: 'bad',
  unsubscribe: 'warn',
};

export function fateChip(fate: Fate, words: Words): string {
  return `<span class="chip ${TONES[fate]}">${words.fates[fate]}</span>`;
}

/** A day and a time of day in UTC, as people of the language write it. */
export function showTime(iso: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'medium',
    timeZone: 'UTC',
  });
  return `<time datetime="${iso}">${format.format(new Date(iso))} UTC</time>`;
}
