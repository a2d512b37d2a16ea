import type { IncidentStep, Touches } from '@opora/contracts';
import type { Language } from '@opora/kernel';

const ru = {
  title: 'Что сказано покупателям',
  why: 'Стоит на странице состояния; пока идёт, видно одной строкой на сайте, в кабинете и в боте.',
  none: 'Сейчас ничего не сказано.',
  fields: {
    touches: 'Что задето',
    titleRu: 'Коротко по-русски',
    titleEn: 'Коротко по-английски',
    textRu: 'Текст по-русски',
    textEn: 'Текст по-английски',
    step: 'Что сейчас',
    from: 'С (UTC)',
    to: 'До (UTC)',
  },
  touches: {
    all: 'всё',
    buying: 'покупка',
    bot: 'бот',
    access: 'доступ',
    signIn: 'вход',
    cabinet: 'кабинет',
  } satisfies Record<Touches, string>,
  steps: {
    investigating: 'разбираемся',
    identified: 'причина найдена',
    watching: 'исправлено, смотрим',
    resolved: 'закрыто',
  } satisfies Record<IncidentStep, string>,
  columns: { what: 'Сказано', when: 'Когда', state: 'Состояние', act: 'Действие' },
  standings: { planned: 'запланировано', going: 'идёт', over: 'завершено' },
};

const en: typeof ru = {
  title: 'Told to customers',
  why: 'Stands on the status page; while it goes on, one line on the site, in the account and in the bot.',
  none: 'Nothing is told now.',
  fields: {
    touches: 'What it touches',
    titleRu: 'In short, in Russian',
    titleEn: 'In short, in English',
    textRu: 'Text in Russian',
    textEn: 'Text in English',
    step: 'How far',
    from: 'From (UTC)',
    to: 'To (UTC)',
  },
  touches: {
    all: 'everything',
    buying: 'buying',
    bot: 'the bot',
    access: 'access',
    signIn: 'sign in',
    cabinet: 'the account',
  },
  steps: {
    investigating: 'investigating',
    identified: 'identified',
    watching: 'mended, watching',
    resolved: 'resolved',
  },
  columns: { what: 'Told', when: 'When', state: 'State', act: 'Act' },
  standings: { planned: 'planned', going: 'going on', over: 'over' },
};

export const announcementWords: Readonly<Record<Language, typeof ru>> = { ru, en };
