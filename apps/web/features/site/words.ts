import type { Language } from '@opora/kernel';

const ru = {
  platform: 'Опора',
  skip: 'Перейти к содержанию',
  home: 'На главную',
  nav: 'Разделы страницы',
  plans: 'Тарифы',
  questions: 'Вопросы',
  status: 'Состояние',
  language: 'Язык',
  languages: { ru: 'Русский', en: 'English' },
  theme: 'Оформление',
  themes: { system: 'Как в системе', light: 'Светлое', dark: 'Тёмное' },
  account: 'Войти',
  support: 'Написать в поддержку',
  environments: {
    development: 'Разработка: деньги и доступ здесь не настоящие',
    staging: 'Проверка: деньги и доступ здесь не настоящие',
  },
  retry: 'Повторить',
  requestId: 'Номер для поддержки',
  notFound: 'Такой страницы нет',
  notFoundText: 'Возможно, адрес набран с ошибкой или страницу перенесли.',
  broken: 'Страница не открылась',
  brokenSafe: 'Ваш доступ и деньги в сохранности.',
};

const en: typeof ru = {
  platform: 'Opora',
  skip: 'Skip to content',
  home: 'To the home page',
  nav: 'Sections of the page',
  plans: 'Plans',
  questions: 'Questions',
  status: 'Status',
  language: 'Language',
  languages: { ru: 'Русский', en: 'English' },
  theme: 'Appearance',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  account: 'Sign in',
  support: 'Write to support',
  environments: {
    development: 'Development: money and access here are not real',
    staging: 'Staging: money and access here are not real',
  },
  retry: 'Try again',
  requestId: 'Number for support',
  notFound: 'There is no such page',
  notFoundText: 'The address may be mistyped, or the page has moved.',
  broken: 'The page did not open',
  brokenSafe: 'Your access and money are safe.',
};

export type SiteWords = typeof ru;
export const siteWords: Readonly<Record<Language, SiteWords>> = { ru, en };
