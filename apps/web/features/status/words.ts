import type { IncidentStep, StatusPart, StatusState } from '@opora/contracts';
import type { Language } from '@opora/kernel';
import { englishCount, russianCount } from '../../shared/words/plural.ts';

const ru = {
  title: 'Состояние',
  overall: {
    works: 'Всё работает',
    partly: 'Работает, но не всё как обычно',
    down: 'Есть неполадка, мы её чиним',
    unknown: 'Состояние проверяется',
  } satisfies Record<StatusState, string>,
  fine: 'Покупка, доступ и кабинет отвечают как обычно.',
  safe: 'Оплаченное не пропадает: деньги записаны, доступ выдаётся, как только всё поднимется.',
  parts: {
    buying: { name: 'Покупка', about: 'Тарифы и заказы на сайте' },
    bot: { name: 'Бот', about: 'Меню и сообщения в Telegram' },
    access: { name: 'Ваш доступ', about: 'Выдача и продление; подключённое продолжает работать' },
    signIn: { name: 'Вход', about: 'Пароль, код из письма, Telegram' },
    cabinet: { name: 'Кабинет', about: 'Подписки, платежи, устройства' },
  } satisfies Record<StatusPart, { name: string; about: string }>,
  ways: 'Способы оплаты',
  waysAbout: 'Если один отдыхает, остальные принимают деньги как обычно.',
  states: {
    works: 'работает',
    partly: 'работает частично',
    down: 'не работает',
    unknown: 'проверяется',
  } satisfies Record<StatusState, string>,
  rests: 'отдыхает',
  asOf: 'на',
  renews: 'обновляется само каждые 30 секунд',
  silent: 'Наблюдатель не отвечает',
  silentSafe: 'Страница открылась, значит сайт работает; остальное узнаем, когда он ответит.',
  stale: 'Ниже показано, что он видел в последний раз:',
  history: {
    ago: '90 дней назад',
    today: 'сегодня',
    ofDays30: (share: string) => `${share} за 30 дней`,
    ofDays90: (share: string) => `${share} за 90 дней`,
    since: 'Измеряем с',
    how: 'Считаем только время, когда наблюдатель смотрел сам; дни по UTC.',
    calm: (days: number) => `За ${russianDays(days)} измерений перерывов не было`,
    troubled: (lost: string, days: number) =>
      `Не работало ${lost}, дней с перерывами: ${String(days)}`,
    none: 'Измерений ещё нет',
    asTable: 'Дни с перерывами таблицей',
    day: 'День',
    lost: 'Не работало',
    partly: 'Работало частично',
    tones: { works: 'работало', partly: 'частично', down: 'не работало', none: 'не измеряли' },
  },
  told: {
    now: 'Сейчас',
    planned: 'Запланировано',
    everything: 'всё',
    touches: (what: string) => `Задето: ${what}`,
    steps: {
      investigating: 'Разбираемся',
      identified: 'Причина найдена',
      watching: 'Исправлено, наблюдаем',
      resolved: 'Исправлено',
    } satisfies Record<IncidentStep, string>,
    maintenance: { planned: 'Плановые работы', going: 'Идут плановые работы' },
    calm: {
      incident: (title: string) => `Мы знаем и чиним: ${title}`,
      maintenance: (title: string) => `Идут плановые работы: ${title}`,
    },
    more: 'Подробности',
  },
  past: {
    title: 'Что случалось',
    none: 'С начала измерений перерывов не было.',
    hit: (parts: string) => `Не работало: ${parts}`,
    lasts: 'идёт сейчас',
  },
  units: {
    hours: (count: string) => `${count}\u00a0ч`,
    minutes: (count: string) => `${count}\u00a0мин`,
    seconds: (count: string) => `${count}\u00a0с`,
  },
};

function russianDays(days: number): string {
  return russianCount(days, { one: 'день', few: 'дня', many: 'дней' });
}

const en: typeof ru = {
  title: 'Status',
  overall: {
    works: 'Everything works',
    partly: 'It works, but not all as usual',
    down: 'Something is wrong, and we are mending it',
    unknown: 'The state is being checked',
  },
  fine: 'Buying, access and your account answer as usual.',
  safe: 'Nothing paid for is lost: money is written down, access comes as soon as all is up.',
  parts: {
    buying: { name: 'Buying', about: 'Plans and orders on the site' },
    bot: { name: 'The bot', about: 'Menu and messages in Telegram' },
    access: {
      name: 'Your access',
      about: 'Giving and extending; what is connected goes on working',
    },
    signIn: { name: 'Sign in', about: 'Password, code by mail, Telegram' },
    cabinet: { name: 'Your account', about: 'Subscriptions, payments, devices' },
  },
  ways: 'Ways to pay',
  waysAbout: 'When one rests, the others take money as usual.',
  states: { works: 'works', partly: 'works in part', down: 'does not work', unknown: 'checking' },
  rests: 'rests',
  asOf: 'as of',
  renews: 'renews by itself every 30 seconds',
  silent: 'The monitor does not answer',
  silentSafe: 'This page opened, so the site works; the rest is known when it answers.',
  stale: 'Below is what it saw last:',
  history: {
    ago: '90 days ago',
    today: 'today',
    ofDays30: (share) => `${share} over 30 days`,
    ofDays90: (share) => `${share} over 90 days`,
    since: 'Measured since',
    how: 'Only time in which the monitor itself looked is counted; days are UTC.',
    calm: (days) =>
      `No interruption in ${englishCount(days, { one: 'day', other: 'days' })} of measuring`,
    troubled: (lost, days) => `Did not work for ${lost}, days with interruptions: ${String(days)}`,
    none: 'Nothing is measured yet',
    asTable: 'Days with interruptions as a table',
    day: 'Day',
    lost: 'Did not work',
    partly: 'Worked in part',
    tones: { works: 'worked', partly: 'in part', down: 'did not work', none: 'not measured' },
  },
  told: {
    now: 'Now',
    planned: 'Planned',
    everything: 'everything',
    touches: (what) => `Touches: ${what}`,
    steps: {
      investigating: 'Investigating',
      identified: 'Identified',
      watching: 'Mended, watching',
      resolved: 'Resolved',
    },
    maintenance: { planned: 'Planned work', going: 'Planned work goes on' },
    calm: {
      incident: (title) => `We know and are mending it: ${title}`,
      maintenance: (title) => `Planned work goes on: ${title}`,
    },
    more: 'Details',
  },
  past: {
    title: 'What happened',
    none: 'No interruption since measuring began.',
    hit: (parts) => `Did not work: ${parts}`,
    lasts: 'going on now',
  },
  units: {
    hours: (count) => `${count}\u00a0h`,
    minutes: (count) => `${count}\u00a0min`,
    seconds: (count) => `${count}\u00a0s`,
  },
};

export type StatusWords = typeof ru;
export const statusWords: Readonly<Record<Language, StatusWords>> = { ru, en };

/** `1 h 20 min`, `5 min`, `40 s`: two units at most. */
export function spanText(seconds: number, { units }: StatusWords): string {
  const whole = Math.round(seconds);
  const [h, min, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const parts = [
    h > 0 && units.hours(String(h)),
    min > 0 && units.minutes(String(min)),
    h === 0 && (s > 0 || min === 0) && units.seconds(String(s)),
  ];
  return parts.filter((part) => part !== false).join(' ');
}
