import type { Language } from '@opora/kernel';

const ru = {
  sessions: 'Где вы вошли',
  sessionsLead: 'Не узнаёте вход? Завершите его: он перестанет действовать через секунду.',
  sessionFacts: (since: string, seen: string, address: string) =>
    `Вход ${since}, последнее действие ${seen}, адрес ${address}`,
  unknownBrowser: 'Неизвестный браузер',
  thisBrowser: 'Этот браузер',
  endSession: 'Завершить',
  endSessionOf: (name: string) => `Завершить вход: ${name}`,
  endSessionTitle: 'Завершить этот вход?',
  endSessionText: [
    'Там придётся войти заново.',
    'Подписка и подключённые устройства продолжат работать.',
  ],
  sessionEnded: 'Вход завершён',
  otherSessions: 'Все входы, кроме этого браузера',
  endOthers: 'Завершить все остальные',
  endOthersTitle: 'Завершить все остальные входы?',
  endOthersText: ['Этот браузер останется в кабинете.', 'Подписка продолжит работать.'],
  othersEnded: 'Остальные входы завершены',
  leaveThem: 'Оставить',
  notEnded: 'Не получилось завершить вход. Повторите через минуту.',
};

const en: typeof ru = {
  sessions: 'Where you are signed in',
  sessionsLead: 'A place you do not know? End it: it stops working within a second.',
  sessionFacts: (since, seen, address) =>
    `Signed in ${since}, last used ${seen}, address ${address}`,
  unknownBrowser: 'Unknown browser',
  thisBrowser: 'This browser',
  endSession: 'End',
  endSessionOf: (name) => `End the sign-in: ${name}`,
  endSessionTitle: 'End this sign-in?',
  endSessionText: [
    'Whoever uses it there has to sign in again.',
    'The subscription and connected devices keep working.',
  ],
  sessionEnded: 'The sign-in has ended',
  otherSessions: 'All sign-ins but this browser',
  endOthers: 'End all others',
  endOthersTitle: 'End all other sign-ins?',
  endOthersText: ['This browser stays signed in.', 'The subscription keeps working.'],
  othersEnded: 'The other sign-ins have ended',
  leaveThem: 'Keep',
  notEnded: 'The sign-in could not be ended. Try again in a minute.',
};

/** What the page about sign-ins says. */
export const sessionWords: Readonly<Record<Language, typeof ru>> = { ru, en };
