import type { Request } from '../../http.ts';
import type { Status } from '../user.ts';

export type Language = 'ru' | 'en';

const EN = {
  title: 'Users of the panel',
  simulated: 'Simulated Remnawave panel',
  version: 'Plays version',
  install: 'Install',
  search: 'Search',
  searchHint: 'Name or short id',
  user: 'User',
  status: 'Status',
  expires: 'Access until',
  traffic: 'Traffic',
  devices: 'Devices',
  link: 'Link',
  open: 'Open',
  earlier: 'Newer',
  later: 'Older',
  emptyTitle: 'No users yet',
  emptyText: 'A user appears here when the platform creates one after a purchase.',
  nothingFound: 'Nobody matches this search.',
  unlimited: 'no limit',
  total: 'in all',
  subscription: 'Your subscription',
  explain: 'This is your subscription. Add it to your app and the servers appear there.',
  daysLeft: 'Days left',
  copy: 'Copy the link',
  copied: 'Copied',
  address: 'Subscription link',
  stepInstall: 'Install an app that understands subscriptions, for example Happ or v2rayNG.',
  stepAdd: 'Copy the link above and choose “Add from clipboard” in the app.',
  stepConnect: 'Choose a server and switch the connection on.',
  how: 'How to connect',
  servers: 'Servers in this subscription',
  missing: 'There is no such subscription',
  missingText: 'The link may have been replaced by a new one. Take the current link from the bot.',
  allUsers: 'All users of the panel',
  statuses: {
    ACTIVE: 'Active',
    DISABLED: 'Disabled',
    LIMITED: 'Traffic used up',
    EXPIRED: 'Expired',
  },
};

export type Words = typeof EN;

const RU: Words = {
  title: 'Пользователи панели',
  simulated: 'Панель Remnawave, имитация',
  version: 'Играет версию',
  install: 'Поставить',
  search: 'Найти',
  searchHint: 'Имя или короткий код',
  user: 'Пользователь',
  status: 'Состояние',
  expires: 'Доступ до',
  traffic: 'Трафик',
  devices: 'Устройства',
  link: 'Ссылка',
  open: 'Открыть',
  earlier: 'Новее',
  later: 'Раньше',
  emptyTitle: 'Пользователей пока нет',
  emptyText: 'Пользователь появится здесь, когда платформа создаст его после покупки.',
  nothingFound: 'Никто не подходит под этот поиск.',
  unlimited: 'без предела',
  total: 'всего',
  subscription: 'Ваша подписка',
  explain: 'Это ваша подписка. Добавьте её в приложение, и в нём появятся серверы.',
  daysLeft: 'Осталось дней',
  copy: 'Скопировать ссылку',
  copied: 'Скопировано',
  address: 'Ссылка подписки',
  stepInstall: 'Установите приложение, которое понимает подписки, например Happ или v2rayNG.',
  stepAdd: 'Скопируйте ссылку выше и выберите в приложении «Добавить из буфера».',
  stepConnect: 'Выберите сервер и включите соединение.',
  how: 'Как подключиться',
  servers: 'Серверы в этой подписке',
  missing: 'Такой подписки нет',
  missingText: 'Возможно, ссылку заменили на новую. Возьмите текущую ссылку в боте.',
  allUsers: 'Все пользователи панели',
  statuses: {
    ACTIVE: 'Действует',
    DISABLED: 'Отключено',
    LIMITED: 'Трафик исчерпан',
    EXPIRED: 'Срок истёк',
  },
};

export const wordsOf = (language: Language): Words => (language === 'ru' ? RU : EN);

/** `?lang=` wins, then the browser's wish, then English. */
export function languageOf(request: Request): Language {
  const asked = request.query.get('lang');
  if (asked === 'ru' || asked === 'en') return asked;
  return /^ru\b/.test(request.headers['accept-language'] ?? '') ? 'ru' : 'en';
}

/** The tone of a status chip; the word stands beside it, so colour is never alone. */
export const TONES: Readonly<Record<Status, 'good' | 'warn' | 'bad' | ''>> = {
  ACTIVE: 'good',
  LIMITED: 'warn',
  EXPIRED: 'bad',
  DISABLED: '',
};

const SIGNS: Readonly<Record<Status, string>> = {
  ACTIVE: '●',
  LIMITED: '▲',
  EXPIRED: '✕',
  DISABLED: '■',
};

export function statusChip(status: Status, words: Words): string {
  const sign = `<span aria-hidden="true">${SIGNS[status]}</span>`;
  return `<span class="chip ${TONES[status]}">${sign}${words.statuses[status]}</span>`;
}

/** A day and a time of day in UTC, as people of the language write it. */
export function showDate(date: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language === 'ru' ? 'ru-RU' : 'en-GB', {
    dateStyle: 'medium',
    timeStyle: 'short',
    timeZone: 'UTC',
  });
  return `<time datetime="${date}">${format.format(new Date(date))} UTC</time>`;
}
